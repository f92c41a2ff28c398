import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { TEMPO_RANGE } from "#music/units.ts";
import { TapTempo } from "./tap-tempo.ts";

/** What each of these taps says. */
function tapped(times: readonly number[]): (number | undefined)[] {
  const taps = new TapTempo();
  return times.map((time) => taps.tap(seconds(time)));
}

describe("TapTempo", () => {
  it("says nothing at the first tap, and the tempo from the second on", () => {
    expect(tapped([10, 10.5, 11, 11.5])).toEqual([undefined, 120, 120, 120]);
  });

  it("takes the mean of the newest four intervals, so that one slip weighs a quarter", () => {
    expect(tapped([0, 0.5, 1, 1.5, 2.2])).toEqual([undefined, 120, 120, 120, 109]);
    // Older taps are forgotten: five taps at 60, then five at 120.
    const times = [0, 1, 2, 3, 4, 4.5, 5, 5.5, 6];
    expect(tapped(times).at(-1)).toBe(120);
  });

  it("begins anew after a pause longer than the slowest tempo's beat", () => {
    const slowest = 60 / TEMPO_RANGE.lowest;
    expect(tapped([0, 0.5, 0.5 + slowest + 0.01, 1.5 + slowest + 0.01])).toEqual([
      undefined,
      120,
      undefined,
      60,
    ]);
    expect(tapped([0, slowest])).toEqual([undefined, TEMPO_RANGE.lowest]);
  });

  it("says nothing of two taps at one moment", () => {
    expect(tapped([3, 3])).toEqual([undefined, undefined]);
  });
});
