/**
 * A decoder without a model: its logits are a fixed function of the tokens it holds, so cutting
 * and refilling it can be checked as exactly as with a real one.
 */
import { assert } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import { assertTokens, type Decoder } from "#model/decoder.ts";
import type { TokenConditions } from "#model/token-run.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { CONDITION_GROUPS } from "#music/chart/conditions.ts";
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
  readonly architecture: Architecture;
  readonly backend = "reference";
  /** Tokens taken in all, truncated ones included: what the work would have cost. */
  taken = 0;
  /** Lowest position that may be truncated to, besides 0. */
  oldestPosition = 0;
  /** Thrown by the next call, once. */
  fault: Error | undefined;
  readonly #tokens: number[] = [];
  readonly #conditions: TokenConditions[] = [];
  readonly #loop: readonly number[] | undefined;
  readonly #surely: number;

  /**
   * @param options.conditioned it reads a chart; then its logits hang on the conditions of the newest token, too
   * @param options.loop tokens that follow the heading again and again
   * @param options.surely nats by which these are likelier than others; nearly for sure by default
   */
  constructor(options: { conditioned?: boolean; loop?: readonly number[]; surely?: number } = {}) {
    this.architecture = options.conditioned
      ? { ...ARCHITECTURE, conditions: CONDITION_GROUPS }
      : ARCHITECTURE;
    this.#loop = options.loop;
    this.#surely = options.surely ?? 30;
  }

  get position(): number {
    return this.#tokens.length;
  }

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** Of each token held, where it reads a chart. */
  get conditions(): readonly TokenConditions[] {
    return this.#conditions;
  }

  async prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    assertTokens(this.architecture, { tokens, ...(conditions && { conditions }) });
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    this.#tokens.push(...tokens);
    this.#conditions.push(...(conditions ?? []));
    this.taken += tokens.length;
    const seen = this.#tokens.slice(-WINDOW);
    const now = [...seen, ...(this.#conditions.at(-1) ?? [])];
    const seed = now.reduce((hash, token) => (Math.imul(hash, 31) + token) | 0, 7);
    const random = new Random(seed);
    const logits = new Float32Array(VOCABULARY_SIZE);
    for (let id = 0; id < VOCABULARY_SIZE; id += 1)
      logits[id] = 3 * random.at(id >> 2) - likely(id);
    const next = this.#loop?.[(this.position - 3) % this.#loop.length];
    if (next !== undefined) logits[next] += this.#surely;
    return logits;
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.prefill([token], conditions && [conditions]);
  }

  truncate(position: number): void {
    assert(
      position === 0 || position >= this.oldestPosition,
      `position ${position} is out of reach`,
    );
    this.#tokens.length = position;
    this.#conditions.length = Math.min(position, this.#conditions.length);
  }

  dispose(): void {
    this.#tokens.length = 0;
  }
}

/** Makes short rests and notes likelier, so that what is "composed" moves like music. */
const likely = (id: number): number => (id < 256 ? id / 4 : id < 1280 ? (id - 256) / 64 : 0);
