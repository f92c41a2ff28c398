import { beforeEach, describe, expect, it } from "vitest";
import { openDecoder } from "#model/open-decoder.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { INT8_ROUNDING_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import { type Fetch, httpSource } from "./byte-source.ts";
import { loadModel } from "./model-loader.ts";
import type { ByteStore } from "./shard-cache.ts";

const folder = "/client/model/testdata/golden-rotary";

describe("what is kept across visits, over real HTTP", () => {
  let asked: string[] = [];
  let kept = new Map<string, Uint8Array<ArrayBuffer>>();
  const source = () => {
    const counting: Fetch = (url, init) => {
      asked.push(url.slice(folder.length + 1));
      return fetch(url, init);
    };
    return httpSource(folder, counting);
  };
  const store: ByteStore = {
    get: async (key) => kept.get(key),
    put: async (key, bytes) => void kept.set(key, bytes),
    drop: async (key) => void kept.delete(key),
    keepOnly: async (keys) => {
      kept = new Map([...kept].filter(([key]) => keys.includes(key)));
    },
  };
  const ids: string[] = [];
  const keep = (id: string) => {
    ids.push(id);
    return store;
  };
  beforeEach(() => {
    asked = [];
    kept = new Map();
  });

  it("fetches shards on the first visit and none on the second", async () => {
    const first = await loadModel(source(), { keep });
    const [shard] = first.manifest.shards;
    expect(asked).toEqual(["manifest.json", shard.file]);
    expect(ids).toEqual([first.manifest.id]);
    asked = [];
    const progress: number[] = [];
    const second = await loadModel(source(), {
      keep,
      onProgress: ({ loadedBytes }) => progress.push(loadedBytes),
    });
    expect(asked).toEqual(["manifest.json"]);
    expect(progress.at(-1)).toBe(shard.bytes);
    expect(second.remarks).toEqual([]);
    expect(second.weights.rotaryFrequencies()).toEqual(first.weights.rotaryFrequencies());
  });

  it("fetches a kept shard again when it was damaged, once, and says so", async () => {
    const { manifest } = await loadModel(source(), { keep });
    const [shard] = manifest.shards;
    for (const damaged of [new Uint8Array(shard.bytes), new Uint8Array(3)]) {
      kept.set(shard.sha256, damaged);
      asked = [];
      const { remarks } = await loadModel(source(), { keep });
      expect(asked).toEqual(["manifest.json", shard.file]);
      expect(remarks.map(({ code }) => code)).toEqual(["kept-copy-broken"]);
    }
    asked = [];
    await loadModel(source(), { keep });
    expect(asked).toEqual(["manifest.json"]);
  });

  it("forgets the shards of older versions", async () => {
    kept.set("a".repeat(64), new Uint8Array(1));
    const { manifest } = await loadModel(source(), { keep });
    expect([...kept.keys()]).toEqual(manifest.shards.map((shard) => shard.sha256));
  });

  it("loads without a store that refuses, and says so once", async () => {
    const refuse = () => Promise.reject(new DOMException("Quota exceeded.", "QuotaExceededError"));
    const refusing = { get: refuse, put: refuse, drop: refuse, keepOnly: refuse };
    const { remarks } = await loadModel(source(), { keep: () => refusing });
    expect(remarks).toMatchObject([
      {
        code: "weights-not-kept",
        parameters: { reason: expect.stringContaining("Quota exceeded") },
      },
    ]);
  });

  it("refuses a page that answers for every address", async () => {
    await expect(loadModel(httpSource("/"))).rejects.toThrow(/manifest/);
  });
});

describe("openDecoder in Chromium", () => {
  it("does not choose an emulated GPU, unless told to", async () => {
    const weights = randomWeights(
      {
        vocabulary: 10,
        dim: 8,
        depth: 1,
        heads: 1,
        headDim: 8,
        feedForward: 8,
        contextLength: 16,
        positions: "absolute",
      },
      1,
    );
    const options = {
      prefixLength: 3,
      wasmPaths: "/node_modules/@tensorflow/tfjs-backend-wasm/dist/",
    };
    const adapter = await navigator.gpu.requestAdapter();
    const emulated = adapter?.info.architecture === "swiftshader";
    const { decoder, remarks } = await openDecoder(weights, options);
    expect(decoder.backend).toBe(emulated ? "wasm" : "webgpu");
    if (emulated) expect(remarks[0].code).toBe("webgpu-emulated");
    const told = await openDecoder(weights, { ...options, prefer: "webgpu" });
    expect(told.decoder.backend).toBe("webgpu");
    const expected = await decoder.prefill([1, 2, 3]);
    const actual = await told.decoder.prefill([1, 2, 3]);
    // The CPU's weights are rounded to 8 bits, the emulated GPU's are not.
    expect(relativeError(actual, expected)).toBeLessThan(INT8_ROUNDING_RELATIVE_ERROR);
    decoder.dispose();
    told.decoder.dispose();
  });
});
