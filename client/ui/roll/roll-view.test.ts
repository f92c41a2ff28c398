import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MetreMap } from "#music/metre.ts";
import { metreMaps } from "#music/testing/metres.ts";
import { stateOf } from "./roll-painter.ts";
import { DRUM_ROWS, drumRow, type RollFrame, RollView, USUAL_SPAN, widen } from "./roll-view.ts";

const FRAME: RollFrame = {
  width: 1140,
  height: 540,
  step: 0,
  span: USUAL_SPAN,
  reach: { wholes: 10, playhead: 0.36 },
  metres: new MetreMap(),
  paging: false,
};
const at = (change: Partial<RollFrame>) => new RollView({ ...FRAME, ...change });

describe("RollView", () => {
  it("lets the playhead walk in, then holds it and moves the music", () => {
    const start = at({ step: 0 });
    expect(start.xOf(0)).toBe(start.left);
    const near = at({ step: 1000 });
    const far = at({ step: 5000 });
    expect(near.xOf(1000)).toBeCloseTo(far.xOf(5000), 6);
    expect((near.xOf(1000) - near.left) / (near.width - near.left)).toBeCloseTo(0.36, 6);
  });

  it("turns whole pages at bar lines when paging, and never loses the playhead", () => {
    const firsts = new Set<number>();
    for (let step = 0; step < 3000; step += 7) {
      const view = at({ step, paging: true });
      firsts.add(view.firstStep);
      expect(view.firstStep % 32).toBe(0);
      expect(view.xOf(step)).toBeGreaterThanOrEqual(view.left);
      expect(view.xOf(step)).toBeLessThan(view.width);
    }
    // Ten bars are in view, eight are new on each page.
    expect(firsts.size).toBe(Math.ceil(3000 / (8 * 32)));
  });

  it("turns pages at bar lines whatever the metres are, and never loses the playhead", () => {
    fc.assert(
      fc.property(metreMaps, (metres) => {
        for (let step = 0; step < 1500; step += 11) {
          const view = at({ step, metres, paging: true });
          expect(metres.phaseAt(view.firstStep)).toBe(0);
          expect(view.xOf(step)).toBeGreaterThanOrEqual(view.left);
          expect(view.xOf(step)).toBeLessThan(view.width);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    [390, 320],
    [800, 430],
    [1140, 540],
    [2400, 1200],
  ])("holds every pitch and every drum key inside %d x %d", (width, height) => {
    const view = at({ width, height, span: { low: 24, high: 108 } });
    expect(view.yOf(108) - view.noteHeight / 2).toBeGreaterThanOrEqual(view.top);
    expect(view.yOf(24) + view.noteHeight / 2).toBeLessThanOrEqual(view.drumTop);
    for (let key = 0; key < 128; key++) {
      expect(view.drumYOf(key)).toBeGreaterThan(view.drumTop);
      expect(view.drumYOf(key)).toBeLessThan(height - 20);
    }
    expect(view.yOf(61)).toBeLessThan(view.yOf(60));
  });

  it("gives each named drum key one row, and the others the last", () => {
    const keys = DRUM_ROWS.flatMap((row) => row.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(drumRow(36)).toBe(4);
    expect(drumRow(70)).toBe(DRUM_ROWS.length);
  });
});

describe("widen", () => {
  it("grows by whole octaves and only where it must", () => {
    expect(widen(USUAL_SPAN, 40, 80)).toBe(USUAL_SPAN);
    expect(widen(USUAL_SPAN, 35, 97)).toEqual({ low: 24, high: 108 });
  });
});

describe("stateOf", () => {
  const note = { instrument: 0, pitch: 60, velocity: 90, onset: 8, duration: 8 };
  it.each([
    ["planned", { step: 0, committedStep: 8 }],
    ["committed", { step: 0, committedStep: 9 }],
    ["sounding", { step: 8, committedStep: 16 }],
    ["sounding", { step: 15.9, committedStep: 24 }],
    ["past", { step: 16, committedStep: 24 }],
  ] as const)("is %s at %j", (state, place) => {
    expect(stateOf(note, { ...place, plannedStep: 64 })).toBe(state);
  });
});
