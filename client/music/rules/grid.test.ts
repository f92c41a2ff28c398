import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetreMap } from "#music/metre.ts";
import { metreMaps } from "#music/testing/metres.ts";
import { GRIDS, Grid } from "./grid.ts";

const stepsIn = (grid: Grid, steps: number) =>
  Array.from({ length: steps }, (_, step) => step).filter((step) => grid.holds(step));

describe("grids", () => {
  it.each([
    ["1/4", [0, 8, 16, 24]],
    ["1/4 triplets", [0, 5, 11, 16, 21, 27]],
    ["1/8", [0, 4, 8, 12, 16, 20, 24, 28]],
    ["1/8 triplets", [0, 3, 5, 8, 11, 13, 16, 19, 21, 24, 27, 29]],
  ] as const)("of %s in a bar", (name, steps) => {
    expect(stepsIn(new Grid(name, new MetreMap()), 32)).toEqual(steps);
  });

  it("begin anew with every bar", () => {
    const metres = new MetreMap([{ step: 0, metre: { numerator: 3, denominator: 8 } }]);
    expect(stepsIn(new Grid("1/4", metres), 24)).toEqual([0, 8, 12, 20]);
  });

  it("say the same between the steps they name, and let begin something within a quarter or two", () => {
    fc.assert(
      fc.property(metreMaps, fc.constantFrom(...GRIDS), (metres, name) => {
        const grid = new Grid(name, metres);
        let last = -1;
        for (let step = 0; step < 200; ) {
          const until = Math.min(200, grid.changesAfter(step));
          const now = grid.holds(step);
          for (let at = step; at < until; at++) expect(grid.holds(at)).toBe(now);
          if (now) {
            expect(step - last).toBeLessThanOrEqual(8);
            last = until - 1;
          }
          step = until;
        }
      }),
      { numRuns: 100 },
    );
  });
});
