import { beforeEach, describe, expect, it } from "vitest";
import { openDecoder } from "#model/open-decoder.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { INT8_ROUNDING_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import { type Fetch, httpSource } from "./byte-source.ts";
import { loadModel } from "./model-loader.ts";

const CACHE = "cadenza-model-golden-rotary";
const folder = "/client/model/testdata/golden-rotary";

describe("the cache across visits, over real HTTP", () => {
  let asked: string[] = [];
  const source = () => {
    const counting: Fetch = (url, init) => {
      asked.push(url.slice(folder.length + 1));
      return fetch(url, init);
    };
    return httpSource(folder, counting);
  };
  beforeEach(async () => {
    await caches.delete(CACHE);
    asked = [];
  });

  it("fetches shards on the first visit and none on the second", async () => {
    const first = await loadModel(source());
    const [shard] = first.manifest.shards;
    expect(asked).toEqual(["manifest.json", shard.file]);
    asked = [];
    const progress: number[] = [];
    const second = await loadModel(source(), {
      onProgress: ({ loadedBytes }) => progress.push(loadedBytes),
    });
    expect(asked).toEqual(["manifest.json"]);
    expect(progress.at(-1)).toBe(shard.bytes);
    expect(second.remarks).toEqual([]);
    expect(second.weights.rotaryFrequencies()).toEqual(first.weights.rotaryFrequencies());
  });

  it("fetches a kept shard again when it was damaged, once, and says so", async () => {
    const { manifest } = await loadModel(source());
    const [shard] = manifest.shards;
    const cache = await caches.open(CACHE);
    const [key] = await cache.keys();
    for (const damaged of [new Uint8Array(shard.bytes), new Uint8Array(3)]) {
      await cache.put(key, new Response(damaged));
      asked = [];
      const { remarks } = await loadModel(source());
      expect(asked).toEqual(["manifest.json", shard.file]);
      expect(remarks.map(({ code }) => code)).toEqual(["kept-copy-broken"]);
    }
    asked = [];
    await loadModel(source());
    expect(asked).toEqual(["manifest.json"]);
  });

  it("forgets the shards of older versions", async () => {
    const cache = await caches.open(CACHE);
    await cache.put(`https://weights.invalid/${"a".repeat(64)}`, new Response("old"));
    const { manifest } = await loadModel(source());
    const keys = (await cache.keys()).map((request) => request.url);
    expect(keys).toEqual(manifest.shards.map((shard) => `https://weights.invalid/${shard.sha256}`));
  });

  it("loads without a cache that refuses, and says so once", async () => {
    const refusing = {
      open: () => Promise.reject(new DOMException("Quota exceeded.", "QuotaExceededError")),
    } as unknown as CacheStorage;
    const { remarks } = await loadModel(source(), { caches: refusing });
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
