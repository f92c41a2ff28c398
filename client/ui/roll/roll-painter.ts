/**
 * Draws one frame of the roll. Notes of one colour and one state go into one path, so a frame costs
 * some forty fills however many notes there are; only what is in view is looked at.
 */
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { MAX_DURATION } from "#music/tokens/vocabulary.ts";
import type { Timeline } from "../surface-model.ts";
import { INSTRUMENT_COLOURS } from "../theme.ts";
import { paintGhosts } from "./roll-ghosts.ts";
import { paintGrid, paintPlayhead } from "./roll-grid.ts";
import type { RollScene } from "./roll-scene.ts";
import { addBar, addDot, dotRadius } from "./roll-shapes.ts";

/** How a note looks, from its place in time. */
export type NoteState = "past" | "sounding" | "committed" | "planned";

const STATES: readonly NoteState[] = ["past", "planned", "committed", "sounding"];

/** Opacity of a filled note, 0-1, in each state. */
const FILL: Readonly<Record<NoteState, number>> = {
  past: 0.42,
  sounding: 1,
  committed: 1,
  planned: 0.13,
};

/** Opacity of what is not heard, relative to what is. */
const SILENT = 0.28;

/** Steps by which a note sounds later or earlier than it is written, at most. */
const MOST_MOVED = 4;

/** The state of a note, given where the music stands. @param sounding the note as it is played */
export function stateOf(note: Note, timeline: Timeline, sounding: Note = note): NoteState {
  if (note.onset >= timeline.committedStep) return "planned";
  if (sounding.onset > timeline.step) return "committed";
  return sounding.onset + sounding.duration > timeline.step ? "sounding" : "past";
}

/** Paints a whole frame over whatever the canvas held. */
export function paintRoll(context: CanvasRenderingContext2D, scene: RollScene): void {
  const { view } = scene;
  paintGrid(context, scene);
  context.save();
  context.beginPath();
  context.rect(view.left, view.top, view.width - view.left, view.height - view.top);
  context.clip();
  paintNotes(context, scene);
  paintGhosts(context, scene);
  context.restore();
  paintPlayhead(context, scene);
}

function paintNotes(context: CanvasRenderingContext2D, scene: RollScene): void {
  const paths = notePaths(scene);
  for (const state of STATES) {
    for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++) {
      const path = paths.get(pathKey(state, instrument));
      if (path === undefined) continue;
      const heard = scene.audible[instrument] ? 1 : SILENT;
      context.fillStyle = INSTRUMENT_COLOURS[instrument];
      context.globalAlpha = FILL[state] * heard;
      context.fill(path);
      if (state === "planned" || state === "sounding") {
        context.strokeStyle = state === "planned" ? INSTRUMENT_COLOURS[instrument] : "#ffffff";
        context.globalAlpha = 0.75 * heard;
        context.lineWidth = 1.2;
        context.stroke(path);
      }
    }
  }
  context.globalAlpha = 1;
}

const pathKey = (state: NoteState, instrument: number): number =>
  STATES.indexOf(state) * INSTRUMENTS.length + instrument;

function notePaths({ view, notes, timeline, soundingOf }: RollScene): Map<number, Path2D> {
  const paths = new Map<number, Path2D>();
  const end = view.lastStep;
  const dot = dotRadius(view);
  const first = firstFrom(notes, view.firstStep - MAX_DURATION - MOST_MOVED);
  for (let index = first; index < notes.length; index++) {
    const written = notes[index];
    if (written.onset > end + MOST_MOVED) break;
    const note = soundingOf(written);
    if (note.onset > end || note.onset + note.duration < view.firstStep) continue;
    const key = pathKey(stateOf(written, timeline, note), note.instrument);
    let path = paths.get(key);
    if (path === undefined) {
      path = new Path2D();
      paths.set(key, path);
    }
    if (note.instrument === DRUMS) addDot(path, view, note, dot);
    else addBar(path, view, note);
  }
  return paths;
}

/** Index of the first note whose onset is at least `step`. */
function firstFrom(notes: readonly Note[], step: number): number {
  let low = 0;
  let high = notes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notes[middle].onset < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
