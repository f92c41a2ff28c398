/** What keys and gestures do, as the sheet tells it. Whoever adds a shortcut adds a line here. */

/** Keys as printed on them, and what they do. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly does: string;
}

/** Shortcuts that belong together. */
export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    title: "Anywhere",
    shortcuts: [
      { keys: ["Space"], does: "play or stop; while a track is listened to, stop it" },
      { keys: ["Shift+Space"], does: "stop with the bar; again: play on" },
      { keys: ["!"], does: "panic: end every note, here and on every MIDI port" },
      { keys: ["Ctrl+Z"], does: "undo the newest decision; with Shift redo it" },
      { keys: ["N"], does: "another continuation than what is planned" },
      { keys: ["R"], does: "repeat the bars that sound; again: let them go" },
      { keys: ["B"], does: "keep the bars that sound among the chart's marks" },
      { keys: ["C"], does: "have what you played in your last bars go round" },
      { keys: ["V", "1–4"], does: "four ways to go on; take one of them" },
      { keys: ["M"], does: "learn a controller: choose a control, then move yours; Esc ends it" },
      { keys: ["?"], does: "this sheet" },
      { keys: ["Tab"], does: "to the next group of controls; a strip is one stop" },
    ],
  },
  {
    title: "While you play an instrument",
    shortcuts: [
      { keys: ["A–;"], does: "its white keys; the row above, the black ones" },
      { keys: ["Z", "X"], does: "an octave lower, higher" },
    ],
  },
  {
    title: "In a strip",
    shortcuts: [
      { keys: ["←", "→"], does: "to the control beside" },
      { keys: ["↑", "↓"], does: "turn level or pan" },
    ],
  },
  {
    title: "On the chart",
    shortcuts: [
      {
        keys: ["Enter"],
        does: "in the progression: play it from the next bar on; Esc gives it up",
      },
      { keys: ["←", "→"], does: "on a row: to the bar before or after" },
      { keys: ["↑", "↓"], does: "on a curve: raise or lower this bar" },
      { keys: ["Enter"], does: "on who plays: let the painted instrument play or rest" },
      { keys: ["Delete"], does: "give the bar back to the arranger; on a mark, take it away" },
    ],
  },
  {
    title: "On a bank",
    shortcuts: [
      {
        keys: ["Enter"],
        does: "bring it back at the next bar; keep what stands now where it is empty",
      },
      { keys: ["Shift+Enter"], does: "keep what stands now in its place" },
      { keys: ["Delete"], does: "empty it" },
    ],
  },
  {
    title: "On a dial, a fader or the tempo",
    shortcuts: [
      { keys: ["↑", "↓"], does: "turn; with Shift finely; Page Up and Page Down in leaps" },
      { keys: ["Wheel"], does: "turn while the pointer is over it; with Shift finely" },
      { keys: ["Home", "End"], does: "to its ends" },
      { keys: ["Delete"], does: "back to the usual value, as a double click does" },
      { keys: ["0–9", "Enter"], does: "type a value; a right click or a long press does it too" },
      { keys: ["Esc"], does: "give up what was typed" },
    ],
  },
];
