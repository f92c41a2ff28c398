/** A clock of somebody else's that the music goes along with, as the engine sees it: on the audio clock, in quarters. */
import type { Seconds } from "#base/brand.ts";

/** See the header. */
export interface OuterClock {
  /** Quarter notes a minute; undefined while it is not known well enough to be followed. */
  tempo(now: Seconds): number | undefined;
  /** Quarters from the beginning of its piece to an audio time; undefined while it does not play. */
  quarterAt(time: Seconds): number | undefined;
}
