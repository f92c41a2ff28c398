import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { httpSource } from "../byte-source.ts";
import { decoderContract } from "../decoder-contract.ts";
import { randomWeights } from "../random-weights.ts";
import type { TfjsBackendName } from "./tfjs-backend.ts";
import { createTfjsDecoder } from "./tfjs-decoder.ts";

const open = (folder: string) => httpSource(`/client/model/testdata/${folder}`);
const wasmPaths = "/node_modules/@tensorflow/tfjs-backend-wasm/dist/";

for (const backend of ["wasm", "webgpu"] as const)
  decoderContract(
    `tfjs ${backend} in Chromium`,
    (weights, options) => createTfjsDecoder(weights, { backend, wasmPaths, ...options }),
    open,
    // Emulated WebGPU takes half a second a step.
    { steps: backend === "webgpu" ? 8 : undefined },
  );

describe("in Chromium", () => {
  const weights = randomWeights(
    {
      vocabulary: 40,
      dim: 16,
      depth: 1,
      heads: 2,
      headDim: 8,
      feedForward: 32,
      contextLength: 32,
      positions: "rotary",
    },
    1,
  );

  it.each<[TfjsBackendName, number]>([
    ["wasm", 1000],
    ["webgpu", 100],
  ])("%s leaves no tensor behind in %d steps", async (backend, steps) => {
    const before = tf.memory().numTensors;
    const options = { backend, wasmPaths, prefixLength: 3, slack: 8 };
    const decoder = await createTfjsDecoder(weights, options);
    await decoder.prefill([1, 2, 3]);
    // Past the first rolled step, when every pipeline and buffer exists.
    for (let step = 0; step < 30; step++) await decoder.decodeStep(step % 40);
    const warm = tf.memory();
    for (let step = 0; step < steps; step++) await decoder.decodeStep(step % 40);
    expect(tf.memory().numTensors).toBe(warm.numTensors);
    if (backend === "webgpu")
      expect(tf.memory()).toMatchObject({ numBytesInGPU: Reflect.get(warm, "numBytesInGPU") });
    decoder.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
