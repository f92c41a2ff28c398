import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { decoderContract, GOLDEN_ARCHITECTURES } from "#model/testing/decoder-contract.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import type { Weights } from "#model/weights/weights.ts";
import type { Decoder } from "../decoder.ts";
import type { TfjsBackendName } from "./tfjs-backend.ts";
import { createTfjsDecoder } from "./tfjs-decoder.ts";

/**
 * tfjs' `MatMulProgramType.MatMulSmallOutputSizeProgram`. Left to itself tfjs takes another program for
 * products as tiny as these, which is ten times slower on an emulated GPU.
 */
const SMALL_OUTPUT_PROGRAM = 2;

const open = (folder: string) => httpSource(`/client/model/testdata/${folder}`);
const dist = "/node_modules/@tensorflow/tfjs-backend-wasm/dist";
// File by file, as the built page gives them.
const wasmPaths = {
  "tfjs-backend-wasm.wasm": `${dist}/tfjs-backend-wasm.wasm`,
  "tfjs-backend-wasm-simd.wasm": `${dist}/tfjs-backend-wasm-simd.wasm`,
  "tfjs-backend-wasm-threaded-simd.wasm": `${dist}/tfjs-backend-wasm-threaded-simd.wasm`,
};

async function make(
  backend: TfjsBackendName,
  weights: Weights,
  options: { prefixLength: number; slack: number },
): Promise<Decoder> {
  const decoder = await createTfjsDecoder(weights, { backend, wasmPaths, ...options });
  if (backend === "webgpu") tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", SMALL_OUTPUT_PROGRAM);
  return decoder;
}

for (const backend of ["wasm", "webgpu"] as const)
  decoderContract(
    `tfjs ${backend} in Chromium`,
    (weights, options) => make(backend, weights, options),
    open,
    // Emulated WebGPU takes a tenth of a second a step. Files of every format are tfjs-wasm.test.ts's.
    backend === "webgpu"
      ? { steps: 16, folders: GOLDEN_ARCHITECTURES, bookkeeping: false }
      : { folders: GOLDEN_ARCHITECTURES },
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
    ["webgpu", 200], // six times round the ring: what a step or a turn leaves behind is there after one
  ])("%s leaves no tensor behind in %d steps", async (backend, steps) => {
    const options = { prefixLength: 3, slack: 8 };
    (await make(backend, weights, options)).dispose();
    const before = tf.memory().numTensors;
    const decoder = await make(backend, weights, options);
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
