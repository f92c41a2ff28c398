/**
 * How a tempo that is set is reached: at once or over bars, and half or double time of it. A ramp is a stair of sixteenth
 * notes, linear in steps, so that a file's tempo map says all of it. Pure.
 */
import type { TempoPoint } from "#music/tempo-map.ts";
import { STEPS_PER_QUARTER, TEMPO_RANGE } from "#music/units.ts";

/** Bars over which a tempo is reached. */
export const RAMPS = { "at once": 0, "1 bar": 1, "2 bars": 2, "4 bars": 4, "8 bars": 8 } as const;

/** Factors on the tempo. */
const SPEEDS = { half: 0.5, normal: 1, double: 2 } as const;

/** What the player set of it. */
export interface Timing {
  /** Quarter notes a minute, in normal time. */
  readonly tempo: number;
  readonly ramp: keyof typeof RAMPS;
  readonly speed: keyof typeof SPEEDS;
}

/** Steps of one stair. */
const STAIR = STEPS_PER_QUARTER / 4;

/** The tempo that is played, within what the instrument offers. */
export const tempoOf = ({ tempo, speed }: Timing): number =>
  Math.min(TEMPO_RANGE.highest, Math.max(TEMPO_RANGE.lowest, tempo * SPEEDS[speed]));

/** From one tempo to another between two steps, each stair at the tempo of its middle; the last point is the other at `end`. */
export function rampOf(from: number, to: number, begin: number, end: number): TempoPoint[] {
  const points: TempoPoint[] = [];
  for (let step = begin; step < end; step += STAIR) {
    const middle = (Math.min(step + STAIR / 2, end) - begin) / (end - begin);
    points.push({ step, tempo: from + (to - from) * middle });
  }
  return [...points, { step: end, tempo: to }];
}
