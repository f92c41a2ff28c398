import { afterEach, describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { httpSource } from "../byte-source.ts";
import { decoderContract } from "../decoder-contract.ts";
import { randomWeights } from "../random-weights.ts";
import { ReferenceModel } from "../reference/reference-model.ts";
import { F32_RELATIVE_ERROR, relativeError } from "../tolerances.ts";
import { DeviceLost, sharedDevice } from "./device.ts";
import { adapterTraits, type KernelShape, kernelShape } from "./kernel-shape.ts";
import { createWebgpuDecoder } from "./webgpu-decoder.ts";

const open = (folder: string) =>
  httpSource(new URL(`../testdata/${folder}/`, import.meta.url).href);

decoderContract("own kernels", (weights, options) => createWebgpuDecoder(weights, options), open);

const software = kernelShape({ software: true, subgroupSize: 0 });
const shapes: Record<string, KernelShape> = {
  "a GPU's shape, sums through shared memory": kernelShape({ software: false, subgroupSize: 0 }),
  "a GPU's shape, sums by subgroups": kernelShape({ software: false, subgroupSize: 4 }),
  "whole columns, softmax through shared memory": software,
};
for (const [name, shape] of Object.entries(shapes))
  decoderContract(
    name,
    (weights, options) => createWebgpuDecoder(weights, { ...options, shape }),
    open,
  );

describe("own kernels on the starter's size", () => {
  const weights = randomWeights(
    {
      vocabulary: 3088,
      dim: 256,
      depth: 6,
      heads: 4,
      headDim: 64,
      feedForward: 1024,
      contextLength: 512,
      positions: "rotary",
    },
    3,
  );
  it("agree with the reference, in steps and in one prefill", async () => {
    const random = new Random(5);
    const tokens = Array.from({ length: 24 }, () => random.integer(3088));
    const expected = new ReferenceModel(weights, 3).onePass(tokens);
    const decoder = await createWebgpuDecoder(weights, { prefixLength: 3 });
    for (const [i, token] of tokens.entries())
      expect(relativeError(await decoder.decodeStep(token), expected[i])).toBeLessThan(
        F32_RELATIVE_ERROR,
      );
    decoder.truncate(0);
    const logits = await decoder.prefill(tokens);
    expect(relativeError(logits, expected[23])).toBeLessThan(F32_RELATIVE_ERROR);
    decoder.dispose();
  });
});
