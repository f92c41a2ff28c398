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

  /**
   * Forgets what was among the values of the last call and is not any more, which makes room, and keeps what is new among
   * `values`; what the browser did not keep is new at the next call, too.
   */
  async follow(values: readonly T[]): Promise<void> {
    const names = new Set(values.map(({ name }) => name));
    const faults: unknown[] = [];
    for (const { name } of this.#followed) {
      if (!names.has(name)) await this.#store.do("readwrite", (store) => store.delete(name));
    }
    const kept = new Set(values.filter((value) => this.#followed.has(value)));
    for (const value of [...values].reverse()) {
      if (kept.has(value)) continue;
      const entry: Entry = { name: value.name, kept: Date.now(), value };
      await this.#store
        .do("readwrite", (store) => store.put(entry))
        .then(
          () => kept.add(value),
          (error: unknown) => faults.push(error),
        );
    }
    this.#followed = kept;
    if (faults.length > 0) throw faults[0];
  }

  /** Whether a value is kept, as far as the last call has come. */
  holds(value: T): boolean {
    return this.#followed.has(value);
  }

  /** Takes `values` as kept already: they came from `all`. */
  started(values: readonly T[]): void {
    this.#followed = new Set(values);
  }
}
