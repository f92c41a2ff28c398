/** Many bytes by key that outlive the page, in the Cache API, which workers have too. Rejects with what the browser says. */

/** Bytes by key, which may be any text that can stand in a URL's path. */
export interface KeptBytes {
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  drop(key: string): Promise<void>;
  /** Forgets everything but these. */
  keepOnly(keys: readonly string[]): Promise<void>;
}

/** The browser's, of a name of their own; undefined where it has no Cache API (pages that are not on https). */
export function keptBytes(name: string, storage = globalThis.caches): KeptBytes | undefined {
  if (storage === undefined) return undefined;
  // Not fetched ever: the Cache API wants URLs as keys, and ".invalid" is reserved (RFC 2606).
  const urlOf = (key: string) => `https://weights.invalid/${key}`;
  const open = () => storage.open(`cadenza-${name}`);
  return {
    async get(key) {
      const kept = await (await open()).match(urlOf(key));
      return kept && new Uint8Array(await kept.arrayBuffer());
    },
    async put(key, bytes) {
      await (await open()).put(urlOf(key), new Response(bytes));
    },
    async drop(key) {
      await (await open()).delete(urlOf(key));
    },
    async keepOnly(keys) {
      const cache = await open();
      const wanted = new Set(keys.map(urlOf));
      for (const request of await cache.keys())
        if (!wanted.has(request.url)) await cache.delete(request);
    },
  };
}
