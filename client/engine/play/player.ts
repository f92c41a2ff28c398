/**
 * A player makes notes sound: through Tone's voices, through a MIDI port, or not at all.
 * The scheduler hands it notes ahead of time; `playerContract` is the suite every player passes.
 */
import type { Seconds } from "#base/brand.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Expression } from "#music/midi/performance.ts";

/** A note with its place on the audio clock. */
export interface TimedNote {
  readonly instrument: Instrument;
  /** MIDI pitch 0-127; a GM percussion key for drums. */
  readonly pitch: number;
  /** MIDI velocity 1-127. */
  readonly velocity: number;
  readonly start: Seconds;
  /** Length in seconds, above 0. */
  readonly length: Seconds;
  /** What the channel of a file does to it; notes of one channel share one object. */
  readonly expression?: Expression;
  /** A human holds it: what they do to the keys then is heard on it. */
  readonly byHand?: true;
}

/** Where notes go. Methods never throw for a lost device: they report through `onFailure`. */
export interface Player {
  /** Plays a note at its time; a start in the past sounds at once. */
  play(note: TimedNote): void;
  /** Lets go what sounds of a key now; what is scheduled for later stays. For keys that a human holds. */
  release(instrument: Instrument, pitch: number): void;
  /** Ends every sounding note now and forgets every note scheduled: nothing hangs. */
  silence(): void;
  /** Silences, then frees devices and listeners. The player must not be used afterwards. */
  dispose(): void;
}
