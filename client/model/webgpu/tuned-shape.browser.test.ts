import { describe, expect, it } from "vitest";
import { AssertionError } from "#base/assert.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { SMALL_ARCHITECTURE } from "#model/testing/small-architecture.ts";
import { F32_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import { ReferenceModel } from "../reference/reference-model.ts";
import type { TextStore } from "../text-store.ts";
import { sharedDevice } from "./device.ts";
import { adapterTraits, kernelShape, shapeCandidates } from "./kernel-shape.ts";
import type { Tuning } from "./tuned-shape.ts";
import { createWebgpuDecoder } from "./webgpu-decoder.ts";

const weights = randomWeights(SMALL_ARCHITECTURE, 1);
const prefixLength = 3;

/** A store in memory. */
function memoryStore() {
  const kept = new Map<string, string>();
  const store: TextStore = {
    get: async (key) => kept.get(key),
    set: async (key, value) => {
      kept.set(key, value);
    },
  };
  return { kept, store };
}

const open = (tuning: Tuning, format: "f32" | "int8" = "f32") =>
  createWebgpuDecoder(weights, { prefixLength, weights: format, tuning });

/** Compilers get time enough here, and each shape the same number of turns on a clock that favours one. */
async function patient(store: TextStore, favoured = 1): Promise<Tuning> {
  const count = (await candidates()).length;
  return { store, software: true, budget: 20_000, now: clockThatFavours(favoured, count) };
}

/** Passes a quarter of a second at each look, less when the favoured one of `count` ways ends its turn. */
function clockThatFavours(favoured: number, count: number): () => number {
  let time = 0;
  let looks = -1;
  return () => {
    // One look to begin with; in a turn of all, one before it, and three a way: before, at its start, at its end.
    const inTurn = looks++ % (1 + 3 * count);
    time += inTurn === 3 + 3 * favoured ? 100 : 250;
    return time;
  };
}

async function candidates() {
  return shapeCandidates(await usual(), adapterTraits(await sharedDevice()));
}

async function usual() {
  return kernelShape(adapterTraits(await sharedDevice()));
}

describe("a tuned shape", () => {
  it("is found among the candidates, remembered by model and format, and right", async () => {
    const { kept, store } = memoryStore();
    const decoder = await open(await patient(store, 2));
    expect(decoder.shape).toEqual((await candidates())[2]);
    expect([...kept.values()]).toEqual([JSON.stringify(decoder.shape.packing)]);
    const tokens = [1, 2, 3, 4, 5];
    const expected = new ReferenceModel(weights, prefixLength).onePass(tokens);
    expect(relativeError(await decoder.prefill(tokens), expected[4])).toBeLessThan(
      F32_RELATIVE_ERROR,
    );
    decoder.dispose();
    (await open(await patient(store), "int8")).dispose();
    expect(kept.size).toBe(2);
  });

  it("is found for a model with biases too", async () => {
    const { kept, store } = memoryStore();
    const biased = randomWeights({ ...SMALL_ARCHITECTURE, biases: true }, 1);
    const tuning = await patient(store, 2);
    const decoder = await createWebgpuDecoder(biased, { prefixLength, weights: "f32", tuning });
    expect(decoder.shape).toEqual((await candidates())[2]);
    expect(kept.size).toBe(1);
    decoder.dispose();
  });

  it("is taken from the store without a trial, and text that is no shape is not", async () => {
    const { kept, store } = memoryStore();
    (await open(await patient(store))).dispose();
    const [key] = kept.keys();
    const other = (await candidates())[3];
    kept.set(key, JSON.stringify(other.packing));
    const neverLooks = () => {
      throw new AssertionError("a trial");
    };
    const decoder = await open({ ...(await patient(store)), now: neverLooks });
    expect(decoder.shape).toEqual(other);
    decoder.dispose();
    kept.set(key, '{"columns":1e9}');
    await expect(open({ ...(await patient(store)), now: neverLooks })).rejects.toThrow("a trial");
  });

  it("stays the usual one, unremembered, where compilers take too long", async () => {
    const { kept, store } = memoryStore();
    const decoder = await open({ ...(await patient(store)), budget: 0 });
    expect(decoder.shape).toEqual(await usual());
    expect(kept.size).toBe(0);
    decoder.dispose();
  });

  it("stays the usual one on an adapter that is emulated, and where the store fails", async () => {
    const failing: TextStore = {
      get: () => Promise.reject(new DOMException("forbidden", "SecurityError")),
      set: () => Promise.reject(new Error("never reached")),
    };
    (await open({ store: failing })).dispose();
    const notes: string[] = [];
    const decoder = await open({ ...(await patient(failing)), report: (note) => notes.push(note) });
    expect(decoder.shape).toEqual(await usual());
    expect(notes).toEqual([expect.stringContaining("forbidden")]);
    decoder.dispose();
  });

  it("leaves nothing of its trials on the device", async () => {
    const device = await sharedDevice();
    const alive = new Set<GPUBuffer>();
    const createBuffer = device.createBuffer;
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(device, descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        alive.delete(buffer);
        destroy();
      };
      alive.add(buffer);
      return buffer;
    };
    const { store } = memoryStore();
    const decoder = await open(await patient(store));
    expect(decoder.stepCost.memoryBytes).toBe([...alive].reduce((sum, b) => sum + b.size, 0));
    decoder.dispose();
    device.createBuffer = createBuffer;
  });
});
