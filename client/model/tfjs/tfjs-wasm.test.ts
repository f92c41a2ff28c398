import { createReadStream } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { decoderContract } from "#model/testing/decoder-contract.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { SMALL_ARCHITECTURE } from "#model/testing/small-architecture.ts";
import { createTfjsDecoder } from "./tfjs-decoder.ts";

decoderContract(
  "tfjs wasm",
  (weights, options) => createTfjsDecoder(weights, { backend: "wasm", ...options }),
  (folder) => {
    const url = new URL(`../testdata/${folder}/`, import.meta.url);
    return {
      location: folder,
      read: (file, signal) => createReadStream(new URL(file, url), { signal }),
    };
  },
);

const weights = randomWeights(SMALL_ARCHITECTURE, 1);

describe("tfjs on WASM", () => {
  it("leaves no tensor behind in 1,000 steps, nor after it is disposed of", async () => {
    const before = tf.memory().numTensors;
    const decoder = await createTfjsDecoder(weights, { backend: "wasm", prefixLength: 3 });
    await decoder.prefill([1, 2, 3]);
    const { numTensors } = tf.memory();
    for (let step = 0; step < 1000; step++) {
      await decoder.decodeStep(step % 50);
      if (step % 100 === 99) decoder.truncate(decoder.position - 20);
    }
    await decoder.prefill(Array.from({ length: 300 }, (_, i) => i % 50));
    expect(tf.memory().numTensors).toBe(numTensors);
    decoder.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await expect(decoder.decodeStep(1)).rejects.toThrow(/disposed/);
  });

  it("two decoders keep apart", async () => {
    const make = () => createTfjsDecoder(weights, { backend: "wasm", prefixLength: 3 });
    const [one, other] = [await make(), await make()];
    await one.prefill([1, 2, 3, 4]);
    await other.prefill([9, 8, 7, 6, 5]);
    const expected = await one.decodeStep(10);
    one.truncate(4);
    const [again] = await Promise.all([one.decodeStep(10), other.decodeStep(11)]);
    expect(again).toEqual(expected);
    one.dispose();
    other.dispose();
  });

  it("says what to do where the backend does not start", async () => {
    const starting = createTfjsDecoder(weights, { backend: "webgpu", prefixLength: 3 });
    await expect(starting).rejects.toThrow(/webgpu backend does not start here; use the CPU/);
    await expect(starting).rejects.toBeInstanceOf(Failure);
  });
});
