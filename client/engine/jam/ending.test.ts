import { describe, expect, it } from "vitest";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { Ending } from "./ending.ts";

describe("an ending", () => {
  it("takes two bars from the first bar line that is not committed, and stays there", () => {
    const ending = new Ending();
    const metres = MetreMap.of(parseMetre("3/4"));
    expect(ending.stepFrom(10, metres)).toBeUndefined();
    ending.ask();
    expect(ending.stepFrom(24, metres)).toBe(72);
    expect(ending.stepFrom(50, metres)).toBe(72);
    ending.forget();
    expect(ending.isAsked).toBe(false);
    ending.ask();
    expect(ending.stepFrom(25, metres)).toBe(96);
  });
});
