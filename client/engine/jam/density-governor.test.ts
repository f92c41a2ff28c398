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
  expect(governor.update(seconds(0), STEP)).toBe(false);
  compose(93);
  expect(governor.update(seconds(1), STEP)).toBe(true);
  expect(governor.limit).toBe(48);
  compose(63);
  expect(governor.update(seconds(2), STEP)).toBe(false);
  expect(governor.update(seconds(6), STEP)).toBe(true);
  expect(governor.limit).toBe(32);
  compose(69);
  expect(governor.update(seconds(12), STEP)).toBe(false);
  compose(900);
  expect(governor.update(seconds(18), STEP)).toBe(true);
  expect(governor.limit).toBeUndefined();
});
