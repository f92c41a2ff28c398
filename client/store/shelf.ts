/**
 * Larger things that outlive the page, by name, in IndexedDB: structured clones, so typed arrays stay
 * what they are. Every method rejects with what the browser says where it keeps nothing.
 */

const DATABASE = "cadenza";
const VERSION = 1;

/** Something with a name of its own. */
export interface Named {
  readonly name: string;
}

interface Entry {
  readonly name: string;
  /** Milliseconds since 1970: the list's order. */
  readonly kept: number;
  readonly value: unknown;
}

/** One list of named values. */
export class Shelf<T extends Named> {
  readonly #name: string;
  readonly #parse: (value: unknown) => T | undefined;
  readonly #factory: IDBFactory;
  #database: Promise<IDBDatabase> | undefined;
  #followed: ReadonlySet<T> = new Set();

  /** @param parse gives undefined for what is no value of this kind: another version may have kept it */
  constructor(name: string, parse: (value: unknown) => T | undefined, factory = indexedDB) {
    this.#name = name;
    this.#parse = parse;
    this.#factory = factory;
  }

  /** All that is kept and understood, the newest first. */
  async all(): Promise<T[]> {
    const entries = await this.#do<Entry[]>("readonly", (store) => store.getAll());
    return entries.sort((a, b) => b.kept - a.kept).flatMap(({ value }) => this.#parse(value) ?? []);
  }

  /** Keeps what is new among `values` and forgets what was among those of the last call and is not any more. */
  async follow(values: readonly T[]): Promise<void> {
    const before = this.#followed;
    this.#followed = new Set(values);
    const names = new Set(values.map(({ name }) => name));
    for (const value of [...values].reverse()) {
      if (!before.has(value)) {
        const entry: Entry = { name: value.name, kept: Date.now(), value };
        await this.#do("readwrite", (store) => store.put(entry));
      }
    }
    for (const { name } of before) {
      if (!names.has(name)) await this.#do("readwrite", (store) => store.delete(name));
    }
  }

  /** Takes `values` as kept already: they came from `all`. */
  started(values: readonly T[]): void {
    this.#followed = new Set(values);
  }

  async #do<R>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<R> {
    this.#database ??= this.#open();
    const transaction = (await this.#database).transaction(this.#name, mode);
    const request = act(transaction.objectStore(this.#name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result as R);
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave up"));
    });
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = this.#factory.open(DATABASE, VERSION);
      request.onupgradeneeded = () =>
        request.result.createObjectStore(this.#name, { keyPath: "name" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}
