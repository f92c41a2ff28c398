import { describe, expect, it } from "vitest";
import { checkCost, costOfComposition, costOfRender } from "./cost.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const { jobBytes, short } = DEFAULT_LIMITS;
const song = (seconds: number, notes: number) => ({ seconds, notes });

describe("cost", () => {
  it("grows with notes, seconds and passes", () => {
    const once = costOfRender(song(60, 500), 1, "mp3");
    expect(costOfRender(song(60, 1000), 1, "mp3").seconds).toBeGreaterThan(once.seconds);
    expect(costOfRender(song(120, 500), 1, "mp3").seconds).toBeGreaterThan(once.seconds);
    expect(costOfRender(song(60, 500), 3, "mp3").seconds).toBeCloseTo(3 * once.seconds, 9);
    expect(costOfRender(song(60, 500), 1, "wav").bytes).toBe(60 * 44_100 * 4);
  });

  it("takes half an hour of a band, but not with a dozen stems of the densest music", () => {
    expect(() => checkCost(costOfRender(song(1800, 40_000), 1, "wav"), jobBytes)).not.toThrow();
    const all = costOfRender(song(1800, 50_000), 13, "mp3");
    expect(() => checkCost(all, jobBytes)).toThrow(/minutes and the limit is 25; leave out stems/);
    const wav = costOfRender(song(1200, 100), 13, "wav");
    expect(() => checkCost(wav, jobBytes)).toThrow(/MB and the limit/);
  });

  it("calls a song short and a whole concert long", () => {
    expect(costOfRender(song(10, 50), 1, "mp3").seconds).toBeLessThan(short);
    expect(costOfRender(song(600, 4000), 1, "mp3").seconds).toBeGreaterThan(short);
    const piece = costOfComposition({ bars: 4, tracks: 1 }, 8, ["mp3"]);
    expect(piece.seconds).toBeLessThan(short);
  });
});
