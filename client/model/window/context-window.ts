/**
 * Makes models with absolute positions endless. Such a model cannot roll: at the end of its context the
 * window moves on by about half, to a whole event, and what it then holds has to be computed anew.
 *
 * Where the window starts is a function of the position alone (`start`), not of how one came there, so
 * `truncate` is as exact as on a decoder that rolls: the logits after it are those of a fresh sequence.
 *
 * With a `spare` decoder no step has to wait for that: while the one decodes on in the old window, the other
 * takes the tokens of the coming window a few at a time, and at the switch only the newest are left to do.
 * It costs a second cache (and, where a backend does not share them, second weights), and from the middle of
 * a window two prefilled tokens a step; before that the spare still holds the window before, so that a
 * `truncate` back over a switch is free too. Rotary decoders roll by themselves and pass through.
 */
import { assert } from "#base/assert.ts";
import { assertTokens, type Decoder } from "#model/decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { HeldWindow } from "./held-window.ts";
import { TokenHistory } from "./token-history.ts";

/** How the sequence is built. */
export interface WindowOptions {
  /** Tokens at the start that every window keeps. */
  readonly prefixLength: number;
  /** Tokens of one event; windows start at a multiple of it after the prefix. */
  readonly period: number;
  /** Another decoder of the same model, owned too. Without it the window is refilled at once when it moves. */
  readonly spare?: Decoder;
  /** Tokens that the spare takes at a time, an even number. */
  readonly slice?: number;
}

/**
 * Six layers of 256 on tfjs' WASM, 512 tokens of context: a step takes 4 ms; the longest one 284 without a
 * spare, 15 in slices of 2 or 4, 18 in slices of 8. A token costs 5.4 ms on average in slices of 4 and
 * without a spare, 6.3 in slices of 2.
 */
const SLICE = 4;

/** A decoder without an end over `decoder`, which it owns from now on. */
export function endless(decoder: Decoder, options: WindowOptions): Decoder {
  if (decoder.architecture.positions !== "rotary") return new ContextWindow(decoder, options);
  assert(options.spare === undefined, "a rotary decoder rolls by itself and needs no spare");
  return decoder;
}

class ContextWindow implements Decoder {
  readonly architecture;
  readonly #prefixLength: number;
  /** Tokens that leave when the window moves: a multiple of the period. */
  readonly #hop: number;
  readonly #slice: number;
  readonly #history: TokenHistory;
  #current: HeldWindow;
  #spare: HeldWindow | undefined;
  /** The spare takes nothing before this position. */
  #nextSlice = 0;

  constructor(inner: Decoder, { prefixLength, period, spare, slice = SLICE }: WindowOptions) {
    const { contextLength } = inner.architecture;
    const room = contextLength - prefixLength;
    assert(period >= 1 && period <= room, `period ${period}: expected 1..${room}`);
    assert(slice >= 2 && slice % 2 === 0, `slice ${slice}: expected an even number from 2`);
    this.architecture = inner.architecture;
    this.#prefixLength = prefixLength;
    this.#hop = Math.ceil(room / 2 / period) * period;
    this.#slice = slice;
    this.#history = new TokenHistory(prefixLength, 4 * contextLength);
    this.#current = new HeldWindow(inner, prefixLength);
    this.#spare = spare && new HeldWindow(spare, prefixLength);
  }

  get backend() {
    return this.#current.decoder.backend;
  }

  get position(): number {
    return this.#history.position;
  }

  get oldestPosition(): number {
    const { from } = this.#history;
    if (from === 0) return 0;
    // The first query whose window lies in the history: `start` is at least `from` from here on.
    const hops = Math.ceil((from - this.#prefixLength) / this.#hop);
    return this.architecture.contextLength + (hops - 1) * this.#hop;
  }

  async prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    const run = { tokens, conditions };
    assertTokens(this.architecture, run);
    const start = this.#start(this.position + tokens.length - 1);
    if (this.#current.start !== start) this.#swap();
    if (this.#current.start === start) await this.#prepare(start + this.#hop);
    this.#current.moveTo(start);
    // More than was taken is held only after a call that failed.
    this.#current.truncate(this.position);
    const logits = await this.#current.fill(this.#history, this.position, run);
    // Only now, so that a call that failed (a lost device) has taken nothing and can be repeated.
    this.#history.take(run);
    return logits;
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.prefill([token], conditions && [conditions]);
  }

  truncate(position: number): void {
    assert(
      Number.isInteger(position) && position >= 0 && position <= this.position,
      `truncate(${position}): expected an integer in [0, ${this.position}]`,
    );
    assert(
      position === 0 || position >= this.oldestPosition,
      `truncate(${position}): out of reach, the oldest position is ${this.oldestPosition}`,
    );
    this.#history.truncate(position);
    this.#nextSlice = Math.min(this.#nextSlice, position);
    this.#current.truncate(position);
    this.#spare?.truncate(position);
  }

  dispose(): void {
    this.#current.decoder.dispose();
    this.#spare?.decoder.dispose();
  }

  /** Where the window of the query at `position` starts after the prefix; grows by whole hops. */
  #start(position: number): number {
    const past = position - this.architecture.contextLength + 1;
    return this.#prefixLength + Math.max(0, Math.ceil(past / this.#hop)) * this.#hop;
  }

  #swap(): void {
    if (this.#spare) [this.#current, this.#spare] = [this.#spare, this.#current];
  }

  /** Lets the spare take a slice of the window that starts at `coming`, when it is time. */
  async #prepare(coming: number): Promise<void> {
    const { position } = this;
    const left =
      coming - this.#hop + this.architecture.contextLength - this.#prefixLength - position;
    if (!this.#spare || left <= 0 || position < this.#nextSlice) return;
    const begun = this.#spare.start === coming && this.#spare.end > coming;
    const done = begun ? this.#spare.end : coming;
    const interval = this.#slice / 2;
    if (!begun && position - coming + this.#slice < left) return;
    // Where a long prefill has left little time, the slices are larger.
    const least = interval + Math.ceil((interval * (position - done)) / left);
    const to = Math.min(position, done + Math.max(this.#slice, least));
    if (to <= done) return;
    this.#spare.moveTo(coming);
    this.#spare.truncate(done);
    await this.#spare.fill(this.#history, to);
    this.#nextSlice = position + interval;
  }
}
