import { describe, expect, it } from "vitest";
import { secondsPerStep } from "#music/units.ts";
import { Pace } from "./pace.ts";

const STEP = secondsPerStep(120); // 1/16 s

/** A pace after `count` batches of 100 ms that move on by `steps`. */
function paceAfter(count: number, steps: number): Pace {
  const pace = new Pace();
  for (let i = 0; i < count; i++) pace.add(30, steps, 100);
  return pace;
}

describe("Pace", () => {
  it("measures tokens a second and music a second", () => {
    const pace = paceAfter(50, 8); // half a second of music in 100 ms
    expect(pace.tokensPerSecond).toBeCloseTo(300, 6);
    expect(pace.realTimeFactor(STEP)).toBeCloseTo(5, 6);
    expect(pace.leadWanted(STEP)).toBe(2);
    expect(pace.leadTarget(STEP)).toBe(4);
  });

  it("wants a lead that lasts two minutes on a machine at half of real time", () => {
    const wanted = paceAfter(50, 0.8).leadWanted(STEP);
    // What is gathered and what is composed meanwhile must cover 120 s.
    expect(wanted + 120 * 0.5).toBeGreaterThan(120);
    expect(wanted).toBeLessThan(100);
  });

  it("follows a change of pace, and forgets the warm-up", () => {
    const pace = paceAfter(200, 8);
    for (let i = 0; i < 200; i++) pace.add(30, 1, 100);
    expect(pace.realTimeFactor(STEP)).toBeLessThan(1.5);
    const cold = new Pace();
    cold.add(3, 0, 500);
    expect(cold.realTimeFactor(STEP)).toBe(0);
    cold.add(30, 8, 100);
    expect(cold.realTimeFactor(STEP)).toBeCloseTo(5, 6);
  });
});

describe("what is expected of a pace", () => {
  it("is less at the beginning, when there is little to attend to", () => {
    const early = new Pace();
    early.add(0, 0, 400);
    early.add(150, 32, 1000); // twice real time
    expect(early.leadWanted(STEP)).toBeGreaterThan(20);
    for (let i = 0; i < 50; i++) early.add(150, 32, 1000);
    expect(early.leadWanted(STEP)).toBe(2);
    expect(early.leadTarget(STEP)).toBeGreaterThan(13);
  });

  it("is that of a full band, however sparse the music was so far", () => {
    const sparse = new Pace();
    for (let i = 0; i < 50; i++) sparse.add(60, 48, 1000); // 3 times real time at 60 tokens/s
    expect(sparse.realTimeFactor(STEP)).toBeCloseTo(3, 6);
    expect(sparse.leadWanted(STEP)).toBeGreaterThan(30);
  });
});
