import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import { endless } from "./context-window.ts";
import type { Architecture } from "./manifest.ts";
import { randomWeights } from "./random-weights.ts";
import { ReferenceDecoder } from "./reference/reference-decoder.ts";
import { ReferenceModel } from "./reference/reference-model.ts";
import { relativeError } from "./tolerances.ts";

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
const make = () => endless(new ReferenceDecoder(weights, options.prefixLength), options);

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

describe("endless", () => {
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

  it("takes nothing from a call that fails, so it can be repeated", async () => {
    const inner = new ReferenceDecoder(weights, 3);
    let lost = false;
    const prefill = inner.prefill.bind(inner);
    inner.prefill = (tokens) => (lost ? Promise.reject(new Error("lost")) : prefill(tokens));
    const decoder = endless(inner, options);
    const tokens = draw(30);
    await decoder.prefill(tokens.slice(0, 24));
    lost = true;
    await expect(decoder.decodeStep(tokens[24])).rejects.toThrow("lost");
    expect(decoder.position).toBe(24);
    lost = false;
    const logits = await decoder.decodeStep(tokens[24]);
    expect(relativeError(logits, oracle(tokens.slice(0, 25)))).toBeLessThan(1e-6);
  });

  it("passes rotary decoders through", () => {
    const rotary = new ReferenceDecoder(
      randomWeights({ ...architecture, positions: "rotary" }, 1),
      3,
    );
    expect(endless(rotary, options)).toBe(rotary);
  });
});
