/** Every remark in English. Another language is another file like this one, which its type keeps complete. */
import type { Sentences } from "./sentences.ts";

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

export const ENGLISH: Sentences = {
  sentence: ({ sentence }) => sentence,
  "composing-first-bars": () => "Composing the first bars.",
  gathering: ({ realTimeFactor, ahead, aheadWanted }) =>
    `This machine composes ${realTimeFactor.toFixed(1)} s of music a second; ` +
    `${aheadWanted.toFixed(0)} s are gathered first so that the music does not stop: ` +
    `${ahead.toFixed(0)} s so far.`,
  "heard-later": ({ seconds }) =>
    `This machine composes slowly and keeps what it has: the change is heard in ${seconds.toFixed(0)} s.`,
  "band-thinned": () =>
    "This machine composes slowly, so the band plays fewer notes than it would; a lower tempo lets it play more.",
  "plays-synthesised": ({ instruments, of, reason }, say) => {
    const all = instruments.length === of;
    const who = all ? "All twelve instruments" : list(instruments);
    return `${who} ${instruments.length === 1 ? "plays" : "play"} synthesised. ${say(reason)}`;
  },
  "unknown-backend": ({ name }) => `There is no backend named ${name}.`,
  "no-webgpu": () =>
    "This browser has no WebGPU (or the page is not on https or localhost), so the CPU runs the model.",
  "no-graphics-adapter": () => "WebGPU finds no graphics adapter, so the CPU runs the model.",
  "webgpu-emulated": () => "WebGPU is only emulated here, so the CPU runs the model.",
  "no-simd": () =>
    "WebAssembly has no SIMD here, so the model runs several times slower; a newer browser has it.",
  "device-replaced": ({ backend }) =>
    backend === "webgpu"
      ? "The graphics device was lost; it was opened again and plays on."
      : "The graphics device was lost; the CPU plays on.",
  "device-lost": ({ reason }, say) =>
    `The graphics device was lost, and nothing else runs the model (${say(reason)}); reload the page.`,
  "kept-copy-broken": ({ file }) => `The kept copy of ${file} was broken and was fetched again.`,
  "kept-model": () =>
    "The server does not answer; the model plays from the copy that this browser keeps.",
  "nothing-given": ({ id }) =>
    `The model ${id} counts milliseconds and no bars, so nothing goes round, comes back or is frozen while it plays: ` +
    "open the page with another model for that.",
  "weights-not-kept": ({ reason }) =>
    `The browser did not keep the weights for the next visit (${reason}).`,
  "settings-not-kept": () =>
    "This browser keeps nothing for the page, so settings are gone after a reload: allow storage for it.",
  "storage-full": () =>
    "The browser's storage for this page is full, so what is new is not kept: download the tracks and takes you want to have and throw " +
    "some away under Compose, or empty banks and delete marks; it is tried again.",
  "thread-broken": ({ reason }) =>
    `The composing thread ${reason === "" ? "could not be loaded" : `broke (${reason})`}; reload the page.`,
  "model-not-loaded": () => "The model is not loaded yet; wait.",
  "outputs-unnamed": () =>
    "The browser does not say which outputs there are: allow this page the microphone, which covers their names and is let go of at once, then ask again.",
  "no-web-audio": () => "This browser has no Web Audio: use a current one.",
  "sound-taken-away": () =>
    "Sound interrupted: click or press any key. The system has taken it; the music goes on where it stopped.",
  "sound-hangs": () =>
    "The sound does not start: check which output this machine plays through, then press Play again.",
  "plays-elsewhere": () =>
    "Cadenza plays in another tab: press Play once more to play here and stop it there.",
  "stage-taken": () => "Another tab has begun to play, so this one has stopped.",
  "take-kept": ({ name }) => `What was played is kept as ${name}, under Compose.`,
  "link-composing": () =>
    "The performance of this link is composed once more, by its seed and its orders.",
  "link-composed": ({ name }) =>
    `The performance of the link is ${name}, under Compose: listen to it there, or go on after it here.`,
  "link-differs": ({ name }) =>
    `This machine composes the link's performance otherwise than the one it comes from: ${name}, under Compose, is what it made of it.`,
  "link-too-long": ({ length, most }) =>
    `This performance would make a link of ${length} characters, and more than ${most} are often cut on their way: ` +
    "save the take as a MIDI file instead, or begin a new piece and share its first minutes.",
  "link-unreadable": () =>
    "This link holds no performance that can be read: it was cut on its way, or comes from another version of the page; " +
    "ask for it again, or for the take as a MIDI file.",
  "tracks-not-kept": ({ reason }) =>
    `Tracks and takes are not kept for the next visit (${reason}): download what you want to have.`,
  "sound-refused": ({ reason }) => `The browser gives no sound (${reason}): reload the page.`,
  "midi-missing": ({ browser }) =>
    `${browser === "safari" ? "Safari has no Web MIDI" : "This browser has no Web MIDI"}: open the page in ` +
    "Chrome, Edge or Firefox to play your own synthesisers; its own voices go on without.",
  "midi-insecure": () =>
    "Web MIDI works on secure pages only: open this one over https or as http://localhost.",
  "midi-forbidden": ({ browser }) =>
    browser === "firefox"
      ? "Firefox may not use MIDI here: take back the refusal under the icon beside the address, ask again, and let " +
        "it install the site permission add-on that it offers."
      : "The browser may not use MIDI: allow MIDI devices for this page in its site settings " +
        "(beside the address), then ask again.",
  "midi-dismissed": () =>
    "The browser's question about MIDI was closed without an answer: ask again and allow it.",
  "midi-held": () =>
    "The system's MIDI could not be opened: close programs that hold the ports, check the " +
    "system's MIDI settings, then ask again.",
  "midi-unsupported": () =>
    "This system has no MIDI the browser could use: its own voices go on without.",
  "midi-failed": ({ reason }) =>
    `MIDI could not be opened (${reason}): reload the page and ask again.`,
  "microphone-missing": () =>
    "No microphone is found: plug one in and ask again, or find the latency by tapping.",
  "microphone-insecure": () =>
    "Microphones work on secure pages only: open this one over https or as http://localhost, or tap instead.",
  "microphone-forbidden": () =>
    "The browser may not use the microphone: allow it for this page in its site settings (beside the address), then ask " +
    "again, or find the latency by tapping.",
  "microphone-held": () =>
    "The microphone could not be opened: close programs that use it, then ask again, or find the latency by tapping.",
  "microphone-failed": ({ reason }) =>
    `The microphone could not be opened (${reason}): ask again, or find the latency by tapping.`,
  "sysex-refused": ({ browser }) =>
    `The browser does not allow system exclusive messages, without which a Launchpad shows its own lights: ${
      browser === "firefox"
        ? "take back the refusal under the icon beside the address, then ask again"
        : "allow full control of MIDI devices for this page in its site settings, then ask again"
    }. All else works.`,
  "midi-port-lost": ({ port }) =>
    `The MIDI port "${port}" went away: plug it in again, or choose another output for its instruments.`,
};
