import { describe, expect, it } from "vitest";
import { assertQuantile, movedInto, truncateQuantile } from "./quantile.ts";
import { sample } from "./sampler.ts";

/** Probabilities at a temperature. */
function shares(scores: ArrayLike<number>, temperature: number): number[] {
  const weights = Array.from(scores, (score) => Math.exp(score / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

describe("quantiles", () => {
  it.each([0.5, 1, 2])(
    "leave a part of a run, and to the run what it had, at temperature %d",
    (temperature) => {
      const ids = Int32Array.from([0, 1, 2, 3, 4, 5]);
      const scores = Float64Array.from([1, 0.2, -1, 2, 0.5, 1]);
      const before = shares(scores, temperature);
      truncateQuantile(
        { ids, scores, count: 6 },
        { first: 2, length: 3, from: 0.5, to: 1 },
        temperature,
      );
      const after = shares(scores, temperature);
      for (const id of [0, 1, 5]) expect(after[id]).toBeCloseTo(before[id], 12);
      const run = before.slice(2, 5);
      const whole = run[0] + run[1] + run[2];
      expect(after[2]).toBe(0);
      // The token across the border keeps its part of the upper half.
      expect(after[3]).toBeCloseTo(2 * (run[0] + run[1] - whole / 2), 12);
      expect(after[4]).toBeCloseTo(2 * run[2], 12);
    },
  );

  it("apply to each of several runs, with gaps where ids are masked", () => {
    const ids = Int32Array.from([8, 9, 15, 16, 40]);
    const scores = Float64Array.from([0, 0, 0, 0, 0]);
    truncateQuantile(
      { ids, scores, count: 5 },
      { first: 8, length: 8, runs: 2, from: 0, to: 0.5 },
      1,
    );
    const after = shares(scores, 1);
    for (const [i, share] of [0.4, 0.2, 0, 0.2, 0.2].entries())
      expect(after[i]).toBeCloseTo(share, 12);
  });

  it("draw nothing outside of the part, the coldest draw included", () => {
    const logits = Float32Array.from({ length: 16 }, (_, id) => Math.sin(5 * id));
    const quantiles = [{ first: 0, length: 16, from: 0.5, to: 1 }];
    const cut = shares(logits, 1);
    let low = 0;
    for (let sum = cut[0]; sum <= 0.5; sum += cut[++low]);
    for (let counter = 0; counter < 300; counter++)
      expect(
        sample(logits, { temperature: 1, quantiles, seed: 1, counter }),
      ).toBeGreaterThanOrEqual(low);
    expect(
      sample(logits, { temperature: 0, quantiles, seed: 1, counter: 0 }),
    ).toBeGreaterThanOrEqual(low);
  });

  it("are refused where they leave nothing", () => {
    expect(() => assertQuantile({ first: 0, length: 4, from: 0.5, to: 0.5 })).toThrow(/quantile/);
    expect(() => assertQuantile({ first: 0, length: 4, from: -0.1, to: 1 })).toThrow(/quantile/);
  });
});

describe("a place that moves into a part", () => {
  /** How often each place of the part comes, drawn of the whole and moved. */
  function moved(run: readonly number[], from: number, to: number): number[] {
    const total = run.reduce((sum, share) => sum + share, 0);
    const after = run.map(() => 0);
    for (const [drawn, share] of run.entries())
      for (let at = 0; share > 0 && at < 1000; at++)
        after[movedInto({ shares: run, place: drawn, within: (at + 0.5) / 1000 }, { from, to })] +=
          share / total / 1000;
    return after;
  }

  it.each([
    [0.5, 1],
    [0, 0.5],
    [0.25, 0.75],
    [0.1, 0.2],
  ])("leaves of places what the part from %d to %d does, as they stood", (from, to) => {
    const run = [0.5, 3, 0, 1, 0.25, 2, 0, 0];
    const ids = Int32Array.from(run, (_, at) => at);
    const scores = Float64Array.from(run, Math.log);
    truncateQuantile({ ids, scores, count: 8 }, { first: 0, length: 8, from, to }, 1);
    const expected = shares(scores, 1);
    for (const [at, share] of moved(run, from, to).entries())
      expect(share).toBeCloseTo(expected[at], 2);
    const places = [0, 1, 3, 4, 5].map((place) =>
      movedInto({ shares: run, place, within: 0.5 }, { from, to }),
    );
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
  });

  it("stays where it is where nothing else might have been drawn", () => {
    for (const within of [1e-9, 0.5, 1 - 1e-9])
      expect(movedInto({ shares: [0, 0, 4, 0], place: 2, within }, { from: 0.5, to: 1 })).toBe(2);
  });
});
