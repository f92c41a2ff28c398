import { describe, expect, it } from "vitest";
import { OPEN_BAR } from "#music/chart/chart.ts";
import { longestRestOf } from "./longest-rests.ts";

describe("the longest rest of a bar", () => {
  it.each([
    [{ density: 1 }, 128],
    [{ density: 3 }, 32],
    [{ density: 4 }, 16],
    [{ density: 3, drumDensity: 4 }, 16],
    [{ density: 5 }, 8],
    [{ density: 7, drumDensity: 6 }, 8],
  ])("is four notes' share of it, and a quarter at least: %o", (levels, steps) => {
    expect(longestRestOf({ ...OPEN_BAR, ...levels }, 32)).toBe(steps);
  });

  it("may be shorter than a quarter in a bar that is behind", () => {
    const busy = { ...OPEN_BAR, density: 6 };
    expect([false, true].map((isBehind) => longestRestOf(busy, 32, isBehind))).toEqual([8, 4]);
    expect(longestRestOf({ ...OPEN_BAR, density: 4 }, 32, true)).toBe(16);
  });

  it("is shorter in shorter bars, and none where no notes are asked for", () => {
    expect(longestRestOf({ ...OPEN_BAR, density: 3 }, 24)).toBe(24);
    expect(longestRestOf({ ...OPEN_BAR, density: 0, drumDensity: 0 }, 32)).toBe(Infinity);
    expect(longestRestOf(OPEN_BAR, 32)).toBe(Infinity);
  });
});
