import { afterEach, describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { ReferenceModel } from "#model/reference/reference-model.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { F32_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import type { LinearName } from "./linear.ts";
import { createOrtWasmDecoder, type OrtWasmDecoder } from "./wasm-decoder.ts";

const SIZES = {
  vocabulary: 96,
  dim: 64,
  depth: 2,
  heads: 2,
  headDim: 32,
  feedForward: 128,
  contextLength: 16,
  positions: "rotary",
} as const;
const PREFIX = 3;

describe("ONNX Runtime's WASM provider on our architecture", () => {
  const weights = randomWeights(SIZES, 5);
  const random = new Random(6);
  const tokens = Array.from({ length: 40 }, () => random.integer(SIZES.vocabulary));
  const expected = new ReferenceModel(weights, PREFIX).onePass(tokens);
  let decoder: OrtWasmDecoder | undefined;
  const open = async (linear: LinearName) => {
    decoder = await createOrtWasmDecoder(weights, { prefixLength: PREFIX, linear });
    return decoder;
  };
  afterEach(() => decoder?.dispose());

  it("agrees with the reference step by step, also long after its ring has closed", async () => {
    const peer = await open("f32");
    for (const [i, token] of tokens.entries())
      expect(relativeError(await peer.decodeStep(token), expected[i])).toBeLessThan(
        F32_RELATIVE_ERROR,
      );
  });

  it("agrees in one pass, and after a truncation", async () => {
    const peer = await open("f32");
    const whole = await peer.prefill(tokens.slice(0, 12));
    expect(relativeError(whole, expected[11])).toBeLessThan(F32_RELATIVE_ERROR);
    peer.truncate(5);
    const again = await peer.prefill(tokens.slice(5, 9));
    expect(relativeError(again, expected[8])).toBeLessThan(F32_RELATIVE_ERROR);
  });

  it.each([
    ["int8 dynamic", 0.05],
    ["int8 blocks", 0.05],
    ["int4 blocks", 0.5],
  ] as const)(
    "rounds weights and stays near, and is not what it is unrounded: %s",
    async (linear, most) => {
      const peer = await open(linear);
      const error = relativeError(await peer.prefill(tokens.slice(0, 12)), expected[11]);
      expect(error).toBeLessThan(most);
      expect(error).toBeGreaterThan(F32_RELATIVE_ERROR);
    },
  );
});
