/**
 * What the kernels must know of each token of a pass, as one record a token in a storage buffer, written whole
 * before every pass: where its key goes, which slots it sees, and its rotation. All window logic stays in
 * `KvLayout`; kernels see runs of slots. Angles are computed in double precision (rotary-table.ts).
 *
 * What a query sees is at most three runs of slots: the pinned prefix, once it has to be met with another
 * rotation; the ring up to its end; the ring from its start.
 */
import type { KvLayout } from "../kv-layout.ts";
import { fillRotary } from "../rotary-table.ts";

const RUNS = 3;
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
    for (let t = 0; t < count; t++) this.#fillToken(t, position + t, count);
  }

  /**
   * Describes one token of each of `count` sequences, all at `position`. Their caches lie one behind the other,
   * `cacheSlots` vec4 apart, and so do the numbers of their slots.
   */
  fillBatch(position: number, count: number, cacheSlots: number): void {
    for (let b = 0; b < count; b++) {
      this.#fillToken(b, position, count);
      const at = (b * this.stride) / 4;
      this.#words[at] += b * cacheSlots;
      for (let i = at + 2; i < at + HEADER; i++) this.#words[i] += b * cacheSlots;
    }
  }

  #fillToken(index: number, position: number, count: number): void {
    const layout = this.#layout;
    const at = (index * this.stride) / 4;
    const prefixPosition = layout.prefixQueryPosition(position);
    this.#words[at] = layout.slotOf(position);
    this.#words[at + 1] = count;
    const prefix = layout.prefixCount(position);
    const start = layout.windowStart(position);
    // Positions up to the context's end lie in one row, the prefix included.
    const apart = prefixPosition !== position;
    const from = apart ? layout.slotOf(start) : 0;
    const length = apart ? position - start + 1 : position + 1;
    const end = Math.min(from + length, layout.capacity);
    const wrapped = from + length - end;
    this.#words.set(
      [0, apart ? prefix : 0, from, end, layout.pinned, layout.pinned + wrapped],
      at + 2,
    );
    this.#fillRotation(at + HEADER, position, prefixPosition);
  }

  #fillRotation(at: number, position: number, prefixPosition: number): void {
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
