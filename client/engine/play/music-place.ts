/** Where the music stands, for whoever goes along with it: the map between steps and the audio clock. */
import type { Seconds } from "#base/brand.ts";

/** See the header. A transport and its metres have this shape. */
export interface MusicPlace {
  readonly playing: boolean;
  /** The (fractional) step at an audio time; held while stopped, and before it starts. */
  stepAt(time: Seconds): number;
  /** The audio time of a step. Only while playing. */
  timeOf(step: number): Seconds;
  /** The first bar line at `step` or later. */
  nextBar(step: number): number;
}
