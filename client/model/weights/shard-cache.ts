/**
 * Keeps verified shards across visits, keyed by content (sha256), so a new version of a model fetches only the shards
 * that changed. Storage may be missing, full or forbidden; then the model loads all the same, and the reason is reported.
 */
import { describeError } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { ShardEntry } from "./manifest.ts";

/** Where bytes outlive the page; may reject, and what comes out is not to be trusted. */
export interface ByteStore {
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  drop(key: string): Promise<void>;
  /** Forgets everything but these. */
  keepOnly(keys: readonly string[]): Promise<void>;
}

/** The shards of one model. Nothing it does rejects: failures are reported, each once. */
export class ShardCache {
  readonly #store: ByteStore;
  readonly #report: (remark: Remark) => void;
  readonly #reported = new Set<string>();

  constructor(store: ByteStore, report: (remark: Remark) => void) {
    this.#store = store;
    this.#report = report;
  }

  /** The bytes kept for a shard, unverified, or undefined. */
  get({ sha256 }: ShardEntry): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#attempt((store) => store.get(sha256));
  }

  /** Keeps verified bytes. */
  async put({ sha256 }: ShardEntry, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#attempt((store) => store.put(sha256, bytes));
  }

  /** Forgets one shard that turned out broken. */
  async drop({ sha256 }: ShardEntry): Promise<void> {
    await this.#attempt((store) => store.drop(sha256));
  }

  /** Forgets everything but these shards. */
  async keepOnly(shards: readonly ShardEntry[]): Promise<void> {
    await this.#attempt((store) => store.keepOnly(shards.map(({ sha256 }) => sha256)));
  }

  async #attempt<T>(work: (store: ByteStore) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(this.#store);
    } catch (error) {
      const reason = describeError(error);
      if (!this.#reported.has(reason)) this.#report(remark("weights-not-kept", { reason }));
      this.#reported.add(reason);
      return undefined;
    }
  }
}
