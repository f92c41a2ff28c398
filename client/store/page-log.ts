/**
 * What pages write down as it happens, in IndexedDB, entry after entry: it outlives a crash. Each page has an id of its
 * own; what a page that is gone has left can be taken over by another. Rejects with what the browser says.
 */
import { ObjectStore } from "./object-store.ts";

/** An entry and who wrote it. */
interface Entry {
  readonly page: string;
  readonly value: unknown;
}

/** The entries of one page, in a log that all pages share. */
export class PageLog {
  readonly #store: ObjectStore;
  readonly #page: string;

  /** @param name of the log @param page unlike that of any other page */
  constructor(name: string, page: string, factory = indexedDB) {
    const place = { database: `cadenza-${name}`, store: "entries", factory };
    this.#store = new ObjectStore({ ...place, options: { autoIncrement: true } });
    this.#page = page;
  }

  /** Writes another entry of this page. */
  async append(value: unknown): Promise<void> {
    const entry: Entry = { page: this.#page, value };
    await this.#store.do("readwrite", (store) => store.add(entry));
  }

  /** Forgets all entries of a page, by default of this one. */
  async clear(page = this.#page): Promise<void> {
    await this.#store.do("readwrite", (store) => {
      const request = store.openCursor();
      request.onsuccess = () => {
        const cursor = request.result;
        if (cursor === null) return;
        if ((cursor.value as Entry).page === page) cursor.delete();
        cursor.continue();
      };
      return request;
    });
  }

  /** What other pages have left, each one's entries in their order. @param alive pages that still write */
  async left(alive: readonly string[]): Promise<ReadonlyMap<string, readonly unknown[]>> {
    const pages = new Map<string, unknown[]>();
    const entries = await this.#store.do<Entry[]>("readonly", (store) => store.getAll());
    for (const { page, value } of entries) {
      if (page === this.#page || alive.includes(page)) continue;
      const own = pages.get(page);
      if (own === undefined) pages.set(page, [value]);
      else own.push(value);
    }
    return pages;
  }
}
