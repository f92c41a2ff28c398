/**
 * Small texts by key that outlive the page and that workers can reach too: these have no localStorage, so it is the
 * Cache API. May fail, and what comes out is not to be trusted.
 */

/** Texts by key. */
export interface KeptTexts {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** The browser's, of a name of their own; undefined where it has no Cache API (pages that are not on https). */
export function keptTexts(name: string, storage = globalThis.caches): KeptTexts | undefined {
  if (storage === undefined) return undefined;
  // Not fetched ever: the Cache API wants URLs as keys, and ".invalid" is reserved (RFC 2606).
  const urlOf = (key: string) => `https://texts.invalid/?${encodeURIComponent(key)}`;
  const open = () => storage.open(`cadenza-${name}`);
  return {
    async get(key) {
      return (await (await open()).match(urlOf(key)))?.text();
    },
    async set(key, value) {
      await (await open()).put(urlOf(key), new Response(value));
    },
  };
}
