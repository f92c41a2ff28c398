import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { conditionsOf, SMALL_GROUPS } from "#model/testing/conditions-of.ts";
import { countedBuffers } from "#model/testing/counted-buffers.ts";
import { decoderContract, type GoldenFolder } from "#model/testing/decoder-contract.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { SMALL_ARCHITECTURE } from "#model/testing/small-architecture.ts";
import {
  F16_RELATIVE_ERROR,
  F32_RELATIVE_ERROR,
  relativeError,
} from "#model/testing/tolerances.ts";
import { watchValidation } from "#model/testing/watched-validation.ts";
import { httpSource } from "#model/weights/byte-source.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { QuantisedReference } from "../reference/quantised-reference.ts";
import { ReferenceModel } from "../reference/reference-model.ts";
import { DeviceLost, sharedDevice } from "./device.ts";
import { adapterTraits } from "./kernel-shape.ts";
import { createWebgpuDecoder } from "./webgpu-decoder.ts";

const STARTER: Architecture = {
  vocabulary: 3088,
  dim: 256,
  depth: 6,
  heads: 4,
  headDim: 64,
  feedForward: 1024,
  contextLength: 512,
  positions: "rotary",
};
const small = randomWeights(SMALL_ARCHITECTURE, 1);
const prefixLength = 3;

const open = (folder: string) => httpSource(`/client/model/testdata/${folder}`);

watchValidation();

/**
 * Each other format on its own file and on one in single precision, with biases and conditions: compiling is what
 * takes the time here, seconds an architecture.
 */
const foldersIn = (format: "f16" | "int8"): readonly GoldenFolder[] => [
  "golden-absolute-biases",
  "golden-rotary",
  `golden-rotary-${format}`,
  `golden-conditioned-${format}`,
];

decoderContract(
  "own kernels in f32",
  (weights, options) => createWebgpuDecoder(weights, { ...options, weights: "f32" }),
  open,
);
decoderContract(
  "own kernels in f16",
  (weights, options) => createWebgpuDecoder(weights, { ...options, weights: "f16" }),
  open,
  { tolerance: F16_RELATIVE_ERROR, folders: foldersIn("f16") },
);
decoderContract(
  "own kernels in int8",
  (weights, options) => createWebgpuDecoder(weights, { ...options, weights: "int8" }),
  open,
  {
    oracle: (weights, prefixLength) => new QuantisedReference(weights, prefixLength),
    folders: foldersIn("int8"),
  },
);

describe("own kernels", () => {
  it("agree with the reference on the starter's size, in steps and in one prefill", async () => {
    const weights = randomWeights(STARTER, 3);
    const random = new Random(5);
    const tokens = Array.from({ length: 20 }, () => random.integer(STARTER.vocabulary));
    const expected = new ReferenceModel(weights, prefixLength).onePass(tokens);
    const decoder = await createWebgpuDecoder(weights, { prefixLength });
    for (const [i, token] of tokens.entries())
      expect(relativeError(await decoder.decodeStep(token), expected[i])).toBeLessThan(
        F32_RELATIVE_ERROR,
      );
    decoder.truncate(0);
    const logits = await decoder.prefill(tokens);
    expect(relativeError(logits, expected[19])).toBeLessThan(F32_RELATIVE_ERROR);
    decoder.dispose();
  });

  it.each(["f32", "int8"] as const)(
    "add biases, in %s, past the context and in a batch too, in the same dispatches",
    async (format) => {
      const weights = randomWeights({ ...SMALL_ARCHITECTURE, biases: true }, 1);
      const oracle = format === "f32" ? ReferenceModel : QuantisedReference;
      const random = new Random(6);
      const tokens = Array.from({ length: 80 }, () =>
        random.integer(SMALL_ARCHITECTURE.vocabulary),
      );
      const expected = new oracle(weights, prefixLength).onePass(tokens);
      const expectClose = (logits: Float32Array, at: number) =>
        expect(relativeError(logits, expected[at])).toBeLessThan(F32_RELATIVE_ERROR);
      const options = { prefixLength, weights: format };
      const decoder = await createWebgpuDecoder(weights, options);
      expectClose(await decoder.prefill(tokens.slice(0, 62)), 61);
      for (let at = 62; at < 75; at++) expectClose(await decoder.decodeStep(tokens[at]), at);
      const plain = await createWebgpuDecoder(small, options);
      const { memoryBytes, ...cost } = plain.stepCost;
      const more = 2 * (3 * 32 + 32) + 52; // numbers of two layers, and of the logits in whole quads
      expect(decoder.stepCost).toEqual({ ...cost, memoryBytes: memoryBytes + 4 * more });
      const batch = await decoder.batch(2);
      for (let at = 75; at < 80; at++) {
        const rows = await batch.decodeStep([tokens[at], tokens[at]]);
        expectClose(rows.subarray(0, SMALL_ARCHITECTURE.vocabulary), at);
        expectClose(rows.subarray(SMALL_ARCHITECTURE.vocabulary), at);
      }
      decoder.dispose();
      plain.dispose();
    },
  );

  it.each(["f32", "int8"] as const)(
    "add conditions, in %s, past the context and in a batch too, in the same dispatches",
    async (format) => {
      const weights = randomWeights({ ...SMALL_ARCHITECTURE, conditions: SMALL_GROUPS }, 1);
      const oracle = format === "f32" ? ReferenceModel : QuantisedReference;
      const random = new Random(6);
      const tokens = Array.from({ length: 80 }, () =>
        random.integer(SMALL_ARCHITECTURE.vocabulary),
      );
      const given = conditionsOf(weights.architecture, tokens)!;
      const expected = new oracle(weights, prefixLength).onePass(tokens, given);
      const expectClose = (logits: Float32Array, at: number) =>
        expect(relativeError(logits, expected[at])).toBeLessThan(F32_RELATIVE_ERROR);
      const options = { prefixLength, weights: format };
      const decoder = await createWebgpuDecoder(weights, options);
      expectClose(await decoder.prefill(tokens.slice(0, 62), given.slice(0, 62)), 61);
      for (let at = 62; at < 75; at++)
        expectClose(await decoder.decodeStep(tokens[at], given[at]), at);
      const plain = await createWebgpuDecoder(small, options);
      expect(decoder.stepCost).toEqual(plain.stepCost);
      const batch = await decoder.batch(2);
      for (let at = 75; at < 80; at++) {
        const other = (at + 1) % 80;
        const pair = [tokens[at], tokens[other]];
        const rows = await batch.decodeStep(pair, [given[at], given[other]]);
        expectClose(rows.subarray(0, SMALL_ARCHITECTURE.vocabulary), at);
      }
      await expect(batch.decodeStep([1, 2])).rejects.toThrow(/needs the conditions/);
      decoder.dispose();
      plain.dispose();
    },
  );

  it("use subgroups on this adapter, so that both ways of reducing are tested here", async () => {
    const { subgroupSize } = adapterTraits(await sharedDevice());
    expect(subgroupSize).toBeGreaterThanOrEqual(4);
  });

  it("two decoders on one device keep apart", async () => {
    const make = () => createWebgpuDecoder(small, { prefixLength });
    const [one, other] = [await make(), await make()];
    await one.prefill([1, 2, 3, 4]);
    await other.prefill([9, 8, 7, 6, 5]);
    const expected = (await one.decodeStep(10)).slice();
    one.truncate(4);
    const [again] = await Promise.all([one.decodeStep(10), other.decodeStep(11)]);
    expect(again).toEqual(expected);
    one.dispose();
    other.dispose();
  });

  it("refuse a model whose sizes the kernels do not fit", async () => {
    const odd = randomWeights({ ...SMALL_ARCHITECTURE, dim: 30 }, 1);
    await expect(createWebgpuDecoder(odd, { prefixLength })).rejects.toMatchObject({
      kind: "unsupported",
      message: expect.stringContaining("multiple of 4"),
    });
  });

  it("share their device with tfjs, which computes on it", async () => {
    await import("@tensorflow/tfjs-backend-webgpu");
    await tf.setBackend("webgpu");
    expect((tf.backend() as WebGPUBackend).device).toBe(await sharedDevice());
    const sum = tf.add(tf.tensor1d([1, 2]), tf.tensor1d([3, 4]));
    expect([...(await sum.data())]).toEqual([4, 6]);
  });
});

describe("own kernels and device memory", () => {
  it("allocate nothing in 300 steps and prefills, one submit each, and free all in the end", async () => {
    const device = await ownDevice();
    const alive = countedBuffers(device);
    let submits = 0;
    const submit = device.queue.submit.bind(device.queue);
    device.queue.submit = (buffers) => {
      submits++;
      submit(buffers);
    };
    const decoder = await createWebgpuDecoder(small, { prefixLength, device });
    const made = alive.size;
    expect(made).toBeGreaterThan(10);
    expect(decoder.stepCost.memoryBytes).toBe([...alive].reduce((sum, b) => sum + b.size, 0));
    await decoder.prefill(Array.from({ length: 30 }, (_, i) => i));
    submits = 0;
    for (let step = 0; step < 300; step++) {
      await decoder.decodeStep(step % 50);
      if (step % 50 === 49) decoder.truncate(decoder.position - 20);
    }
    expect(submits).toBe(300);
    expect(alive.size).toBe(made);
    decoder.dispose();
    expect(alive.size).toBe(0);
    await expect(decoder.decodeStep(1)).rejects.toThrow(/disposed/);
    device.destroy();
  });

  it("say so when the device has no room", async () => {
    const device = await ownDevice();
    device.createBuffer = () => {
      throw new RangeError("no");
    };
    await expect(createWebgpuDecoder(small, { prefixLength, device })).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining("memory"),
    });
    device.destroy();
  });
});

describe("a lost device", () => {
  it("rejects the step under way and every later one, and a new decoder goes on", async () => {
    const device = await ownDevice();
    const decoder = await createWebgpuDecoder(small, { prefixLength, device });
    await decoder.prefill([1, 2, 3]);
    const underWay = decoder.decodeStep(4);
    device.destroy();
    await expect(underWay).rejects.toBeInstanceOf(DeviceLost);
    await expect(decoder.decodeStep(5)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(decoder.prefill([5, 6])).rejects.toBeInstanceOf(DeviceLost);
    decoder.dispose();
    const next = await createWebgpuDecoder(small, { prefixLength });
    const expected = new ReferenceModel(small, prefixLength).onePass([1, 2, 3, 4]);
    const logits = await next.prefill([1, 2, 3, 4]);
    expect(relativeError(logits, expected[3])).toBeLessThan(F32_RELATIVE_ERROR);
    next.dispose();
  });

  // Last, since it takes the device of all other tests away.
  it("is replaced, for tfjs too", async () => {
    const before = await sharedDevice();
    before.destroy();
    await before.lost;
    const after = await sharedDevice();
    expect(after).not.toBe(before);
    const decoder = await createWebgpuDecoder(small, { prefixLength });
    await decoder.prefill([1, 2, 3]);
    decoder.dispose();
    await tf.setBackend("webgpu");
    expect((tf.backend() as WebGPUBackend).device).toBe(after);
  });
});

async function ownDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  return adapter!.requestDevice({ requiredFeatures: ["subgroups"] });
}
