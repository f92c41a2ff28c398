/**
 * Makes models with absolute positions endless. Such a model cannot roll: at the end of its context the
 * window is cut to its prefix and about the newest half, aligned to whole events, and prefilled anew.
 *
 * Where the window starts is a function of the position alone (`start`), not of how one came there, so
 * `truncate` is as exact as on a decoder that rolls: the logits after it are those of a fresh sequence.
 * Rotary decoders roll by themselves and pass through.
 */
import { assert } from "#base/assert.ts";
import { assertTokens, type Decoder } from "./decoder.ts";

/** How the sequence is built. */
export interface WindowOptions {
  /** Tokens at the start that every window keeps. */
  readonly prefixLength: number;
  /** Tokens of one event; windows start at a multiple of it after the prefix. */
  readonly period: number;
}

/** A decoder without an end over `decoder`, which it owns from now on. */
export function endless(decoder: Decoder, options: WindowOptions): Decoder {
  return decoder.architecture.positions === "rotary"
    ? decoder
    : new ContextWindow(decoder, options);
}

class ContextWindow implements Decoder {
  readonly architecture;
  readonly backend;
  readonly #inner: Decoder;
  readonly #prefixLength: number;
  /** Tokens that leave when the window moves: a multiple of the period. */
  readonly #hop: number;
  readonly #historyLimit: number;
  #prefix: number[] = [];
  /** Tokens from `#historyStart` on; older ones are out of `truncate`'s reach. */
  #history: number[] = [];
  #historyStart = 0;
  /** Where the tokens start that the inner decoder holds after its prefix. */
  #held: number;

  constructor(inner: Decoder, { prefixLength, period }: WindowOptions) {
    const { contextLength } = inner.architecture;
    const room = contextLength - prefixLength;
    assert(period >= 1 && period <= room, `period ${period}: expected 1..${room}`);
    this.#inner = inner;
    this.architecture = inner.architecture;
    this.backend = inner.backend;
    this.#prefixLength = prefixLength;
    this.#hop = Math.ceil(room / 2 / period) * period;
    this.#historyLimit = 4 * contextLength;
    this.#held = prefixLength;
  }

  get position(): number {
    return this.#historyStart + this.#history.length;
  }

  get oldestPosition(): number {
    if (this.#historyStart === 0) return 0;
    // The first query whose window lies in the history: `start` is at least `historyStart` from here on.
    const hops = Math.ceil((this.#historyStart - this.#prefixLength) / this.#hop);
    return this.architecture.contextLength + (hops - 1) * this.#hop;
  }

  async prefill(tokens: readonly number[]): Promise<Float32Array> {
    assertTokens(this.architecture, tokens);
    const first = this.position;
    const start = this.#start(first + tokens.length - 1);
    const innerEnd = this.#held + this.#inner.position - this.#prefixLength;
    const goesOn = start === this.#held && innerEnd === first;
    const logits = goesOn ? await this.#inner.prefill(tokens) : await this.#restart(start, tokens);
    // Only now, so that a call that failed (a lost device) has taken nothing and can be repeated.
    this.#remember(tokens);
    return logits;
  }

  decodeStep(token: number): Promise<Float32Array> {
    return this.prefill([token]);
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
    if (position === 0) this.#historyStart = 0;
    this.#history.length = position - this.#historyStart;
    if (position < this.#prefixLength) this.#prefix.length = position;
    // What the inner decoder holds stays useful only if it begins where the new window does.
    const kept = this.#start(position) === this.#held;
    const innerEnd = position - this.#held + this.#prefixLength;
    if (kept && innerEnd <= this.#inner.position) this.#inner.truncate(innerEnd);
    else this.#forgetWindow();
  }

  dispose(): void {
    this.#inner.dispose();
  }

  /** Where the window of the query at `position` starts after the prefix; grows by whole hops. */
  #start(position: number): number {
    const past = position - this.architecture.contextLength + 1;
    return this.#prefixLength + Math.max(0, Math.ceil(past / this.#hop)) * this.#hop;
  }

  async #restart(start: number, tokens: readonly number[]): Promise<Float32Array> {
    this.#forgetWindow();
    const all = [...this.#history, ...tokens];
    const prefix = [...this.#prefix, ...tokens].slice(0, this.#prefixLength);
    const logits = await this.#inner.prefill([...prefix, ...all.slice(start - this.#historyStart)]);
    this.#held = start;
    return logits;
  }

  #forgetWindow(): void {
    this.#inner.truncate(0);
    this.#held = this.#prefixLength;
  }

  #remember(tokens: readonly number[]): void {
    const missing = this.#prefixLength - this.#prefix.length;
    this.#prefix.push(...tokens.slice(0, missing));
    this.#history.push(...tokens);
    if (this.#history.length < 2 * this.#historyLimit) return;
    this.#historyStart += this.#history.length - this.#historyLimit;
    this.#history = this.#history.slice(-this.#historyLimit);
  }
}
