/** What a human does to notes that sound: bends, presses, brightens, turns the wheel. */
import type { Instrument } from "#music/instrument.ts";

/** See the header. */
export interface Touch {
  /** Semitones, below 0 down. */
  readonly bend: number;
  /** 0-1, of a key or all keys pressed down further. */
  readonly pressure: number;
  /** 0-1, the modulation wheel. */
  readonly modulation: number;
  /** -1 to 1, how much brighter: the third dimension of MPE (controller 74). */
  readonly timbre: number;
}

export const UNTOUCHED: Touch = { bend: 0, pressure: 0, modulation: 0, timbre: 0 };

/** Where touches are heard. */
export interface Touchable {
  /** How a human touches an instrument's notes now: all of them, or those of one pitch besides. */
  touch(instrument: Instrument, touch: Touch, pitch?: number): void;
}
