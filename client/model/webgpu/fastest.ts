/**
 * Which of several ways to do the same is fastest here, within a bounded time. They take turns, so that whatever
 * else the machine does meets all of them, and the least time of each counts, since disturbance only adds.
 */
import { assert } from "#base/assert.ts";

/** What another way must save to be taken instead of the first. */
const WORTH_IT = 0.95;
/** Turns that everyone must have had for the answer to be relied on: the first also warms up. */
const FEWEST_TURNS = 3;

/** The answer. */
export interface Fastest {
  readonly index: number;
  /** Whether each had turns enough; if not, `index` is 0. */
  readonly sure: boolean;
}

/** How long to look, in milliseconds, and by which clock. */
export interface Budget {
  readonly budget: number;
  readonly now: () => number;
}

/** @param ways each does its work once and returns what it took; the first is the one to beat. */
export async function fastest(
  ways: readonly (() => Promise<number>)[],
  { budget, now }: Budget,
): Promise<Fastest> {
  assert(ways.length > 0, "there must be a way to beat");
  const end = now() + budget;
  const least = ways.map(() => Number.POSITIVE_INFINITY);
  let turns = 0;
  while (now() < end) {
    for (const [i, way] of ways.entries()) {
      if (now() >= end) break;
      least[i] = Math.min(least[i], await way());
      if (i === ways.length - 1) turns++;
    }
  }
  if (turns < FEWEST_TURNS) return { index: 0, sure: false };
  const index = least.indexOf(Math.min(...least));
  return { index: least[index] < WORTH_IT * least[0] ? index : 0, sure: true };
}
