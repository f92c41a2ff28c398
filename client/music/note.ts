/** A note on the grid, the unit of everything above tokens. */
import type { Instrument } from "./instrument.ts";

/**
 * One note. `onset` and `duration` are in steps (1/32 note), half-open: it sounds in
 * [onset, onset + duration). `pitch` 0-127 (a GM percussion key for drums), `velocity` 1-127.
 */
export interface Note {
  readonly instrument: Instrument;
  readonly pitch: number;
  readonly velocity: number;
  readonly onset: number;
  readonly duration: number;
}
