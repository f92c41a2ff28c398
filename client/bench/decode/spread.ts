/** Times of many runs, and the times of several things that take turns. */
import type { Spread } from "./decode-plan.ts";

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Sums times up; percentiles by nearest rank. */
export function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return { min: at(0), p50: at(0.5), p95: at(0.95), max: at(1), count: sorted.length };
}

/** How often to measure. */
export interface Turns {
  /** Runs of each, where time allows. */
  readonly runs: number;
  /** Runs in a row before the next one's turn; the first of a row is not counted if there are several. */
  readonly inARow: number;
  /** Milliseconds that one may take in all, but for `fewest` runs. */
  readonly enough: number;
  readonly fewest: number;
}

/**
 * Runs all works in turns, so that whatever else the machine does meets all of them, and ratios hold even where
 * times do not. A row of runs each, so that caches are as warm as when one decoder plays alone.
 * @returns a list of times for each.
 */
export async function takeTurns(
  works: readonly (() => Promise<unknown>)[],
  { runs, inARow, enough, fewest }: Turns,
): Promise<Spread[]> {
  const times = works.map((): number[] => []);
  const spent = works.map(() => 0);
  const wants = (k: number) =>
    times[k].length < fewest || (times[k].length < runs && spent[k] < enough);
  while (works.some((_, k) => wants(k)))
    for (const [k, work] of works.entries()) {
      if (!wants(k)) continue;
      for (let i = 0; i < inARow; i++) {
        const time = await timed(work);
        spent[k] += time;
        // Slow work meets caches of its own making within one run.
        const isSlow = time * inARow > enough;
        if (i > 0 || inARow === 1 || isSlow) times[k].push(time);
        if (isSlow) break;
      }
    }
  return times.map(spread);
}
