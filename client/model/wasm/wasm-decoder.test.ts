import { createReadStream } from "node:fs";
import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { conditionsOf, SMALL_GROUPS } from "#model/testing/conditions-of.ts";
import { decoderContract, GOLDEN_FOLDERS, readGolden } from "#model/testing/decoder-contract.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import {
  INT8_RELATIVE_ERROR,
  INT8_ROUNDING_RELATIVE_ERROR,
  relativeError,
} from "#model/testing/tolerances.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import type { StoredTensor } from "#model/weights/safetensors.ts";
import { requiredTensors } from "#model/weights/tensor-names.ts";
import { Weights } from "#model/weights/weights.ts";
import { QuantisedReference } from "../reference/quantised-reference.ts";
import { FINGERPRINT, fingerprint } from "./testing/fingerprint.ts";
import { createWasmDecoder } from "./wasm-decoder.ts";

const open = (folder: string) => {
  const url = new URL(`../testdata/${folder}/`, import.meta.url);
  return {
    location: folder,
    read: (file: string, signal: AbortSignal) => createReadStream(new URL(file, url), { signal }),
  };
};

decoderContract("own wasm", createWasmDecoder, open, {
  tolerance: INT8_RELATIVE_ERROR,
  oracle: (weights, prefixLength) => new QuantisedReference(weights, prefixLength),
});

describe("own WASM kernels", () => {
  it.each(GOLDEN_FOLDERS)("stay near PyTorch's logits: %s", async (folder) => {
    const { weights } = await loadModel(open(folder));
    const golden = await readGolden(open(folder));
    const decoder = await createWasmDecoder(weights, { prefixLength: 3 });
    for (const [i, token] of golden.tokens.entries()) {
      const logits = await decoder.decodeStep(token, golden.conditions?.[i]);
      const error = relativeError(logits, golden.logits[i]);
      expect(error).toBeLessThan(INT8_ROUNDING_RELATIVE_ERROR);
    }
  });

  it.each([
    { dim: 10, heads: 1, headDim: 6, feedForward: 12, vocabulary: 17, positions: "rotary" },
    { dim: 24, heads: 3, headDim: 8, feedForward: 40, vocabulary: 61, positions: "absolute" },
    { dim: 33, heads: 2, headDim: 18, feedForward: 50, vocabulary: 100, positions: "rotary" },
    { dim: 64, heads: 2, headDim: 80, feedForward: 160, vocabulary: 48, positions: "rotary" },
    {
      dim: 20,
      heads: 3,
      headDim: 6,
      feedForward: 44,
      vocabulary: 35,
      positions: "rotary",
      biases: true,
    },
    {
      dim: 22,
      heads: 1,
      headDim: 14,
      feedForward: 30,
      vocabulary: 19,
      positions: "absolute",
      conditions: SMALL_GROUPS,
    },
  ] as const)("take sizes that fill no vector: $dim, $headDim", async (sizes) => {
    const weights = randomWeights({ ...sizes, depth: 2, contextLength: 40 }, 3);
    const random = new Random(4);
    const length = sizes.positions === "rotary" ? 90 : 40;
    const tokens = Array.from({ length }, () => random.integer(sizes.vocabulary));
    const given = conditionsOf(weights.architecture, tokens);
    const expected = new QuantisedReference(weights, 5).onePass(tokens, given);
    const decoder = await createWasmDecoder(weights, { prefixLength: 5, slack: 9 });
    for (const [i, token] of tokens.entries()) {
      const logits = await decoder.decodeStep(token, given?.[i]);
      expect(relativeError(logits, expected[i])).toBeLessThan(INT8_RELATIVE_ERROR);
    }
  });

  it("do not overflow where all inputs and all weights of an output agree in sign", async () => {
    const weights = alike();
    const tokens = [0, 1, 2, 3, 4, 5, 6];
    const expected = new QuantisedReference(weights, 3).onePass(tokens);
    const decoder = await createWasmDecoder(weights, { prefixLength: 3 });
    for (const [i, token] of tokens.entries())
      expect(relativeError(await decoder.decodeStep(token), expected[i])).toBeLessThan(
        INT8_RELATIVE_ERROR,
      );
  });

  it("give the same whether tokens come one by one or share a reading of the weights", async () => {
    const weights = alike();
    const decoder = await createWasmDecoder(weights, { prefixLength: 3 });
    for (const length of [2, 4, 7, 33]) {
      const tokens = Array.from({ length }, (_, i) => (i * 5) % 8);
      decoder.truncate(0);
      const together = (await decoder.prefill(tokens)).slice();
      decoder.truncate(0);
      let single: Float32Array = together;
      for (const token of tokens) single = await decoder.decodeStep(token);
      expect(single).toEqual(together);
    }
  });

  it("compute what they did on every other machine, to the bit", async () => {
    expect(await fingerprint()).toBe(FINGERPRINT);
  });

  it("two decoders keep apart, and one that was disposed of says so", async () => {
    const weights = alike();
    const make = () => createWasmDecoder(weights, { prefixLength: 3 });
    const [one, other] = [await make(), await make()];
    await one.prefill([1, 2, 3, 4]);
    await other.prefill([7, 6, 5, 4, 3]);
    const expected = (await one.decodeStep(5)).slice();
    one.truncate(4);
    await other.decodeStep(6);
    expect(await one.decodeStep(5)).toEqual(expected);
    one.dispose();
    await expect(one.decodeStep(1)).rejects.toThrow(/disposed/);
    await other.decodeStep(1);
  });
});

/** A wide feed-forward whose weights have one size, and a bias that makes all hidden numbers large. */
function alike(): Weights {
  const architecture = {
    vocabulary: 8,
    dim: 16,
    depth: 1,
    heads: 1,
    headDim: 16,
    feedForward: 2048,
    contextLength: 64,
    positions: "absolute",
  } as const;
  const random = new Random(5);
  const tensors = [...requiredTensors(architecture)].map(([name, shape]): StoredTensor => {
    const size = shape.reduce((product, n) => product * n, 1);
    const value = (at: number): number => {
      if (name.endsWith("ff.2.weight")) return Math.floor(at / 2048) % 2 ? 1 : -1;
      if (name.endsWith("ff.0.0.bias")) return 50;
      return random.next() - 0.5;
    };
    const data = Float32Array.from({ length: size }, (_, at) => value(at));
    return { name, dtype: "F32", shape, bytes: new Uint8Array(data.buffer) };
  });
  return new Weights(architecture, tensors);
}
