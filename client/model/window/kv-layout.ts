/**
 * Where a key lives in the KV cache and which keys a query sees: the bookkeeping that every decoder
 * shares, so that reference, tfjs and own kernels cannot disagree about the window.
 *
 * Slots 0..P-1 hold the pinned prefix, slots P..capacity-1 are a ring over the newest other tokens.
 * The ring is `slack` longer than the window, so `truncate` reaches back at least that far, exactly,
 * even after rolling. A model with absolute positions does not roll: slot = position.
 *
 * Rotary keys are stored rotated at their own position. A prefix key is to be seen as though it stood
 * right before the window, j + shift instead of j; since rotary attention depends on differences only,
 * turning the query back by `shift` does the same (`prefixQueryPosition`) and leaves the cache alone.
 */
import { assert } from "#base/assert.ts";
import type { Architecture } from "#model/weights/manifest.ts";

/** How many tokens beyond the window a rotary cache keeps, for `truncate`; also the longest chunk of a prefill. */
const CACHE_SLACK = 256;

/** Slots and visibility of one sequence's cache; holds positions only, no tensors. */
export class KvLayout {
  /** Slots a layer needs: the context, and the slack for rotary models. */
  readonly capacity: number;
  /** P: tokens at the start that are never forgotten; 0 for models that do not roll. */
  readonly pinned: number;
  /** Most tokens one pass may take: more would overwrite keys that its first query still sees. */
  readonly chunkLimit: number;
  readonly #contextLength: number;
  readonly #rolls: boolean;
  #position = 0;
  /** One past the highest position whose key was ever written since the last restart. */
  #written = 0;

  /** @param prefixLength tokens to pin, less than the context. @param slack extra slots, at least 1. */
  constructor(architecture: Architecture, prefixLength: number, slack = CACHE_SLACK) {
    const { contextLength, positions } = architecture;
    assert(
      Number.isInteger(prefixLength) && prefixLength >= 0 && prefixLength < contextLength,
      `prefixLength ${prefixLength}: expected an integer in [0, ${contextLength})`,
    );
    assert(Number.isInteger(slack) && slack >= 1, `slack ${slack}: expected a positive integer`);
    this.#contextLength = contextLength;
    this.#rolls = positions === "rotary";
    this.pinned = this.#rolls ? prefixLength : 0;
    this.capacity = contextLength + (this.#rolls ? slack : 0);
    this.chunkLimit = slack;
  }

  /** The position the next token will get. */
  get position(): number {
    return this.#position;
  }

  /** The smallest position other than 0..P that `truncate` accepts now. */
  get oldestPosition(): number {
    const oldestKey = this.#written - (this.capacity - this.pinned);
    if (oldestKey <= this.pinned) return 0;
    return oldestKey + (this.#contextLength - this.pinned) - 1;
  }

  /** Whether `count` more tokens fit; always so where the cache rolls. */
  hasRoom(count: number): boolean {
    return this.#rolls || this.#position + count <= this.capacity;
  }

  /** Moves on by `count` tokens whose keys are being written, at most `chunkLimit`. */
  advance(count: number): void {
    assert(
      count >= 1 && count <= this.chunkLimit,
      `chunk of ${count}: expected 1..${this.chunkLimit}`,
    );
    assert(this.hasRoom(count), `position ${this.#position} + ${count} is past the context`);
    this.#position += count;
    this.#written = Math.max(this.#written, this.#position);
  }

  /** Forgets every token from `position` on. Throws where older keys have left the ring. */
  truncate(position: number): void {
    assert(
      Number.isInteger(position) && position >= 0 && position <= this.#position,
      `truncate(${position}): expected an integer in [0, ${this.#position}]`,
    );
    const pinned = position <= this.pinned;
    assert(
      pinned || position >= this.oldestPosition,
      `truncate(${position}): out of reach, the oldest position is ${this.oldestPosition}`,
    );
    // Back at the prefix every ring slot is free again, so the reach starts afresh.
    if (pinned) this.#written = position;
    this.#position = position;
  }

  /** The slot of the key at `position`. */
  slotOf(position: number): number {
    if (position < this.pinned) return position;
    return this.pinned + ((position - this.pinned) % (this.capacity - this.pinned));
  }

  /** The first position after the prefix that the query at `position` sees; it sees all from there to itself. */
  windowStart(position: number): number {
    if (!this.#rolls) return 0;
    return Math.max(this.pinned, position - (this.#contextLength - this.pinned) + 1);
  }

  /** How many prefix keys the query at `position` sees. */
  prefixCount(position: number): number {
    return Math.min(this.pinned, position + 1);
  }

  /** The position to rotate a query at `position` by when it meets prefix keys (see the header). */
  prefixQueryPosition(position: number): number {
    return Math.min(position, this.#contextLength - 1);
  }
}
