import { expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { DensityGovernor } from "./density-governor.ts";
import { Pace } from "./pace.ts";

const STEP = 1 / 16;

it("follows the pace in steps worth hearing, not too often, and lets go of a fast machine", () => {
  const pace = new Pace();
  const governor = new DensityGovernor(pace);
  /** Two minutes of composing at so many tokens a second. */
  const compose = (tokens: number) => {
    for (let i = 0; i < 120; i++) pace.add(tokens, 16, 1000, true);
  };
  const update = (now: number, runsLow = false) => governor.update(seconds(now), STEP, runsLow);
  expect(update(0)).toBe(false);
  compose(93);
  // A full band is not too much for it: only once it runs low.
  expect(update(1)).toBe(false);
  expect(update(1, true)).toBe(true);
  expect(governor.limit).toBe(48);
  compose(63);
  expect(update(2)).toBe(false);
  expect(update(6)).toBe(true);
  expect(governor.limit).toBe(32);
  compose(69);
  expect(update(12)).toBe(false);
  compose(900);
  expect(update(18)).toBe(true);
  expect(governor.limit).toBeUndefined();
});
