/**
 * What the kernels must know of each token of a pass, as one record a token in a storage buffer, written whole
 * before every pass: where its key goes, which slots it sees, and its rotation. All window logic stays in
 * `KvLayout`; kernels see runs of slots (slot-runs.ts). Angles are computed in double precision (rotary-table.ts).
 */
import type { KvLayout } from "#model/window/kv-layout.ts";
import { fillRotary } from "#model/window/rotary-table.ts";
import type { BatchLayout } from "./batch-layout.ts";
import { RUNS, slotRuns, wholeCache } from "./slot-runs.ts";

/** u32 words before the rotation: slot, count, runs. */
const HEADER = 2 + 2 * RUNS;

/** WGSL of the record; `quads` as in `TokenRecords`. Binds `tokens`. */
export const tokenRecord = (binding: number, quads: number): string => /* wgsl */ `
struct Token {
  slot: u32,               // where its key and value go
  count: u32,              // tokens of the pass
  runs: array<vec2u, ${RUNS}>, // slots it sees, from and to; the first run with the prefix's rotation
  // (cos, sin) of two pairs each
  own: array<vec4f, ${quads}>,
  towardsPrefix: array<vec4f, ${quads}>,
}
@group(0) @binding(${binding}) var<storage, read> tokens: array<Token>;
`;

/** The records of up to `limit` tokens, in memory of their own. */
export class TokenRecords {
  /** Groups of 4 dimensions that are rotated, at least 1 (WGSL has no empty arrays). */
  readonly quads: number;
  /** Bytes of one record. */
  readonly stride: number;
  /** What is to be copied to the buffer; the first `count` records hold the last `fill`. */
  readonly bytes: ArrayBuffer;
  readonly #layout: KvLayout;
  readonly #frequencies: Float32Array;
  readonly #words: Uint32Array;
  readonly #floats: Float32Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  constructor(layout: KvLayout, frequencies: Float32Array, limit: number) {
    this.#layout = layout;
    this.#frequencies = frequencies;
    this.quads = Math.max(1, Math.ceil(frequencies.length / 2));
    this.stride = 4 * (HEADER + 8 * this.quads);
    this.bytes = new ArrayBuffer(limit * this.stride);
    this.#words = new Uint32Array(this.bytes);
    this.#floats = new Float32Array(this.bytes);
    this.#cos = new Float64Array(2 * frequencies.length);
    this.#sin = new Float64Array(2 * frequencies.length);
  }

  /** Describes `count` tokens, the first at `position`. */
  fill(position: number, count: number): void {
    const layout = this.#layout;
    const cache = wholeCache(layout);
    for (let t = 0; t < count; t++) {
      this.#fillSlots(t, layout.slotOf(position + t), count, slotRuns(layout, position + t, cache));
      this.#fillRotation(t, position + t);
    }
  }

  /**
   * Describes one token of each of `count` sequences, all at `position`, and behind them, in a record more, the
   * shared past. Slots of tails are numbered through.
   * @param from number of the first tail's first slot. @param apart numbers from a tail to the next.
   */
  fillBatch(
    batch: BatchLayout,
    position: number,
    count: number,
    from: number,
    apart: number,
  ): void {
    const { shared, own } = batch.runs(position);
    for (let b = 0; b < count; b++) {
      const base = from + b * apart;
      const runs = own.map((slot) => base + slot);
      this.#fillSlots(b, base + batch.slotOf(position), count, runs);
      this.#fillRotation(b, position);
    }
    this.#fillSlots(count, 0, count, shared);
  }

  #fillSlots(index: number, slot: number, count: number, runs: readonly number[]): void {
    this.#words.set([slot, count, ...runs], (index * this.stride) / 4);
  }

  #fillRotation(index: number, position: number): void {
    const at = (index * this.stride) / 4 + HEADER;
    const prefixPosition = this.#layout.prefixQueryPosition(position);
    const pairs = this.#frequencies.length;
    fillRotary(this.#frequencies, [position, prefixPosition], this.#cos, this.#sin);
    for (let which = 0; which < 2; which++)
      for (let i = 0; i < 2 * this.quads; i++) {
        const to = at + which * 4 * this.quads + 2 * i;
        this.#floats[to] = i < pairs ? this.#cos[which * pairs + i] : 1;
        this.#floats[to + 1] = i < pairs ? this.#sin[which * pairs + i] : 0;
      }
  }
}
