/**
 * Larger things that outlive the page, by name, in IndexedDB: structured clones, so typed arrays stay
 * what they are. Every method rejects with what the browser says where it keeps nothing.
 */
import { ObjectStore } from "./object-store.ts";

const DATABASE = "cadenza";

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
  readonly #store: ObjectStore;
  readonly #parse: (value: unknown) => T | undefined;
  #followed: ReadonlySet<T> = new Set();

  /** @param parse gives undefined for what is no value of this kind: another version may have kept it */
  constructor(name: string, parse: (value: unknown) => T | undefined, factory = indexedDB) {
    const place = { database: DATABASE, store: name, factory };
    this.#store = new ObjectStore({ ...place, options: { keyPath: "name" } });
    this.#parse = parse;
  }

  /** All that is kept and understood, the newest first. */
  async all(): Promise<T[]> {
    const entries = await this.#store.do<Entry[]>("readonly", (store) => store.getAll());
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
        await this.#store.do("readwrite", (store) => store.put(entry));
      }
    }
    for (const { name } of before) {
      if (!names.has(name)) await this.#store.do("readwrite", (store) => store.delete(name));
    }
  }

  /** Takes `values` as kept already: they came from `all`. */
  started(values: readonly T[]): void {
    this.#followed = new Set(values);
  }
}
