/**
 * A piece's chart as the trainer reads it: a record for each half bar, from step 0 to the bar of the last onset. A
 * record is its length in steps and the phase of its first step, then the rows within their groups that hold in it
 * (`halfRows`): all bytes. A half over 255 steps becomes several records.
 */
import type { ChartBar } from "#music/chart/chart.ts";
import { CONDITION_GROUPS, halfRows } from "#music/chart/conditions.ts";
import { halfOf, type MetreMap } from "#music/metre.ts";

/** Bytes of a record: steps and phase, then all groups but phase and style. */
export const RECORD_BYTES = 2 + CONDITION_GROUPS.length - 2;

/** What a byte can say. */
const MOST = 255;

/** The records of bars, from the first bar of `metres` on, one after the other. */
export function chartRecords(bars: readonly ChartBar[], metres: MetreMap): Uint8Array {
  const bytes: number[] = [];
  for (const [index, chartBar] of bars.entries()) {
    const bar = metres.bar(index);
    const half = halfOf(bar);
    for (const [which, from, to] of [
      [0, 0, half],
      [1, half, bar.steps],
    ] as const) {
      const rows = halfRows(chartBar, bar.steps, which);
      for (let phase = from; phase < to; phase += MOST) {
        bytes.push(Math.min(MOST, to - phase), Math.min(MOST, phase), ...rows);
      }
    }
  }
  return Uint8Array.from(bytes);
}
