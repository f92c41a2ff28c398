import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { SMALL_ARCHITECTURE } from "#model/testing/small-architecture.ts";
import { F32_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import { watchValidation } from "#model/testing/watched-validation.ts";
import { ReferenceModel } from "../reference/reference-model.ts";
import type { BatchDecoder } from "./batch-decoder.ts";
import { sharedDevice } from "./device.ts";
import { adapterTraits, kernelShape } from "./kernel-shape.ts";
import { createWebgpuDecoder, type WebgpuDecoderOptions } from "./webgpu-decoder.ts";

const prefixLength = 3;
const slack = 8;
const rotary = randomWeights(SMALL_ARCHITECTURE, 1);
const absolute = randomWeights({ ...SMALL_ARCHITECTURE, positions: "absolute" }, 1);

watchValidation();

/** Feeds every sequence its own tokens and returns what each was fed, and the last rows. */
async function feed(batch: BatchDecoder, steps: number, seed: number) {
  const random = new Random(seed);
  const fed: number[][] = Array.from({ length: batch.sequences }, () => []);
  let rows = new Float32Array();
  for (let step = 0; step < steps; step++) {
    const tokens = fed.map(() => random.integer(SMALL_ARCHITECTURE.vocabulary));
    tokens.forEach((token, b) => {
      fed[b].push(token);
    });
    rows = (await batch.decodeStep(tokens)).slice();
  }
  const row = (b: number) =>
    rows.subarray(b * SMALL_ARCHITECTURE.vocabulary, (b + 1) * SMALL_ARCHITECTURE.vocabulary);
  return { fed, row };
}

const draw = (count: number, seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.integer(SMALL_ARCHITECTURE.vocabulary));
};

const software = kernelShape({ software: true, subgroupSize: 0 });
/** By name, with the positions to begin at: nothing before, within the window, past it and its ring. */
const shapes: Record<string, [Pick<WebgpuDecoderOptions, "shape" | "weights">, number[]]> = {
  "f32 in this adapter's shape": [{ weights: "f32" }, [0, 20, 90]],
  "f16 in this adapter's shape": [{ weights: "f16" }, [0, 20, 90]],
  "int8 in this adapter's shape": [{ weights: "int8" }, [0, 20, 90]],
  "f32 without subgroups": [{ shape: software, weights: "f32" }, [0, 20, 90]],
  // An emulated GPU takes long over these: one run, past the end of the window and of the ring.
  "int8, slices by subgroups": [
    { shape: kernelShape({ software: false, subgroupSize: 4 }), weights: "int8" },
    [64],
  ],
  "f32, slices through shared memory": [
    { shape: kernelShape({ software: false, subgroupSize: 0 }), weights: "f32" },
    [64],
  ],
};

describe.each(Object.entries(shapes))("a batch, %s", (_, [options, begins]) => {
  it.each(begins)(
    "gives each sequence what a decoder of its own in the usual shape would, from %i",
    async (at) => {
      const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, ...options });
      const past = draw(at, 4);
      if (at > 0) await decoder.prefill(past);
      const batch = await decoder.batch(3);
      const { fed, row } = await feed(batch, 12, 5);
      expect(batch.position).toBe(at + 12);
      const { weights } = options;
      const usual = await createWebgpuDecoder(rotary, { prefixLength, slack, weights });
      for (const [b, tokens] of fed.entries()) {
        usual.truncate(0);
        const expected = await usual.prefill([...past, ...tokens]);
        expect(relativeError(row(b), expected)).toBeLessThan(F32_RELATIVE_ERROR);
      }
      for (const each of [decoder, usual]) each.dispose();
    },
  );
});

describe("a batch", () => {
  it("agrees with the reference past the end of the window", async () => {
    const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    const past = draw(50, 6);
    await decoder.prefill(past);
    const batch = await decoder.batch(2);
    const { fed, row } = await feed(batch, 60, 7);
    for (const [b, tokens] of fed.entries()) {
      const expected = new ReferenceModel(rotary, prefixLength).onePass([...past, ...tokens])[109];
      expect(relativeError(row(b), expected)).toBeLessThan(F32_RELATIVE_ERROR);
    }
    decoder.dispose();
  });

  it("serves absolute positions to the end of the context, and stops there", async () => {
    const decoder = await createWebgpuDecoder(absolute, { prefixLength, weights: "f32" });
    await decoder.prefill(draw(60, 8));
    const batch = await decoder.batch(2);
    const { fed, row } = await feed(batch, 4, 9);
    await expect(batch.decodeStep([1, 2])).rejects.toThrow(/past the context/);
    const expected = await decoder.prefill(fed[1]);
    expect(relativeError(row(1), expected)).toBeLessThan(F32_RELATIVE_ERROR);
    decoder.dispose();
  });

  it("truncates exactly, back to where its sequences part and no farther", async () => {
    const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    await decoder.prefill(draw(30, 10));
    const batch = await decoder.batch(2);
    const first = await feed(batch, 6, 11);
    batch.truncate(30);
    await feed(batch, 5, 12);
    batch.truncate(30);
    const again = await feed(batch, 6, 11);
    expect(again.row(1)).toEqual(first.row(1));
    expect(batch.oldestPosition).toBe(30);
    expect(() => batch.truncate(29)).toThrow(/part at 30/);
    decoder.dispose();
  });

  it("lets the decoder go on and then adopt a future, exactly", async () => {
    const make = () => createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    const [decoder, other] = [await make(), await make()];
    const past = draw(80, 13);
    await decoder.prefill(past);
    const batch = await decoder.batch(3);
    await decoder.prefill(draw(5, 14));
    const { fed } = await feed(batch, 10, 15);
    expect(() => batch.adopt(1)).toThrow(/forked at 80/);
    decoder.truncate(80);
    batch.adopt(1);
    expect(decoder.position).toBe(90);
    await other.prefill([...past, ...fed[1]]);
    const expected = await other.decodeStep(7);
    expect(relativeError(await decoder.decodeStep(7), expected)).toBeLessThan(F32_RELATIVE_ERROR);
    // And the next futures start from there.
    batch.fork();
    expect(batch.position).toBe(91);
    const { row } = await feed(batch, 1, 16);
    const next = await other.decodeStep(draw(3, 16)[2]);
    expect(relativeError(row(2), next)).toBeLessThan(F32_RELATIVE_ERROR);
    for (const each of [decoder, other]) each.dispose();
  });

  it.each([1, 2, 5])("of %i reaches as far as was asked", async (sequences) => {
    const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    const past = draw(45, 17);
    await decoder.prefill(past);
    const batch = await decoder.batch(sequences, { reach: 30 });
    const { fed, row } = await feed(batch, 30, 18);
    await expect(batch.decodeStep(fed.map(() => 1))).rejects.toThrow(/past the reach/);
    for (const [b, tokens] of fed.entries()) {
      const expected = new ReferenceModel(rotary, prefixLength).onePass([...past, ...tokens])[74];
      expect(relativeError(row(b), expected)).toBeLessThan(F32_RELATIVE_ERROR);
    }
    // The last of them becomes the decoder's own, and the next futures start there.
    batch.adopt(sequences - 1);
    batch.fork();
    const again = await feed(batch, 3, 19);
    const all = [...past, ...fed[sequences - 1], ...again.fed[0]];
    const expected = new ReferenceModel(rotary, prefixLength).onePass(all)[77];
    expect(relativeError(again.row(0), expected)).toBeLessThan(F32_RELATIVE_ERROR);
    decoder.dispose();
  });

  it("takes less memory the shorter it reaches", async () => {
    const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    const { memoryBytes } = await decoder.batch(2, { reach: 30 });
    expect(memoryBytes).toBeLessThan((await decoder.batch(2)).memoryBytes);
    decoder.dispose();
  });

  it("parts inside the prefix as well", async () => {
    const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    await decoder.prefill([7, 8]);
    const batch = await decoder.batch(2);
    const { fed, row } = await feed(batch, 80, 20);
    const model = new ReferenceModel(rotary, prefixLength);
    for (const [b, tokens] of fed.entries())
      expect(relativeError(row(b), model.onePass([7, 8, ...tokens])[81])).toBeLessThan(
        F32_RELATIVE_ERROR,
      );
    batch.adopt(1);
    const expected = model.onePass([7, 8, ...fed[1], 9])[82];
    expect(relativeError(await decoder.decodeStep(9), expected)).toBeLessThan(F32_RELATIVE_ERROR);
    decoder.dispose();
  });

  it("refuses what it cannot take, and ends with its decoder", async () => {
    const decoder = await createWebgpuDecoder(rotary, { prefixLength, slack, weights: "f32" });
    await expect(decoder.batch(0)).rejects.toThrow(/expected 1..16/);
    const batch = await decoder.batch(2);
    await expect(batch.decodeStep([1])).rejects.toThrow(/1 tokens for 2/);
    await expect(batch.decodeStep([1, 50])).rejects.toThrow(/token 50/);
    expect(batch.position).toBe(0);
    expect(batch.memoryBytes).toBeGreaterThan(0);
    decoder.dispose();
    expect(batch.memoryBytes).toBe(0);
    await expect(batch.decodeStep([1, 2])).rejects.toThrow(/disposed/);
    await expect(decoder.batch(2)).rejects.toThrow(/disposed/);
  });

  it("uses the adapter's subgroups in its own shape", async () => {
    expect(kernelShape(adapterTraits(await sharedDevice())).subgroups).toBe(true);
  });
});
