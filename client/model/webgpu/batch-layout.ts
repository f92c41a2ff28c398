/**
 * Where the sequences of a batch keep their keys and values: one copy of the past they share, laid out like the
 * decoder's cache, and behind it a tail for each of what it took since. A tail that is to reach but a while is a row
 * as long as that; one without an end rolls, like a cache. A past shorter than the pinned prefix is not shared: it
 * is in every tail.
 */
import { assert } from "#base/assert.ts";
import type { KvLayout } from "#model/window/kv-layout.ts";
import { type SlotPlace, slotRuns } from "./slot-runs.ts";

/** Slots that lie together in both places: all of these are behind each other in the decoder's cache as well. */
export interface TailRun {
  readonly tailSlot: number;
  readonly cacheSlot: number;
  readonly count: number;
}

/** See the header; holds positions only. */
export class BatchLayout {
  /** Slots of a tail, a multiple of 4. */
  readonly tail: number;
  readonly #layout: KvLayout;
  readonly #reach: number;
  readonly #rolls: boolean;
  #forkedAt = 0;

  /** @param layout of one sequence. @param reach most tokens from the fork on, at least 1; may be infinite. */
  constructor(layout: KvLayout, reach: number) {
    assert(reach >= 1, `a reach of ${reach}: expected at least 1`);
    const { capacity, pinned } = layout;
    this.#layout = layout;
    this.#reach = reach;
    this.#rolls = reach + pinned >= capacity;
    this.tail = 4 * Math.ceil((this.#rolls ? capacity : reach + pinned) / 4);
  }

  /** Where the sequences part. */
  get forkedAt(): number {
    return this.#forkedAt;
  }

  /** One past the last position of the shared past. */
  get sharedUntil(): number {
    return this.#forkedAt < this.#layout.pinned ? 0 : this.#forkedAt;
  }

  /** The sequences part here. */
  fork(position: number): void {
    this.#forkedAt = position;
  }

  /** Whether a token at `position` is within reach. */
  reaches(position: number): boolean {
    return position < this.#forkedAt + this.#reach;
  }

  /** The slot of a tail where the key at `position` goes. */
  slotOf(position: number): number {
    return this.#rolls ? this.#layout.slotOf(position) : position - this.sharedUntil;
  }

  /** What the query at `position` sees of the shared past, and of its own tail: see `slotRuns`. */
  runs(position: number): { readonly shared: number[]; readonly own: number[] } {
    const layout = this.#layout;
    const shared: SlotPlace = {
      first: 0,
      end: this.sharedUntil,
      slotOf: (at) => layout.slotOf(at),
      capacity: layout.capacity,
    };
    const own: SlotPlace = {
      first: this.sharedUntil,
      end: Number.POSITIVE_INFINITY,
      slotOf: (at) => this.slotOf(at),
      capacity: this.#rolls ? layout.capacity : Number.POSITIVE_INFINITY,
    };
    return {
      shared: slotRuns(layout, position, shared),
      own: slotRuns(layout, position, own),
    };
  }

  /** Where a cache that goes on from the fork keeps what a tail holds, before `position`. */
  tailRuns(position: number): TailRun[] {
    const { capacity, pinned } = this.#layout;
    const ringFrom = Math.max(this.#forkedAt, pinned, position - (capacity - pinned));
    const runs: TailRun[] = [];
    const add = (from: number, to: number) => {
      if (to > from)
        runs.push({
          tailSlot: this.slotOf(from),
          cacheSlot: this.#layout.slotOf(from),
          count: to - from,
        });
    };
    add(this.#forkedAt, Math.min(pinned, position));
    const toRingEnd = ringFrom + capacity - this.#layout.slotOf(ringFrom);
    add(ringFrom, Math.min(position, toRingEnd));
    add(toRingEnd, position);
    return runs;
  }
}
