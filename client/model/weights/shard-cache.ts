/**
 * Keeps verified shards across visits in the browser's Cache API, keyed by content (sha256), so a
 * new version of a model fetches only the shards that changed. Storage may be missing, full or
 * forbidden; then the model loads all the same, and the reason is reported.
 */
import { describeError } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { ShardEntry } from "./manifest.ts";

/** Where shards are kept; the loader verifies what comes out of it like anything else. */
export interface ShardCache {
  /** The bytes kept for a shard, unverified, or undefined. */
  get(shard: ShardEntry): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keeps verified bytes. */
  put(shard: ShardEntry, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Forgets one shard that turned out broken. */
  drop(shard: ShardEntry): Promise<void>;
  /** Forgets everything but these shards. */
  keepOnly(shards: readonly ShardEntry[]): Promise<void>;
}

/**
 * A cache of one model on the Cache API. Nothing it does throws: failures go to `report`, once each.
 * @param storage `globalThis.caches` where there is one.
 */
export function browserShardCache(
  storage: CacheStorage,
  modelId: string,
  report: (remark: Remark) => void,
): ShardCache {
  const reported = new Set<string>();
  // Not fetched ever: the Cache API wants URLs as keys, and ".invalid" is reserved (RFC 2606).
  const keyOf = (shard: ShardEntry) => `https://weights.invalid/${shard.sha256}`;
  const attempt = async <T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> => {
    try {
      return await work(await storage.open(`cadenza-model-${modelId}`));
    } catch (error) {
      const reason = describeError(error);
      if (!reported.has(reason)) report(remark("weights-not-kept", { reason }));
      reported.add(reason);
      return undefined;
    }
  };
  return {
    get: (shard) =>
      attempt(async (cache) => {
        const kept = await cache.match(keyOf(shard));
        return kept && new Uint8Array(await kept.arrayBuffer());
      }),
    async put(shard, bytes) {
      await attempt((cache) => cache.put(keyOf(shard), new Response(bytes)));
    },
    async drop(shard) {
      await attempt((cache) => cache.delete(keyOf(shard)));
    },
    async keepOnly(shards) {
      const wanted = new Set(shards.map(keyOf));
      await attempt(async (cache) => {
        for (const request of await cache.keys())
          if (!wanted.has(request.url)) await cache.delete(request);
      });
    },
  };
}
