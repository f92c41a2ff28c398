/**
 * What the kernel must know of each token of a pass, written into its memory before every pass: its id and those of
 * its conditions, where its key goes, which slots it sees, and its rotation. All window logic stays in `KvLayout`.
 *
 * What a query sees is at most two runs of slots, [0, first) and [from, to): once the window rolls, the prefix
 * with what has wrapped round the ring behind it, and the ring from the window's start. Prefix keys are met
 * with another rotation then; `prefix` says how many.
 */
import type { TokenRun } from "#model/token-run.ts";
import type { KvLayout } from "#model/window/kv-layout.ts";
import { fillRotary } from "#model/window/rotary-table.ts";

/** 32-bit words of a record: token, position, slot, first, from, to, prefix, and one unused. */
const WORDS = 8;

/** Where the kernel reads. */
export interface RecordMemory {
  readonly records: Int32Array; // (chunk, WORDS)
  readonly conditions: Int32Array; // (chunk, groups)
  readonly cos: Float32Array; // (chunk, 2, pairs): own position, position towards the prefix
  readonly sin: Float32Array;
}

/** Writes records. */
export class TokenRecords {
  readonly #layout: KvLayout;
  readonly #frequencies: Float32Array;
  readonly #memory: RecordMemory;
  readonly #positions: number[] = [];

  constructor(layout: KvLayout, frequencies: Float32Array, memory: RecordMemory) {
    this.#layout = layout;
    this.#frequencies = frequencies;
    this.#memory = memory;
  }

  /** Describes the tokens of `all` in [from, to), the first of them at `position`. */
  fill({ tokens, conditions }: TokenRun, from: number, to: number, position: number): void {
    this.#positions.length = 2 * (to - from);
    for (let t = 0; t < to - from; t++) {
      this.#fillToken(t * WORDS, tokens[from + t], position + t);
      const ids = conditions?.[from + t];
      if (ids) this.#memory.conditions.set(ids, t * ids.length);
      this.#positions[2 * t] = position + t;
      this.#positions[2 * t + 1] = this.#layout.prefixQueryPosition(position + t);
    }
    fillRotary(this.#frequencies, this.#positions, this.#memory.cos, this.#memory.sin);
  }

  #fillToken(at: number, token: number, position: number): void {
    const { records } = this.#memory;
    const layout = this.#layout;
    records[at] = token;
    records[at + 1] = position;
    records[at + 2] = layout.slotOf(position);
    // Positions up to the context's end lie in one row, the prefix included.
    const rolled = layout.prefixQueryPosition(position) !== position;
    const start = layout.windowStart(position);
    const from = layout.slotOf(start);
    const end = from + position - start + 1;
    const wrapped = Math.max(0, end - layout.capacity);
    const first = rolled ? layout.pinned + wrapped : position + 1;
    records[at + 3] = first;
    records[at + 4] = rolled ? from : first;
    records[at + 5] = rolled ? end - wrapped : first;
    records[at + 6] = rolled ? layout.prefixCount(position) : 0;
  }
}
