/**
 * Shapes that this adapter would not choose must be right too: their arithmetic, one token at a time, in tiles and past
 * the window. Biases and positions change their kernels' text; conditions and the format of the file do not. An emulated
 * GPU takes long over barriers.
 */
import { decoderContract } from "#model/testing/decoder-contract.ts";
import { watchValidation } from "#model/testing/watched-validation.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import { type KernelShape, kernelShape } from "./kernel-shape.ts";
import { createWebgpuDecoder } from "./webgpu-decoder.ts";

watchValidation();

const others: Record<string, KernelShape> = {
  "slices through shared memory": kernelShape({ software: false, subgroupSize: 0 }),
  "slices by subgroups of 4": kernelShape({ software: false, subgroupSize: 4 }),
  "whole columns without subgroups": kernelShape({ software: true, subgroupSize: 0 }),
};
for (const [name, shape] of Object.entries(others))
  decoderContract(
    name,
    (weights, options) => createWebgpuDecoder(weights, { ...options, shape, weights: "f32" }),
    (folder) => httpSource(`/client/model/testdata/${folder}`),
    { folders: ["golden-absolute-biases", "golden-rotary"], steps: 12, bookkeeping: false },
  );
