import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beatsOf, halfOf, type Metre, MetreMap, metreName, parseMetre, stepsOf } from "./metre.ts";
import { anyMetre, metreMaps } from "./testing/metres.ts";

const metre = (name: string): Metre => {
  const [numerator, denominator] = name.split("/").map(Number);
  return { numerator, denominator };
};

describe("metre map", () => {
  it("is common time where nothing is said", () => {
    const map = new MetreMap();
    expect(map.barAt(70)).toEqual({ index: 2, start: 64, steps: 32, metre: metre("4/4") });
    expect(map.barsIn(64)).toBe(2);
    expect(map.barsIn(65)).toBe(3);
  });

  it("of two metres at one step holds the last", () => {
    const map = new MetreMap([
      { step: 0, metre: metre("4/4") },
      { step: 0, metre: metre("3/4") },
    ]);
    expect(map.bar(3).start).toBe(72);
    expect(map.points).toHaveLength(1);
  });

  it("cuts a bar where another metre begins inside it", () => {
    const map = new MetreMap([{ step: 40, metre: metre("3/4") }]);
    expect(map.bar(1)).toMatchObject({ start: 32, steps: 8 });
    expect(map.bar(2)).toMatchObject({ start: 40, steps: 24 });
    expect(map.barAt(39).index).toBe(1);
    expect(map.phaseAt(65)).toBe(1);
  });

  it("goes on counting through a metre said again, and begins anew where it is said inside a bar", () => {
    expect(new MetreMap([{ step: 64, metre: metre("4/4") }]).bar(3).start).toBe(96);
    expect(new MetreMap([{ step: 80, metre: metre("4/4") }]).bar(3)).toMatchObject({
      start: 80,
      steps: 32,
    });
  });

  it("finds every bar by its steps, whatever the metres", () => {
    const map = new MetreMap([
      { step: 0, metre: metre("5/64") },
      { step: 13, metre: metre("7/8") },
      { step: 100, metre: metre("6/8") },
    ]);
    let start = 0;
    for (let index = 0; index < 30; index++) {
      const bar = map.bar(index);
      expect(bar.start).toBe(start);
      for (let step = start; step < start + bar.steps; step++)
        expect(map.barAt(step).index).toBe(index);
      start += bar.steps;
    }
  });
});

describe("a map of any metres", () => {
  const steps = fc.nat({ max: 2000 });

  it("finds each beat in its bar, and bar lines", () => {
    fc.assert(
      fc.property(metreMaps, steps, (map, step) => {
        const { bar, beat, start } = map.beatAt(step);
        expect(bar).toEqual(map.barAt(step));
        expect(beatsOf(bar.metre)[beat]).toBe(start - bar.start);
        expect(start).toBeLessThanOrEqual(step);
        const line = map.barLineFrom(step);
        expect(line).toBeGreaterThanOrEqual(step);
        expect(map.phaseAt(line)).toBe(0);
        if (line > step) expect(map.barAt(line).index).toBe(bar.index + 1);
      }),
    );
  });

  it("changes at the next bar line and keeps all before", () => {
    fc.assert(
      fc.property(metreMaps, steps, anyMetre, (map, step, chosen) => {
        const changed = map.changedFrom(step, chosen);
        const line = map.barLineFrom(step);
        for (let at = 0; at < line; at += 7) expect(changed.barAt(at)).toEqual(map.barAt(at));
        expect(changed.barAt(line)).toMatchObject({ start: line, metre: chosen });
        expect(changed.barAt(line + 999).metre).toEqual(chosen);
        // Chosen back before it began: as though nothing had been.
        const old = map.pointAt(line).metre;
        expect(changed.changedFrom(step, old).points).toEqual(map.changedFrom(step, old).points);
      }),
    );
  });

  it("counted from a bar line on is the same music", () => {
    fc.assert(
      fc.property(metreMaps, steps, (map, step) => {
        // Bars of half steps (3/64) are rounded from where they are counted: no law holds for each of them.
        fc.pre(map.points.every((point) => Number.isInteger(stepsOf(point.metre))));
        const line = map.barLineFrom(step);
        const rest = map.from(line);
        const first = map.barAt(line).index;
        for (let index = 0; index < 12; index++) {
          const { start, steps: length, metre } = map.bar(first + index);
          expect(rest.bar(index)).toEqual({ index, start: start - line, steps: length, metre });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("metres by name", () => {
  it("are those that are offered", () => {
    expect(parseMetre("12/8")).toEqual(metre("12/8"));
    expect(() => parseMetre("5/9")).toThrow(/take one of 2\/4, .*12\/8/);
  });
});

describe("beats", () => {
  it.each([
    ["4/4", [0, 8, 16, 24], 16],
    ["3/4", [0, 8, 16], 16],
    ["2/4", [0, 8], 8],
    ["5/4", [0, 8, 16, 24, 32], 24],
    ["6/8", [0, 12], 12],
    ["9/8", [0, 12, 24], 24],
    ["12/8", [0, 12, 24, 36], 24],
    ["7/8", [0, 8, 16], 16],
    ["3/8", [0, 4, 8], 8],
    ["1/4", [0], 8],
  ])("of %s stand at %j, the second half at %i", (name, beats, half) => {
    const value = metre(name);
    expect(beatsOf(value)).toEqual(beats);
    expect(halfOf(MetreMap.of(value).bar(0))).toBe(half);
    expect(metreName(value)).toBe(name);
  });
});
