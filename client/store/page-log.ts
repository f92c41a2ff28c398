/**
 * What pages write down as it happens, in IndexedDB, entry after entry: it outlives a crash. Each page has an id of its
 * own; what a page that is gone has left can be taken over by another. Rejects with what the browser says.
 */

/** An entry and who wrote it. */
interface Entry {
  readonly page: string;
  readonly value: unknown;
}

const STORE = "entries";

/** The entries of one page, in a log that all pages share. */
export class PageLog {
  readonly #name: string;
  readonly #page: string;
  readonly #factory: IDBFactory;
  #database: Promise<IDBDatabase> | undefined;

  /** @param name of the log @param page unlike that of any other page */
  constructor(name: string, page: string, factory = indexedDB) {
    this.#name = `cadenza-${name}`;
    this.#page = page;
    this.#factory = factory;
  }

  /** Writes another entry of this page. */
  async append(value: unknown): Promise<void> {
    const entry: Entry = { page: this.#page, value };
    await this.#do("readwrite", (store) => store.add(entry));
  }

  /** Forgets all entries of a page, by default of this one. */
  async clear(page = this.#page): Promise<void> {
    const entries = await this.#do<Entry[]>("readonly", (store) => store.getAll());
    const keys = await this.#do<IDBValidKey[]>("readonly", (store) => store.getAllKeys());
    const own = keys.filter((_, index) => entries[index]?.page === page);
    for (const key of own) await this.#do("readwrite", (store) => store.delete(key));
  }

  /** What other pages have left, each one's entries in their order. @param alive pages that still write */
  async left(alive: readonly string[]): Promise<ReadonlyMap<string, readonly unknown[]>> {
    const pages = new Map<string, unknown[]>();
    for (const { page, value } of await this.#do<Entry[]>("readonly", (store) => store.getAll())) {
      if (page === this.#page || alive.includes(page)) continue;
      pages.set(page, [...(pages.get(page) ?? []), value]);
    }
    return pages;
  }

  async #do<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<R> {
    this.#database ??= this.#open();
    const transaction = (await this.#database).transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result as R);
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave up"));
    });
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = this.#factory.open(this.#name, 1);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(STORE, { autoIncrement: true });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}
