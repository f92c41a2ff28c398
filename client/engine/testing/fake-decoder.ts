/**
 * A decoder without a model: its logits are a fixed function of the tokens it holds, so cutting
 * and refilling it can be checked as exactly as with a real one.
 */
import { assert } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import type { Decoder } from "#model/decoder.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";

const ARCHITECTURE: Architecture = {
  vocabulary: VOCABULARY_SIZE,
  dim: 1,
  depth: 1,
  heads: 1,
  headDim: 1,
  feedForward: 1,
  contextLength: 512,
  positions: "rotary",
};

/** Tokens that the logits depend on. */
const WINDOW = 8;

export class FakeDecoder implements Decoder {
  readonly architecture = ARCHITECTURE;
  readonly backend = "reference";
  /** Tokens taken in all, truncated ones included: what the work would have cost. */
  taken = 0;
  /** Lowest position that may be truncated to, besides 0. */
  oldestPosition = 0;
  /** Thrown by the next call, once. */
  fault: Error | undefined;
  readonly #tokens: number[] = [];

  get position(): number {
    return this.#tokens.length;
  }

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  async prefill(tokens: readonly number[]): Promise<Float32Array> {
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    this.#tokens.push(...tokens);
    this.taken += tokens.length;
    const seen = this.#tokens.slice(-WINDOW);
    const seed = seen.reduce((hash, token) => (Math.imul(hash, 31) + token) | 0, 7);
    const random = new Random(seed);
    const logits = new Float32Array(VOCABULARY_SIZE);
    for (let id = 0; id < VOCABULARY_SIZE; id += 1)
      logits[id] = 3 * random.at(id >> 2) - likely(id);
    return logits;
  }

  decodeStep(token: number): Promise<Float32Array> {
    return this.prefill([token]);
  }

  truncate(position: number): void {
    assert(
      position === 0 || position >= this.oldestPosition,
      `position ${position} is out of reach`,
    );
    this.#tokens.length = position;
  }

  dispose(): void {
    this.#tokens.length = 0;
  }
}

/** Makes short rests and notes likelier, so that what is "composed" moves like music. */
const likely = (id: number): number => (id < 256 ? id / 4 : id < 1280 ? (id - 256) / 64 : 0);
