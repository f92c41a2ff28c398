import { describe, expect, it } from "vitest";
import { secondsPerStep } from "#music/units.ts";
import { Pace } from "./pace.ts";

const STEP = secondsPerStep(120); // 1/16 s

/** A pace after `count` batches of 100 ms at so many tokens a second that move on by `steps` each. */
function paceAfter(count: number, tokensPerSecond: number, steps: number, playing = true): Pace {
  const pace = new Pace();
  for (let i = 0; i < count; i++) pace.add(tokensPerSecond / 10, steps, 100, playing);
  return pace;
}

describe("Pace", () => {
  it("measures tokens a second and music a second", () => {
    const pace = paceAfter(50, 300, 8); // half a second of music in 100 ms
    expect(pace.tokensPerSecond).toBeCloseTo(300, 6);
    expect(pace.realTimeFactor(STEP)).toBeCloseTo(5, 6);
    expect(pace.aheadWanted(STEP)).toBe(2);
    expect(pace.aheadTarget(STEP)).toBe(4);
    expect(pace.densityLimit(STEP)).toBeUndefined();
    expect(pace.isSlow(STEP)).toBe(false);
  });

  it("follows a change of pace, and forgets the warm-up", () => {
    const pace = paceAfter(600, 300, 8);
    for (let i = 0; i < 200; i++) pace.add(30, 1, 100, true);
    expect(pace.realTimeFactor(STEP)).toBeLessThan(1.5);
    const cold = new Pace();
    cold.add(3, 0, 500, false);
    expect(cold.realTimeFactor(STEP)).toBe(0);
    expect(cold.densityLimit(STEP)).toBeUndefined();
    cold.add(30, 8, 100, false);
    expect(cold.realTimeFactor(STEP)).toBeCloseTo(5, 6);
  });
});

describe("a slow machine", () => {
  it("is not told by a single slow batch", () => {
    const pace = new Pace();
    pace.add(3, 0, 400, false); // warm-up
    pace.add(3, 0, 200, false);
    expect(pace.densityLimit(STEP)).toBeUndefined();
    for (let i = 0; i < 3; i++) pace.add(3, 0, 100, false);
    expect(pace.densityLimit(STEP)).toBe(16);
    expect(pace.thins(16)).toBe(true);
    expect(pace.thins(60)).toBe(false);
  });

  it("is not taken for faster when another piece begins with an empty context", () => {
    const pace = paceAfter(600, 93, 2);
    const before = pace.densityLimit(STEP)!;
    pace.beginPiece();
    // As much faster as the empty context allows.
    for (let i = 0; i < 40; i++) pace.add(12, 2, 100, true);
    expect(pace.densityLimit(STEP)!).toBeGreaterThanOrEqual(before);
    expect(pace.densityLimit(STEP)!).toBeLessThan(1.2 * before);
  });

  it("is allowed music that it composes faster than it goes, and needs little ahead for it", () => {
    // 93 tokens a second are 62 notes in the time of a bar.
    const pace = paceAfter(600, 93, 2);
    expect(pace.densityLimit(STEP)).toBe(48);
    expect(pace.isSlow(STEP)).toBe(true);
    expect(pace.aheadWanted(STEP)).toBe(8);
    expect(pace.aheadTarget(STEP)).toBeGreaterThan(20);
    // At half the tempo twice as many: no more than a full band is needed.
    expect(pace.densityLimit(2 * STEP)).toBe(96);
    expect(pace.isSlow(2 * STEP)).toBe(false);
  });

  it("is no faster for the music being sparse so far", () => {
    expect(paceAfter(600, 63, 5).densityLimit(STEP)).toBe(32);
    expect(paceAfter(600, 63, 1).densityLimit(STEP)).toBe(32);
  });

  it("gathers two minutes ahead where even the sparsest band is too much for it", () => {
    const pace = paceAfter(600, 12, 1); // 8 notes in the time of a bar, and 16 are the least
    expect(pace.densityLimit(STEP)).toBe(16);
    // What is gathered and what is composed meanwhile must cover 120 s.
    const wanted = pace.aheadWanted(STEP);
    expect(wanted + 120 * 0.5).toBeGreaterThan(120);
    expect(wanted).toBeLessThan(100);
  });

  it("is expected to slow down with more to attend to, and with music to play", () => {
    const early = new Pace();
    early.add(0, 0, 400, false);
    early.add(150, 32, 1000, false);
    const limits = [early.densityLimit(STEP)!];
    for (let i = 0; i < 50; i++) early.add(150, 32, 1000, false);
    limits.push(early.densityLimit(STEP)!);
    for (let i = 0; i < 50; i++) early.add(150, 32, 1000, true);
    limits.push(early.densityLimit(STEP)!);
    expect(limits).toEqual([52, 64, 76]);
  });
});
