/**
 * How late taps come after clicks: each tap belongs to the click nearest to it, taps far off the middle are left out, and
 * the median of the rest is what holds. People tap ahead of or after what they hear, each in their own way, so it takes two
 * such measurements, of which the difference counts.
 */

import { median } from "./median.ts";

/** What taps tell. Milliseconds. */
export interface TappedLatency {
  readonly late: number;
  /** Half of the taps lie within this of it. */
  readonly spread: number;
}

/** Taps needed, outliers left out. */
const LEAST_TAPS = 6;
/** A tap further off than so many median deviations is a slip. */
const OUTLYING = 3;
/** Least deviation that makes a slip, milliseconds. */
const TOLERANCE = 20;

/**
 * What is told by taps on clicks that come `interval` apart; undefined where too few taps agree.
 * @param clicks and @param taps milliseconds of one clock
 */
export function tappedLatency(
  clicks: readonly number[],
  taps: readonly number[],
  interval: number,
): TappedLatency | undefined {
  const late = taps
    .map((tap) => {
      const nearest = clicks.reduce((best, click) =>
        Math.abs(tap - click) < Math.abs(tap - best) ? click : best,
      );
      return tap - nearest;
    })
    .filter((each) => Math.abs(each) < interval / 2);
  if (late.length < LEAST_TAPS) return undefined;
  const middle = median(late);
  const deviation = median(late.map((each) => Math.abs(each - middle)));
  const reach = Math.max(TOLERANCE, OUTLYING * deviation);
  const kept = late.filter((each) => Math.abs(each - middle) <= reach);
  if (kept.length < LEAST_TAPS) return undefined;
  const settled = median(kept);
  const spread = median(kept.map((each) => Math.abs(each - settled)));
  return { late: settled, spread };
}
