/**
 * Remembers, across visits, how kernels are best laid out on an adapter. Workers have no localStorage, so it is the
 * Cache API, like the weights (shard-cache.ts).
 */

/** A small store of texts by key; may fail, and what comes out is not to be trusted. */
export interface ShapeStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** The browser's. @param storage `globalThis.caches` where there is one. */
export function browserShapeStore(storage: CacheStorage): ShapeStore {
  // Not fetched ever: the Cache API wants URLs as keys, and ".invalid" is reserved (RFC 2606).
  const urlOf = (key: string) => `https://shapes.invalid/?${encodeURIComponent(key)}`;
  const open = () => storage.open("cadenza-kernel-shapes");
  return {
    async get(key) {
      return (await (await open()).match(urlOf(key)))?.text();
    },
    async set(key, value) {
      await (await open()).put(urlOf(key), new Response(value));
    },
  };
}
