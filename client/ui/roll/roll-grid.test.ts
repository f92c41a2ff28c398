import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beatsOf, MetreMap, parseMetre } from "#music/metre.ts";
import { metreMaps } from "#music/testing/metres.ts";
import { gridLines } from "./roll-grid.ts";

describe("gridLines", () => {
  it("draws every bar line and every beat in view, once and in order, whatever the metres", () => {
    const view = fc.tuple(fc.nat({ max: 1500 }), fc.nat({ max: 400 }));
    fc.assert(
      fc.property(metreMaps, view, fc.boolean(), (metres, [first, width], beats) => {
        const last = first + width;
        const lines = gridLines(metres, first, last, beats);
        const drawn = new Map(lines.map(({ step, label }) => [step, label]));
        expect(lines).toHaveLength(drawn.size);
        expect([...drawn.keys()].sort((a, b) => a - b)).toEqual([...drawn.keys()]);
        for (let step = first; step <= last; step++) {
          const { start, index, metre } = metres.barAt(step);
          const isBar = step === start;
          const isBeat = beatsOf(metre).includes(step - start);
          expect(drawn.has(step)).toBe(isBar || (beats && isBeat));
          if (isBar) expect(drawn.get(step)?.split(" ")[0]).toBe(String(index + 1));
          else expect(drawn.get(step)).toBeUndefined();
        }
        expect(lines.every(({ step }) => step >= first && step <= last)).toBe(true);
      }),
    );
  });

  it("says a metre where it is new", () => {
    const metres = MetreMap.of(parseMetre("4/4")).changedFrom(40, parseMetre("6/8"));
    const labels = gridLines(metres, 0, 120, true).flatMap(({ label }) => label ?? []);
    expect(labels).toEqual(["1", "2", "3 · 6/8", "4", "5"]);
    expect(gridLines(metres, 64, 64, true)).toEqual([{ step: 64, label: "3 · 6/8" }]);
  });
});
