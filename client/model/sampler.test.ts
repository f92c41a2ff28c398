import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { placeInRun, type SampleOptions, sample } from "./sampler.ts";

const plain = { temperature: 1, seed: 1, counter: 0 };
const softmax = (logits: ArrayLike<number>, temperature = 1): number[] => {
  const highest = Math.max(...Array.from(logits));
  const raised = Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
};
const drawn = (logits: Float32Array, options: Partial<SampleOptions>, draws: number): number[] => {
  const counts = new Array<number>(logits.length).fill(0);
  for (let counter = 0; counter < draws; counter++)
    counts[sample(logits, { ...plain, ...options, counter })]++;
  return counts;
};
/** Pearson's statistic over the bins that can be drawn. */
const chiSquare = (counts: readonly number[], probabilities: readonly number[]): number => {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => {
    if (probabilities[i] === 0) return count === 0 ? sum : Number.POSITIVE_INFINITY;
    const expected = draws * probabilities[i];
    return sum + (count - expected) ** 2 / expected;
  }, 0);
};

const random = new Random(5);
const LOGITS = Float32Array.from({ length: 12 }, () => 4 * random.next() - 2);
/** 99.99 % quantile of chi-square with 11 degrees of freedom. */
const LIMIT = 37.4;

const options = fc.record(
  {
    temperature: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 4, noNaN: true })),
    topK: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    topP: fc.option(fc.double({ min: 0.001, max: 1, noNaN: true }), { nil: undefined }),
    minP: fc.option(fc.double({ min: 0, max: 0.99, noNaN: true }), { nil: undefined }),
    seed: fc.integer(),
    counter: fc.nat(),
  },
  { requiredKeys: ["temperature", "seed", "counter"] },
);
const finite = fc.float({ min: -50, max: 50, noNaN: true });
const logitsAndMask = (logit: fc.Arbitrary<number>) =>
  fc
    .array(fc.tuple(logit, fc.boolean()), { minLength: 1, maxLength: 40 })
    .filter((entries) => entries.some(([, allowed]) => allowed))
    .map((entries) => ({
      logits: Float32Array.from(entries, ([value]) => value),
      mask: Uint8Array.from(entries, ([, allowed]) => (allowed ? 1 : 0)),
    }));

describe("the distribution", () => {
  it.each([0.5, 1, 1.7])("is the softmax at temperature %d", (temperature) => {
    const counts = drawn(LOGITS, { temperature }, 30_000);
    expect(chiSquare(counts, softmax(LOGITS, temperature))).toBeLessThan(LIMIT);
    // The check can fail: the same counts do not fit a neighbouring temperature.
    expect(chiSquare(counts, softmax(LOGITS, temperature * 1.1))).toBeGreaterThan(LIMIT);
  });

  it.each([{ temperature: 0.7 }, { temperature: 1.4, topP: 0.8 }, { minP: 0.2, topK: 9 }])(
    "is what the shares of a run of ids say, with %j",
    (way) => {
      const counts = drawn(LOGITS, way, 20_000);
      const options = { ...plain, ...way };
      const { shares } = placeInRun(LOGITS, options, 4, { first: 0, length: 12 });
      const all = Array.from(shares);
      const total = all.reduce((sum, share) => sum + share, 0);
      const expected = all.map((share) => share / total);
      expect(chiSquare(counts, expected)).toBeLessThan(LIMIT);
      const some = placeInRun(LOGITS, options, 6, { first: 4, length: 5 });
      expect([Array.from(some.shares), some.place]).toEqual([all.slice(4, 9), 2]);
    },
  );

  it("is the softmax of logits that are stretched by their extents", () => {
    const extents = Float32Array.from(LOGITS, (_, id) => id % 4);
    for (const stretch of [0.5, -0.3]) {
      const counts = drawn(LOGITS, { stretch, extents }, 30_000);
      const stretched = LOGITS.map((logit, id) => logit + stretch * extents[id]);
      expect(chiSquare(counts, softmax(stretched))).toBeLessThan(LIMIT);
    }
    expect(() => sample(LOGITS, { ...plain, stretch: 0.1 })).toThrow(/extents of undefined/);
    expect(() => sample(LOGITS, { ...plain, stretch: Number.NaN })).toThrow(/a number/);
  });

  it("is the softmax over what mask and top-k leave", () => {
    const mask = Uint8Array.from(LOGITS, (_, i) => (i % 3 === 0 ? 0 : 1));
    const allowed = [...LOGITS].filter((_, i) => mask[i]).sort((a, b) => b - a);
    const left = LOGITS.map((logit, i) =>
      mask[i] && logit >= allowed[4] ? logit : Number.NEGATIVE_INFINITY,
    );
    const counts = drawn(LOGITS, { mask, topK: 5 }, 20_000);
    expect(chiSquare(counts, softmax(left))).toBeLessThan(LIMIT);
  });

  it.each([0.6, 1, 1.5])(
    "is the softmax over what min-p leaves at temperature %d",
    (temperature) => {
      const probabilities = softmax(LOGITS, temperature);
      const least = 0.2 * Math.max(...probabilities);
      const left = LOGITS.map((logit, i) =>
        probabilities[i] >= least ? logit : Number.NEGATIVE_INFINITY,
      );
      const counts = drawn(LOGITS, { temperature, minP: 0.2 }, 20_000);
      expect(counts.filter((count) => count > 0).length).toBeLessThan(LOGITS.length);
      expect(chiSquare(counts, softmax(left, temperature))).toBeLessThan(LIMIT);
    },
  );

  it("is independent from one counter to the next", () => {
    const logits = new Float32Array(4);
    const pairs = new Array<number>(16).fill(0);
    let before = sample(logits, plain);
    for (let counter = 1; counter <= 16_000; counter++) {
      const now = sample(logits, { ...plain, counter });
      pairs[before * 4 + now]++;
      before = now;
    }
    expect(chiSquare(pairs, new Array(16).fill(1 / 16))).toBeLessThan(44.3); // 15 degrees, 99.99 %
  });

  it("repeats for the same seed and counter, and differs by seed, counter and stream", () => {
    const logits = new Float32Array(3000);
    const token = sample(logits, plain);
    expect(sample(logits, { ...plain })).toBe(token);
    for (const other of [{ seed: 2 }, { counter: 1 }, { stream: 0 }])
      expect(sample(logits, { ...plain, ...other })).not.toBe(token);
  });
});

describe("laws", () => {
  it("never draws a masked token, whatever the logits", () => {
    const any = fc.oneof(
      finite,
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -3e38),
    );
    fc.assert(
      fc.property(logitsAndMask(any), options, ({ logits, mask }, how) => {
        let token: number;
        try {
          token = sample(logits, { ...how, mask });
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          const allowed = [...logits].filter((_, i) => mask[i]);
          const faulty = allowed.some((logit) => !(logit < Number.POSITIVE_INFINITY));
          expect(faulty || allowed.every((logit) => logit === Number.NEGATIVE_INFINITY)).toBe(true);
          return;
        }
        expect(mask[token]).toBe(1);
      }),
      { numRuns: 2000 },
    );
  });

  it("a broken logit behind the mask disturbs nothing", () => {
    const logits = Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 0.5);
    const mask = Uint8Array.of(0, 1, 0, 1);
    expect(sample(logits, { ...plain, temperature: 0, mask })).toBe(1);
  });

  it("top-k: fewer than k allowed tokens are more probable than the one drawn", () => {
    fc.assert(
      fc.property(logitsAndMask(finite), options, ({ logits, mask }, how) => {
        const token = sample(logits, { ...how, mask });
        const better = [...logits].filter((logit, i) => mask[i] && logit > logits[token]);
        if (how.topK !== undefined) expect(better.length).toBeLessThan(how.topK);
        if (how.temperature === 0) expect(better).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it("top-p: what is more probable than the token drawn holds less than p", () => {
    fc.assert(
      fc.property(logitsAndMask(finite), options, ({ logits, mask }, how) => {
        const temperature = how.temperature || 1;
        const left = logits.map((logit, i) => (mask[i] ? logit : Number.NEGATIVE_INFINITY));
        const token = sample(logits, { ...how, mask, temperature, topK: undefined });
        const probabilities = softmax(left, temperature);
        const better = probabilities.reduce(
          (sum, p, i) => (left[i] > left[token] ? sum + p : sum),
          0,
        );
        expect(better).toBeLessThan((how.topP ?? 1) + 1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  it("top-p and top-k keep everything they should: each is drawn in time", () => {
    const kept = (how: Partial<SampleOptions>) =>
      drawn(LOGITS, how, 4000).flatMap((count, id) => (count > 0 ? [id] : []));
    const ranked = [...LOGITS.keys()].sort((a, b) => LOGITS[b] - LOGITS[a]);
    const probabilities = softmax(LOGITS);
    for (const topP of [0.05, 0.3, 0.6, 0.9]) {
      let mass = 0;
      const expected = ranked.filter((id) => {
        const wanted = mass < topP;
        mass += probabilities[id];
        return wanted;
      });
      expect(kept({ topP })).toEqual([...expected].sort((a, b) => a - b));
    }
    for (const topK of [1, 2, 7])
      expect(kept({ topK })).toEqual(ranked.slice(0, topK).sort((a, b) => a - b));
  });

  it("ties at the edge of top-k stay in together", () => {
    const counts = drawn(Float32Array.of(1, 1, 1, 0), { topK: 1 }, 300);
    expect(counts.map((count) => count > 0)).toEqual([true, true, true, false]);
  });
});

describe("misuse and broken devices", () => {
  const logits = Float32Array.of(1, 2, 3);
  it.each([
    ["a mask that allows nothing", { mask: new Uint8Array(3) }],
    ["a mask of another length", { mask: new Uint8Array(4).fill(1) }],
    ["a negative temperature", { temperature: -1 }],
    ["a temperature that is no number", { temperature: Number.NaN }],
    ["top-k of nothing", { topK: 0 }],
    ["top-p of nothing", { topP: 0 }],
    ["top-p over one", { topP: 1.1 }],
  ])("%s is our bug", (_, change) => {
    expect(() => sample(logits, { ...plain, ...change })).toThrow(AssertionError);
  });

  it.each([[[1, Number.NaN]], [[Number.POSITIVE_INFINITY, 0]], [[-1 / 0, -1 / 0]]])(
    "%j is a device that failed",
    (values) => {
      expect(() => sample(Float32Array.from(values), plain)).toThrow(Failure);
      expect(() => sample(Float32Array.from(values), { ...plain, temperature: 0 })).toThrow(
        Failure,
      );
    },
  );
});
