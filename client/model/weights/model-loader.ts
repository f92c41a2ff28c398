/**
 * Loads a model: manifest, then its shards, several at a time, each checked against its length and
 * sha256 before anything looks inside. All or nothing: the first thing that is wrong stops the rest
 * and is thrown, so nothing half-loaded ever plays (contract, section 2).
 */
import { Failure } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { TextStore } from "../text-store.ts";
import type { ByteSource } from "./byte-source.ts";
import { readOrKept } from "./kept-manifest.ts";
import { type Manifest, parseManifest, type ShardEntry } from "./manifest.ts";
import { parseSafetensors } from "./safetensors.ts";
import { type ByteStore, ShardCache } from "./shard-cache.ts";
import { Weights } from "./weights.ts";

/** How far loading has come, in bytes of all shards; cached shards count as they are verified. */
export interface LoadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What may be varied when loading. */
export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Where the shards of a model, by its id, are kept between visits; by default nowhere. */
  readonly keep?: (id: string) => ByteStore | undefined;
  /** Where manifests are kept, by the source's location, for when it does not answer; by default nowhere. */
  readonly manifests?: TextStore;
  /** Shards in flight at once. */
  readonly concurrency?: number;
}

/** A model that is whole and verified. */
export interface LoadedModel {
  readonly manifest: Manifest;
  readonly weights: Weights;
  /** What a person may want to know: shards that had to be fetched again, a cache that is full. */
  readonly remarks: readonly Remark[];
}

const MAX_MANIFEST_BYTES = 1024 * 1024;
const NEVER = new AbortController().signal;

/**
 * Loads and verifies a whole model.
 * @throws Failure "not-found" or "unavailable" (source), "unreadable" (broken or foreign file),
 *   "unsupported" (no sha256 here); what `signal` was aborted with.
 */
export async function loadModel(
  source: ByteSource,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const { signal = NEVER, onProgress, keep, manifests, concurrency = 4 } = options;
  if (!globalThis.crypto?.subtle)
    throw new Failure(
      "unsupported",
      "The weights cannot be verified here: open the page by https or on localhost.",
    );
  const remarks: Remark[] = [];
  const text = await readOrKept(
    () => readManifest(source, signal),
    source.location,
    manifests,
    (told) => remarks.push(told),
  );
  const manifest = manifestOf(text, source);
  const store = keep?.(manifest.id);
  const cache = store && new ShardCache(store, (told) => remarks.push(told));

  const totalBytes = manifest.shards.reduce((sum, shard) => sum + shard.bytes, 0);
  let loadedBytes = 0;
  const count = (bytes: number) => {
    loadedBytes += bytes;
    onProgress?.({ loadedBytes, totalBytes });
  };
  count(0);
  const shards = await mapBounded(manifest.shards, concurrency, signal, (shard, stop) =>
    loadShard(source, shard, cache, stop, count, remarks),
  );
  const tensors = shards.flatMap((bytes, i) => parseSafetensors(bytes, manifest.shards[i].file));
  const weights = new Weights(manifest.architecture, tensors);
  await cache?.keepOnly(manifest.shards);
  return { manifest, weights, remarks };
}

/**
 * Reads and checks manifest.json alone.
 * @throws as `loadModel`.
 */
export async function loadManifest(source: ByteSource, signal = NEVER): Promise<Manifest> {
  return manifestOf(await readManifest(source, signal), source);
}

async function readManifest(source: ByteSource, signal: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source.read("manifest.json", signal)) {
    size += piece.byteLength;
    if (size > MAX_MANIFEST_BYTES) throw notAManifest(source);
    pieces.push(piece);
  }
  return await new Blob(pieces as BlobPart[]).text();
}

function manifestOf(text: string, source: ByteSource): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw notAManifest(source, cause);
  }
  return parseManifest(json);
}

function notAManifest(source: ByteSource, cause?: unknown): Failure {
  return new Failure(
    "unreadable",
    `${source.location}/manifest.json is not a model's manifest; check the address of the model.`,
    { cause },
  );
}

async function loadShard(
  source: ByteSource,
  shard: ShardEntry,
  cache: ShardCache | undefined,
  signal: AbortSignal,
  count: (bytes: number) => void,
  remarks: Remark[],
): Promise<Uint8Array<ArrayBuffer>> {
  const kept = await cache?.get(shard);
  if (kept) {
    if (kept.byteLength === shard.bytes && (await sha256(kept)) === shard.sha256) {
      count(shard.bytes);
      return kept;
    }
    remarks.push(remark("kept-copy-broken", { file: shard.file }));
    await cache!.drop(shard);
  }
  const bytes = await download(source, shard, signal, count);
  if ((await sha256(bytes)) !== shard.sha256)
    throw broken(shard, "its sha256 is not that of the manifest");
  await cache?.put(shard, bytes);
  return bytes;
}

async function download(
  source: ByteSource,
  shard: ShardEntry,
  signal: AbortSignal,
  count: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(shard.bytes);
  let filled = 0;
  for await (const piece of source.read(shard.file, signal)) {
    if (filled + piece.byteLength > shard.bytes)
      throw broken(shard, `it is longer than the ${shard.bytes} bytes of the manifest`);
    bytes.set(piece, filled);
    filled += piece.byteLength;
    count(piece.byteLength);
  }
  if (filled < shard.bytes) throw broken(shard, `it ends after ${filled} of ${shard.bytes} bytes`);
  return bytes;
}

function broken(shard: ShardEntry, what: string): Failure {
  return new Failure(
    "unreadable",
    `The model's file ${shard.file} is broken: ${what}; reload, or install the model again.`,
  );
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Maps with at most `limit` at once; the first to fail stops the others, is awaited with them, and is thrown. */
async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  signal: AbortSignal,
  work: (item: T, stop: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      stop.throwIfAborted();
      const index = next++;
      results[index] = await work(items[index], stop);
    }
  };
  const lanes = Array.from({ length: Math.min(limit, items.length) }, () =>
    lane().catch((error) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(lanes);
  stop.throwIfAborted();
  return results;
}
