import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DensityLimit, LONGEST_SPACING } from "./density-limit.ts";
import { STEPS_PER_BAR } from "./units.ts";

const BARS = 100;

/** Strikes chords of these sizes as soon as each may begin; returns the notes of `BARS` bars. */
function strike(limit: DensityLimit, sizes: readonly number[]): number {
  let notes = 0;
  let steps = 0;
  for (let onset = 0; onset < BARS * STEPS_PER_BAR; onset += steps) {
    const size = sizes[notes % sizes.length];
    for (let i = 0; i < size; i++) limit.push(i === 0 ? steps : 0);
    notes += size;
    steps = Math.max(1, limit.spacing);
  }
  return notes;
}

describe("DensityLimit", () => {
  it("lets as many notes through as it says, whatever the chords", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 120 }), sizes, (density, chords) => {
        const notes = strike(new DensityLimit(density), chords);
        // Single notes cannot fill more than every step; a beat and a chord may be owed at the end.
        const most = density * (BARS + 1);
        const least = density * (Math.min(...chords) > 4 ? 0.8 : 0.2) * BARS;
        expect(notes).toBeLessThanOrEqual(most);
        expect(notes).toBeGreaterThan(least);
      }),
    );
  });

  it("never waits for longer than half a bar, and not at all while little is owed", () => {
    const limit = new DensityLimit(16);
    for (let i = 0; i < 4; i++) limit.push(0);
    expect(limit.spacing).toBe(0);
    limit.push(0);
    expect(limit.spacing).toBe(2);
    for (let i = 0; i < 200; i++) limit.push(0);
    expect(limit.spacing).toBe(LONGEST_SPACING);
    expect(new DensityLimit(8, limit.debt).spacing).toBe(LONGEST_SPACING);
    limit.push(1000);
    expect(limit.spacing).toBe(0);
  });

  it("refuses what is no density", () => {
    for (const density of [0, -1, 1.5]) expect(() => new DensityLimit(density)).toThrow(/density/);
  });
});
