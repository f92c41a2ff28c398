import { describe, expect, it } from "vitest";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { barAndBeat, bytesOf, count, panText, realTimeText } from "./wording.ts";

describe("wording", () => {
  it("counts bars and beats from one", () => {
    const common = new MetreMap();
    expect(barAndBeat(0, common)).toEqual({ bar: 1, beat: 1 });
    expect(barAndBeat(31.9, common)).toEqual({ bar: 1, beat: 4 });
    expect(barAndBeat(32 * 32 + 8, common)).toEqual({ bar: 33, beat: 2 });
    const jig = MetreMap.of(parseMetre("6/8"));
    expect(barAndBeat(24 + 12, jig)).toEqual({ bar: 2, beat: 2 });
    expect(barAndBeat(-3, jig)).toEqual({ bar: 1, beat: 1 });
  });

  it("says numbers with their units", () => {
    expect(bytesOf(12_345_678, 41_000_000)).toBe("12.3 of 41.0 MB");
    expect([panText(0), panText(-0.4), panText(0.25)]).toEqual([
      "centre",
      "40 % left",
      "25 % right",
    ]);
    expect(realTimeText(0.8)).toBe("0.8 times real time");
    expect(realTimeText(0)).toContain("not known");
    expect([count(1, "bar"), count(2, "bar")]).toEqual(["1 bar", "2 bars"]);
  });
});
