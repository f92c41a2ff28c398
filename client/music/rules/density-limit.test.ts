import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import { DensityLimit } from "./density-limit.ts";

const WHOLE_NOTES = 100;

/** Strikes chords of these sizes, as far as each may grow, as soon as each may begin; returns the notes of all that time. */
function strike(limit: DensityLimit, sizes: readonly number[]): number {
  let notes = 0;
  let chords = 0;
  let steps = 0;
  for (let onset = 0; onset < WHOLE_NOTES * STEPS_PER_WHOLE; onset += steps) {
    const size = sizes[chords++ % sizes.length];
    for (let i = 0; i < size && (i === 0 || limit.mayJoin); i++) {
      limit.push(i === 0 ? steps : 0);
      notes++;
    }
    steps = Math.max(1, limit.spacing);
  }
  return notes;
}

describe("DensityLimit", () => {
  it("lets as many notes through as it says, whatever the chords, and hardly fewer", () => {
    const sizes = fc.array(fc.integer({ min: 4, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 120 }), sizes, (density, chords) => {
        const notes = strike(new DensityLimit(density), chords);
        // A beat's notes and a chord may be owed at the end.
        expect(notes).toBeLessThanOrEqual(density * (WHOLE_NOTES + 0.5) + 2);
        expect(notes).toBeGreaterThan(0.8 * density * WHOLE_NOTES);
      }),
    );
  });

  it("never waits for longer than a half note, and not at all while little is owed", () => {
    for (let density = 16; density <= 120; density++) {
      const limit = new DensityLimit(density);
      limit.push(100);
      while (limit.mayJoin) limit.push(0);
      expect(limit.spacing).toBeGreaterThan(0);
      for (let onset = 0; onset < 50; onset++) {
        limit.push(limit.spacing);
        expect(limit.spacing).toBeLessThanOrEqual(STEPS_PER_WHOLE / 2);
        while (limit.mayJoin) limit.push(0);
        expect(limit.spacing).toBeLessThanOrEqual(STEPS_PER_WHOLE / 2);
      }
      limit.push(1000);
      expect(limit.spacing).toBe(0);
    }
  });

  it("goes on with what was owed before", () => {
    const loose = new DensityLimit(64);
    for (let i = 0; i < 20; i++) loose.push(0);
    const tight = new DensityLimit(16, loose);
    expect([tight.debt, tight.chord]).toEqual([loose.debt, 20]);
    expect(tight.mayJoin).toBe(false);
  });

  it("refuses what is no density", () => {
    for (const density of [0, -1, 1.5]) expect(() => new DensityLimit(density)).toThrow(/density/);
  });
});
