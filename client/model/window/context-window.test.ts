import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import { ReferenceDecoder } from "#model/reference/reference-decoder.ts";
import { ReferenceModel } from "#model/reference/reference-model.ts";
import { conditionsOf, SMALL_GROUPS } from "#model/testing/conditions-of.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { relativeError } from "#model/testing/tolerances.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { endless } from "./context-window.ts";

const architecture: Architecture = {
  vocabulary: 20,
  dim: 8,
  depth: 1,
  heads: 2,
  headDim: 4,
  feedForward: 8,
  contextLength: 24,
  positions: "absolute",
};
const options = { prefixLength: 3, period: 3 };
const weights = randomWeights(architecture, 1);
const model = new ReferenceModel(weights, options.prefixLength);
const reference = () => new ReferenceDecoder(weights, options.prefixLength);
const plain = () => endless(reference(), options);
const sliced = () => endless(reference(), { ...options, spare: reference() });

/** Room is 21 tokens after the prefix; half is 10.5, so windows move by 12 tokens: 4 events. */
const HOP = 12;
const expectedStart = (last: number): number => {
  let start = 3;
  while (3 + last - start + 1 > architecture.contextLength) start += HOP;
  return start;
};
const oracle = (tokens: number[]) => {
  const start = expectedStart(tokens.length - 1);
  return model.onePass([...tokens.slice(0, 3), ...tokens.slice(start)]).at(-1)!;
};
const random = new Random(3);
const draw = (count: number) => Array.from({ length: count }, () => random.integer(20));

describe.each([
  ["endless", plain],
  ["endless with a spare", sliced],
])("%s", (_, make) => {
  it("gives, at every position, the logits of the prefix and the newest whole events", async () => {
    const decoder = make();
    const tokens = draw(100);
    for (let at = 0; at < tokens.length; at++) {
      const logits = await decoder.decodeStep(tokens[at]);
      expect(relativeError(logits, oracle(tokens.slice(0, at + 1)))).toBeLessThan(1e-6);
      expect(decoder.position).toBe(at + 1);
    }
  });

  it("keeps at least half of the room and starts at an event", () => {
    for (let last = 24; last < 200; last++) {
      const start = expectedStart(last);
      expect((start - 3) % options.period).toBe(0);
      expect(last - start + 1).toBeGreaterThanOrEqual(10);
    }
  });

  it("is a function of the tokens alone, however they came and were taken back", async () => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ back: fc.integer({ min: 0, max: 40 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const decoder = make();
        const tokens: number[] = [];
        for (const action of steps) {
          if ("back" in action) {
            tokens.length = Math.max(0, tokens.length - action.back);
            decoder.truncate(tokens.length);
          } else {
            const more = draw(action.take);
            tokens.push(...more);
            const logits = await decoder.prefill(more);
            expect(relativeError(logits, oracle(tokens))).toBeLessThan(1e-6);
          }
          expect(decoder.position).toBe(tokens.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("forgets very old tokens, says so, and still truncates exactly within its reach", async () => {
    const decoder = make();
    const tokens = draw(400);
    await decoder.prefill(tokens.slice(0, 200));
    await decoder.prefill(tokens.slice(200));
    const oldest = decoder.oldestPosition;
    expect(oldest).toBeGreaterThan(0);
    expect(oldest).toBeLessThan(400 - 2 * architecture.contextLength);
    expect(() => decoder.truncate(oldest - 1)).toThrow(AssertionError);
    for (const position of [oldest + 50, oldest + 7, oldest]) {
      decoder.truncate(position);
      tokens.length = position;
      tokens.push(...draw(1));
      const logits = await decoder.decodeStep(tokens[position]);
      expect(relativeError(logits, oracle(tokens))).toBeLessThan(1e-6);
    }
    decoder.truncate(0);
    expect(decoder.oldestPosition).toBe(0);
    expect(relativeError(await decoder.prefill([1, 2]), oracle([1, 2]))).toBeLessThan(1e-6);
  });
});

it.each(["alone", "with a spare"])("takes conditions into every window, %s", async (how) => {
  const conditioned = randomWeights({ ...architecture, conditions: SMALL_GROUPS }, 1);
  const given = (tokens: readonly number[]) => conditionsOf(conditioned.architecture, tokens);
  const fresh = () => new ReferenceDecoder(conditioned, options.prefixLength);
  const decoder = endless(fresh(), { ...options, ...(how !== "alone" && { spare: fresh() }) });
  const tokens = draw(80);
  const judge = new ReferenceModel(conditioned, options.prefixLength);
  await decoder.prefill(tokens.slice(0, 20), given(tokens.slice(0, 20)));
  for (let at = 20; at < tokens.length; at++) {
    const logits = await decoder.decodeStep(tokens[at], given([tokens[at]])?.[0]);
    const seen = [...tokens.slice(0, 3), ...tokens.slice(expectedStart(at), at + 1)];
    const expected = judge.onePass(seen, given(seen))[seen.length - 1];
    expect(relativeError(logits, expected)).toBeLessThan(1e-6);
  }
  await expect(decoder.decodeStep(1)).rejects.toThrow(/needs the conditions/);
});

/** A reference decoder that counts the tokens of each call, and fails when told to. */
function watched() {
  const inner = reference();
  const taken: number[] = [];
  const state = { inner, taken, lost: false };
  const prefill = inner.prefill.bind(inner);
  inner.prefill = (tokens, conditions) => {
    taken.push(tokens.length);
    return state.lost ? Promise.reject(new Error("lost")) : prefill(tokens, conditions);
  };
  return state;
}

describe("a call that fails", () => {
  it.each([24, 12, 20])("takes nothing and can be repeated, at %d", async (at) => {
    for (const spare of [undefined, watched()]) {
      const first = watched();
      const decoder = endless(first.inner, { ...options, spare: spare?.inner });
      const tokens = draw(at + 30);
      const expectNext = async (position: number) => {
        const logits = await decoder.decodeStep(tokens[position]);
        expect(relativeError(logits, oracle(tokens.slice(0, position + 1)))).toBeLessThan(1e-6);
      };
      await decoder.prefill(tokens.slice(0, 10));
      for (let position = 10; position < at; position++) await expectNext(position);
      first.lost = true;
      if (spare) spare.lost = true;
      await expect(decoder.decodeStep(tokens[at])).rejects.toThrow("lost");
      expect(decoder.position).toBe(at);
      first.lost = false;
      if (spare) spare.lost = false;
      for (let position = at; position < tokens.length; position++) await expectNext(position);
    }
  });
});

describe("a spare", () => {
  const start = (slice?: number) => {
    const decoders = [watched(), watched()];
    const [one, other] = decoders;
    const decoder = endless(one.inner, { ...options, spare: other.inner, slice });
    /** Tokens computed by the most expensive of `count` steps. */
    const dearest = async (count: number) => {
      let most = 0;
      for (let step = 0; step < count; step++) {
        for (const { taken } of decoders) taken.length = 0;
        await decoder.decodeStep(random.integer(20));
        most = Math.max(
          most,
          one.taken.concat(other.taken).reduce((sum, n) => sum + n, 0),
        );
      }
      return most;
    };
    return { decoder, dearest };
  };

  it("leaves no step much to do, at switches least of all", async () => {
    const { dearest } = start(2);
    // The slice, the prefix that a new window begins with, the step itself.
    expect(await dearest(300)).toBeLessThanOrEqual(2 + 3 + 1);
  });

  it.each([1, 3])("makes a step back over a switch by %d free", async (back) => {
    const { decoder, dearest } = start(2);
    await decoder.prefill(draw(3));
    await dearest(24 + HOP - 3 + 2);
    decoder.truncate(24 + HOP - back);
    expect(await dearest(12)).toBeLessThanOrEqual(2 + 3 + 1);
  });

  it("catches up in larger slices after a prefill that ends shortly before a switch", async () => {
    const { decoder, dearest } = start(2);
    await decoder.prefill(draw(20));
    expect(await dearest(12)).toBeLessThanOrEqual(12);
  });

  it("is disposed of too, and refused where the decoder rolls", async () => {
    const [one, other] = [reference(), reference()];
    let disposed = 0;
    for (const decoder of [one, other]) decoder.dispose = () => disposed++;
    endless(one, { ...options, spare: other }).dispose();
    expect(disposed).toBe(2);
    const rotary = () =>
      new ReferenceDecoder(randomWeights({ ...architecture, positions: "rotary" }, 1), 3);
    expect(() => endless(rotary(), { ...options, spare: rotary() })).toThrow(AssertionError);
  });
});

describe("endless", () => {
  it("passes rotary decoders through", () => {
    const rotary = new ReferenceDecoder(
      randomWeights({ ...architecture, positions: "rotary" }, 1),
      3,
    );
    expect(endless(rotary, options)).toBe(rotary);
  });
});
