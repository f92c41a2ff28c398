/**
 * One decoder that holds one window of a longer sequence: its prefix, and the tokens from `start` on.
 * Only for models with absolute positions; which windows there are is `ContextWindow`'s to say.
 */
import type { Decoder } from "#model/decoder.ts";
import { joinRuns, sliceRun, type TokenRun } from "../token-run.ts";
import type { TokenHistory } from "./token-history.ts";

/** See the header. Owns its decoder. */
export class HeldWindow {
  readonly decoder: Decoder;
  readonly #prefixLength: number;
  #start: number;

  constructor(decoder: Decoder, prefixLength: number) {
    this.decoder = decoder;
    this.#prefixLength = prefixLength;
    this.#start = prefixLength;
  }

  /** Position of the first token after the prefix. */
  get start(): number {
    return this.#start;
  }

  /** One past the newest token held. */
  get end(): number {
    const { position } = this.decoder;
    if (this.#start === this.#prefixLength) return position;
    return this.#start + Math.max(0, position - this.#prefixLength);
  }

  /** Makes this the window from `start` on; empty, unless it was that window before. */
  moveTo(start: number): void {
    if (start === this.#start) return;
    this.decoder.truncate(0);
    this.#start = start;
  }

  /** Forgets tokens from `position` on. */
  truncate(position: number): void {
    if (position >= this.end) return;
    if (position >= this.#start) this.decoder.truncate(this.#prefixLength + position - this.#start);
    else if (this.#start === this.#prefixLength) this.decoder.truncate(position);
    else this.decoder.truncate(0);
  }

  /**
   * Takes what it lacks of the known tokens up to position `to`, then `more` (which follow the known ones where
   * there are any); at least one token in all. The logits after the last.
   */
  async fill(
    known: TokenHistory,
    to: number,
    more: TokenRun = { tokens: [] },
  ): Promise<Float32Array> {
    const begins = this.#start === this.#prefixLength;
    const hasPrefix = begins || this.decoder.position >= this.#prefixLength;
    // A prefill that failed may have left a part of the prefix.
    if (!hasPrefix) this.decoder.truncate(0);
    const { end } = this;
    const { tokens, conditions } = joinRuns(
      ...(hasPrefix ? [] : [sliceRun(joinRuns(known.prefix, more), 0, this.#prefixLength)]),
      known.slice(end, to),
      sliceRun(more, Math.max(0, end - to)),
    );
    return await this.decoder.prefill(tokens, conditions);
  }
}
