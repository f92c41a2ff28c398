import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TempoMap } from "./tempo-map.ts";

const points = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 20, max: 300 })), {
    maxLength: 6,
  })
  .map((list) => list.map(([step, tempo]) => ({ step, tempo })).sort((a, b) => a.step - b.step));

describe("TempoMap", () => {
  it("goes to seconds and back", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 1000 }), (list, step) => {
        const map = new TempoMap(list);
        expect(map.toSteps(map.toSeconds(step))).toBeCloseTo(step, 6);
      }),
    );
  });

  it("ascends", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 0, max: 1000 }), (list, step) => {
        const map = new TempoMap(list);
        expect(map.toSeconds(step + 1)).toBeGreaterThan(map.toSeconds(step));
      }),
    );
  });

  it("takes half a second for a quarter at 120, and twice that at 60", () => {
    const map = new TempoMap([{ step: 8, tempo: 60 }]);
    expect(map.toSeconds(8)).toBeCloseTo(0.5, 12);
    expect(map.toSeconds(16)).toBeCloseTo(1.5, 12);
    expect(map.tempoAt(7)).toBe(120);
    expect(map.tempoAt(8)).toBe(60);
  });
});
