/**
 * How long may be rested: a small model would now and then leave a band to its drums, or a lead to the others, for
 * good. After the longest rest only who is missing may come next.
 */
import type { ChartBar } from "#music/chart/chart.ts";
import { notesOfLevel } from "#music/chart/describe.ts";
import { halfOf, type Metre, stepsOf } from "#music/metre.ts";
import { STEPS_PER_QUARTER } from "#music/units.ts";

/** Steps below which the longest rests do not fall, however short a bar is. */
const LEAST_REST = { drums: 8, melody: 16 } as const;

/** Longest times without a new note in a metre, in steps. */
export function longestRests(metre: Metre) {
  const steps = Math.round(stepsOf(metre));
  const bar = Math.max(LEAST_REST.melody, steps);
  return {
    /** The drums, while they are on: half a bar. */
    drums: Math.max(LEAST_REST.drums, halfOf({ metre, steps })),
    /** All melodic instruments: a bar. */
    melody: bar,
    /** The lead: a bar. */
    lead: bar,
  };
}

/**
 * Longest time in steps until anybody plays again, in a bar of which levels are asked for; Infinity where none is. Of n
 * notes at the fewest it is 4 / n of the bar, and a quarter at least: of 515,000 rests in 638 files of real music 1 % are
 * longer, at every level. A bar that has fewer notes by now than it should has no such least, else a busy one would never
 * catch up.
 */
export function longestRestOf(
  { density = 0, drumDensity = 0 }: ChartBar,
  steps: number,
  isBehind = false,
): number {
  const [fewest] = notesOfLevel(Math.max(density, drumDensity));
  return Math.max(isBehind ? 1 : STEPS_PER_QUARTER, Math.round((4 * steps) / fewest));
}

/** Most drum strokes in a row: half a bar of a busy groove. Then a melodic note must come. */
export const LONGEST_DRUM_RUN = 8;
