import { createReadStream, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import { type ByteSource, httpSource } from "./byte-source.ts";
import { type LoadProgress, loadModel } from "./model-loader.ts";
import type { ByteStore } from "./shard-cache.ts";
import { TENSOR } from "./tensor-names.ts";

const folder = new URL("../testdata/golden-absolute/", import.meta.url);
const onDisk: ByteSource = {
  location: folder.pathname,
  read: (file, signal) => createReadStream(new URL(file, folder), { signal }),
};
const manifest = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8"));
const shardName: string = manifest.shards[0].file;
const shard = new Uint8Array(readFileSync(new URL(shardName, folder)));

/** A folder in memory; a file is handed out in pieces of 100,000 bytes. */
const inMemory = (files: Record<string, Uint8Array | string | undefined>): ByteSource => ({
  location: "memory",
  async *read(file, signal) {
    const content = files[file];
    if (content === undefined) throw new Failure("not-found", `no ${file}`);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    for (let at = 0; at < bytes.length; at += 100_000) {
      signal.throwIfAborted();
      yield bytes.subarray(at, at + 100_000);
    }
  },
});
const good = { "manifest.json": JSON.stringify(manifest), [shardName]: shard };
const changed = (change: (bytes: Uint8Array) => void) => {
  const bytes = shard.slice();
  change(bytes);
  return bytes;
};

describe("loadModel", () => {
  it("loads a model from disk, with progress up to the last byte", async () => {
    const progress: LoadProgress[] = [];
    const model = await loadModel(onDisk, { onProgress: (now) => progress.push(now) });
    expect(model.manifest.id).toBe("golden-absolute");
    expect(model.weights.tensor(TENSOR.logits).shape).toEqual([160, 48]);
    expect(model.remarks).toEqual([]);
    expect(progress[0]).toEqual({ loadedBytes: 0, totalBytes: shard.length });
    expect(progress.at(-1)).toEqual({ loadedBytes: shard.length, totalBytes: shard.length });
    expect(progress.length).toBeGreaterThan(3);
  });

  it.each([
    [
      "one bit flipped",
      {
        [shardName]: changed((b) => {
          b[b.length - 1] ^= 1;
        }),
      },
      /sha256/,
    ],
    ["a truncated shard", { [shardName]: shard.subarray(0, -1) }, /ends after/],
    ["a shard that goes on", { [shardName]: Uint8Array.from([...shard, 0]) }, /longer than/],
    ["a missing shard", { [shardName]: undefined }, /no golden-absolute/],
    [
      "a manifest that is a web page",
      { "manifest.json": "<!doctype html>" },
      /not a model's manifest/,
    ],
    ["foreign JSON", { "manifest.json": '{"name":"leftpad"}' }, /manifest is not usable/],
    ["an endless manifest", { "manifest.json": " ".repeat(2_000_000) }, /not a model's manifest/],
    [
      "a manifest of another architecture",
      { "manifest.json": JSON.stringify(manifest).replace('"depth":3', '"depth":4') },
      /"attn_layers.layers.6.0.0.gamma" is missing/,
    ],
    [
      "a manifest that tells of biases where there are none",
      { "manifest.json": JSON.stringify(manifest).replace('"depth":3', '"depth":3,"biases":true') },
      /"to_logits.bias" is missing/,
    ],
    [
      "a manifest whose biases are no truth value",
      {
        "manifest.json": JSON.stringify(manifest).replace('"depth":3', '"depth":3,"biases":"all"'),
      },
      /architecture.biases must be true or false, or left out/,
    ],
    [
      "a manifest of another width",
      { "manifest.json": JSON.stringify(manifest).replace('"dim":48', '"dim":64') },
      /has the shape \[160,48\], expected \[160,64\]/,
    ],
  ])("refuses %s", async (_, change, message) => {
    const source = inMemory({ ...good, ...change } as Record<string, Uint8Array | undefined>);
    const loading = loadModel(source);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toBeInstanceOf(Failure);
  });

  it("tells of biases where the manifest does, and takes false for nothing said", async () => {
    const biased = new URL("../testdata/golden-absolute-biases/", import.meta.url);
    const { weights } = await loadModel({
      location: biased.pathname,
      read: (file, signal) => createReadStream(new URL(file, biased), { signal }),
    });
    expect(weights.architecture.biases).toBe(true);
    expect(weights.logitsBias).toHaveLength(160);
    expect(weights.block(2).queryBias).toHaveLength(128);
    expect(weights.block(2).attentionOutBias).toHaveLength(48);
    const denied = JSON.stringify(manifest).replace('"depth":3', '"depth":3,"biases":false');
    const without = await loadModel(inMemory({ ...good, "manifest.json": denied }));
    expect(without.weights.architecture).toEqual(manifest.architecture);
    expect(without.weights.logitsBias).toBeUndefined();
    expect(without.weights.block(2)).not.toHaveProperty("queryBias");
  });

  it("reads the groups of conditions that stand beside the architecture", async () => {
    const conditioned = new URL("../testdata/golden-conditioned-int8/", import.meta.url);
    const source = {
      location: conditioned.pathname,
      read: (file: string, signal: AbortSignal) =>
        createReadStream(new URL(file, conditioned), { signal }),
    };
    const { manifest, weights } = await loadModel(source);
    expect(manifest.architecture.conditions).toEqual([
      { name: "phase", rows: 9 },
      { name: "chord", rows: 5 },
      { name: "leader", rows: 3 },
      { name: "style", rows: 2 },
    ]);
    expect(weights.architecture.conditions).toBe(manifest.architecture.conditions);
    expect(weights.conditions).toHaveLength(19 * 48);
    const without = (await loadModel(inMemory(good))).manifest.architecture;
    expect(without).not.toHaveProperty("conditions");
  });

  it.each([
    ["none", [], /conditions must be a non-empty list, or left out/],
    ["no list", {}, /conditions must be a non-empty list/],
    ["no rows", [{ name: "phase", rows: 0 }], /conditions\[0\].rows must be a positive integer/],
    ["no name", [{ rows: 3 }], /conditions\[0\].name must be a text/],
    [
      "two groups of one name",
      [
        { name: "phase", rows: 2 },
        { name: "phase", rows: 2 },
      ],
      /conditions must be a list of different names/,
    ],
    ["rows that are not there", [{ name: "phase", rows: 2 }], /conditions.weight" is missing/],
  ])("refuses conditions that name %s", async (_, conditions, message) => {
    const text = JSON.stringify({ ...manifest, conditions });
    const loading = loadModel(inMemory({ ...good, "manifest.json": text }));
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toBeInstanceOf(Failure);
  });

  it("refuses weights that are not finite, even with the right sha256", async () => {
    const bytes = changed((b) => b.fill(0xff, b.length - 4));
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    const shards = [{ ...manifest.shards[0], sha256: digest }];
    const source = inMemory({
      "manifest.json": JSON.stringify({ ...manifest, shards }),
      [shardName]: bytes,
    });
    await expect(loadModel(source)).rejects.toThrow(/not finite/);
  });

  it("stops when aborted, with the reason it was given", async () => {
    const controller = new AbortController();
    const reason = new Error("the player chose another model");
    const loading = loadModel(inMemory(good), {
      signal: controller.signal,
      onProgress: ({ loadedBytes }) => {
        if (loadedBytes > 0) controller.abort(reason);
      },
    });
    await expect(loading).rejects.toBe(reason);
  });

  it("loads no more shards at once than it is told, and stops the others when one fails", async () => {
    const names = Array.from({ length: 6 }, (_, i) => `part-${i}.safetensors`);
    const shards = names.map((file) => ({ file, bytes: 4, sha256: "0".repeat(64) }));
    let open = 0;
    let most = 0;
    const started: string[] = [];
    const source: ByteSource = {
      location: "memory",
      async *read(file, signal) {
        if (file === "manifest.json") {
          yield new TextEncoder().encode(JSON.stringify({ ...manifest, shards }));
          return;
        }
        started.push(file);
        most = Math.max(most, ++open);
        try {
          await new Promise((resolve) => setTimeout(resolve, 5));
          signal.throwIfAborted();
          yield new Uint8Array(4);
        } finally {
          open--;
        }
      },
    };
    await expect(loadModel(source, { concurrency: 2 })).rejects.toThrow(/sha256/);
    expect(most).toBe(2);
    expect(started.length).toBeLessThan(6);
    expect(open).toBe(0);
  });
});

describe("httpSource", () => {
  const answer = (response: () => Response) =>
    httpSource("http://host/models/m/", async () => response());
  it.each([
    [
      "404",
      () => new Response("", { status: 404 }),
      "not-found",
      /There is no http:\/\/host\/models\/m\/manifest.json/,
    ],
    ["503", () => new Response("", { status: 503 }), "unavailable", /answered with 503/],
    [
      "no network",
      () => {
        throw new TypeError("fetch failed");
      },
      "unavailable",
      /check the connection/,
    ],
    [
      "a connection that breaks",
      () => new Response(new ReadableStream({ pull: (c) => c.error(new TypeError("reset")) })),
      "unavailable",
      /could not be loaded/,
    ],
  ])("says what %s means", async (_, response, kind, message) => {
    const loading = loadModel(answer(response as () => Response));
    await expect(loading).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it("opens from what is kept when the source is gone, and says so", async () => {
    const texts = new Map<string, string>();
    const manifests = {
      get: async (key: string) => texts.get(key),
      set: async (key: string, text: string) => void texts.set(key, text),
    };
    const shards = new Map<string, Uint8Array<ArrayBuffer>>();
    const keep = (): ByteStore => ({
      get: async (key) => shards.get(key),
      put: async (key, bytes) => void shards.set(key, bytes),
      drop: async (key) => void shards.delete(key),
      keepOnly: async () => undefined,
    });
    const gone: ByteSource = {
      location: "memory",
      // biome-ignore lint/correctness/useYield: a source that fails before its first byte
      async *read() {
        throw new Failure("unavailable", "nobody answers");
      },
    };
    await expect(loadModel(gone, { keep, manifests })).rejects.toThrow("nobody answers");
    await loadModel(inMemory(good), { keep, manifests });
    const again = await loadModel(gone, { keep, manifests });
    expect(again.manifest.id).toBe("golden-absolute");
    expect(again.remarks).toEqual([remark("kept-model", {})]);
    // A source that answers is believed: this model is not there any more.
    const withdrawn = inMemory({ ...good, "manifest.json": undefined });
    await expect(loadModel(withdrawn, { keep, manifests })).rejects.toThrow("no manifest.json");
    const refusing = {
      get: () => Promise.reject(new Error("no storage")),
      set: () => Promise.reject(new Error("no storage")),
    };
    await expect(loadModel(gone, { keep, manifests: refusing })).rejects.toThrow("nobody answers");
    const told = (await loadModel(inMemory(good), { keep, manifests: refusing })).remarks;
    expect(told).toEqual([remark("weights-not-kept", { reason: "no storage" })]);
  });
});
