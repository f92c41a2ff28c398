/**
 * What every decoder offers, whatever runs it: the reference, tfjs ops, own WebGPU kernels, WASM.
 * A decoder knows token ids and nothing of notes. It owns a KV cache of fixed capacity.
 *
 * Window: the model was trained on `contextLength` tokens, so a query attends to at most that
 * many keys. Models with rotary positions roll: once `position` passes the context, a query sees
 * the pinned prefix (the first `prefixLength` tokens, as though they stood right before the window)
 * and the newest `contextLength - prefixLength` tokens, itself included; play is endless. Models
 * with absolute positions cannot roll: `decodeStep` throws past the context, and the caller
 * truncates and prefills anew (see `context-window.ts`, which does it).
 *
 * Conditions: where the architecture has them, every token is handed over with its own (token-run.ts), and it is a
 * mistake to leave them out; where it has none, it is a mistake to give any.
 */
import { AssertionError, assert } from "#base/assert.ts";
import type { SampleWay } from "./sampler.ts";
import type { TokenConditions, TokenRun } from "./token-run.ts";
import type { Architecture, ConditionGroup } from "./weights/manifest.ts";

/** Names of what can run a model: own kernels on the GPU or the CPU, tfjs' WASM ops, plain loops. */
export type BackendName = "webgpu" | "wasm" | "tfjs" | "reference";

/** One sequence being decoded. Not re-entrant: await each call before the next. */
export interface Decoder {
  readonly architecture: Architecture;
  /** What runs it, for people: "webgpu", "wasm", ... */
  readonly backend: BackendName;
  /** Tokens taken since the start: the position the next token will get. */
  readonly position: number;
  /** The smallest position `truncate` accepts now (older keys may have left the cache); 0 is always accepted. */
  readonly oldestPosition: number;
  /**
   * Takes several tokens at once and returns the logits after the last, a (V) array that stays
   * valid until the next call. At position 0 the first `prefixLength` tokens become the pinned prefix.
   * @param conditions of each token, of models with conditions
   */
  prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array>;
  /** Takes one token and returns the logits after it, a (V) array valid until the next call. */
  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array>;
  /**
   * Takes `request.tokens`, then draws `request.count` tokens where the logits are, each after the one before, and
   * takes all of them but the last: nothing but ids comes back, and the conditions that the rules gave to each. The
   * last waits, since nothing hangs on its logits yet: it is the first of the `tokens` of the next call. Whoever does
   * not want what was drawn truncates. Where the request watches surprise, it comes back too.
   * Only on devices where a read-back costs more than the draw; elsewhere `sample` serves.
   * @throws Failure "unavailable" where logits are no numbers, as `sample` does.
   */
  draw?(request: DrawRequest): Promise<DrawnRun>;
  /**
   * So many sequences that all go on from what this one has taken, where a device takes a token of each nearly as fast as
   * of one; they share its disposal. @throws Failure "unavailable" where memory does not suffice
   */
  batch?(sequences: number): Promise<DecoderBatch>;
  /** Forgets every token from `position` on, exactly and at no cost. Throws if it is out of reach. */
  truncate(position: number): void;
  /** Frees device memory. The decoder must not be used afterwards. */
  dispose(): void;
}

/** Sequences of one past. Not re-entrant: await each call before the next. */
export interface DecoderBatch {
  /** Makes every sequence what the decoder's is now. */
  fork(): void;
  /** Takes a token of each sequence (B) and returns the logits after them, (B, V), valid until the next call. */
  decodeStep(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array>;
  dispose(): void;
}

/**
 * Which tokens may be drawn, as a program for the device: the decoder knows nothing of notes, whoever does hands it
 * this text. A workgroup of LANES invocations runs it; `state` is kept from token to token.
 */
export interface DrawRules {
  /**
   * WGSL that reads and writes `state: array<u32, stateWords>` and declares
   * - `fn look(lane: u32)`, called by every invocation (0 <= lane < LANES) before a token; it may use barriers;
   * - `fn way() -> u32`, called by one invocation after `look`: by which of the request's ways the token is drawn;
   * - `fn allowed(token: u32) -> bool`, called for every token of the vocabulary;
   * - `fn measure(token: u32) -> f32`, what a way's pull weighs, and `fn extent(token: u32) -> f32`, what its stretch does;
   * - `fn take(token: u32)`, called by one invocation once the token is drawn;
   * - with `conditionGroups`, `fn conditionRow(group: u32) -> u32`, called by that invocation behind `take` for each
   *   group: the id that the token drawn carries of it (see `TokenConditions`).
   */
  readonly source: string;
  readonly stateWords: number;
  /** How many ways of drawing the program chooses between. */
  readonly ways: number;
  /** Groups of conditions that the program gives a token: as many as the model has, or none. */
  readonly conditionGroups?: number;
}

/** Most tokens of one `draw`. */
export const MOST_DRAWN = 48;

/**
 * What to draw; the numbers mean what they mean in `SampleOptions`. Its own tokens, at least one, are taken first: the
 * first token is drawn from the logits of the last of them.
 */
export interface DrawRequest extends TokenRun {
  readonly rules: DrawRules;
  /** (stateWords) before the first token is drawn. */
  readonly state: Uint32Array;
  /** Tokens to draw, 1 to MOST_DRAWN. */
  readonly count: number;
  /** (rules.ways) what is left to draw from, by what the rules say of each token. */
  readonly ways: readonly SampleWay[];
  readonly seed: number;
  readonly stream?: number;
  /** Counter of the first token; it goes up by one a token. */
  readonly counter: number;
  /** Whether to tell how much each token drawn surprises the model. */
  readonly watchesSurprise?: boolean;
}

/** What was drawn. */
export interface DrawnRun extends TokenRun {
  /** Of each token the nats that `surpriseOf` (surprise.ts) reckons; where the request watches it. */
  readonly surprises?: readonly number[];
}

/**
 * Checks what a decoder is handed before it takes any of it: at least one token, all in the vocabulary, each with the
 * conditions that the architecture asks for.
 */
export function assertTokens(
  { vocabulary, conditions: groups }: Architecture,
  { tokens, conditions }: TokenRun,
): void {
  assert(tokens.length > 0, "prefill needs at least one token");
  for (const token of tokens)
    assert(
      Number.isInteger(token) && token >= 0 && token < vocabulary,
      `token ${token}: expected an integer in [0, ${vocabulary})`,
    );
  if (groups === undefined) {
    assert(conditions === undefined, "conditions for a model without");
    return;
  }
  assert(conditions !== undefined, "this model needs the conditions of every token");
  assert(
    conditions.length === tokens.length,
    `conditions of ${conditions.length} tokens, expected ${tokens.length}`,
  );
  for (const rows of conditions) assertConditions(groups, rows);
}

/** One id of each group, in the range of its rows. */
function assertConditions(groups: readonly ConditionGroup[], ids: TokenConditions): void {
  assert(ids.length === groups.length, `${ids.length} conditions, expected ${groups.length}`);
  let start = 0;
  for (let group = 0; group < groups.length; group++) {
    const id = ids[group];
    const { name, rows } = groups[group];
    // Not by `assert`: its message alone would cost more than the check, at every group of every token.
    if (!Number.isInteger(id) || id < start || id >= start + rows)
      throw new AssertionError(
        `condition ${id} of ${name}: expected an integer in [${start}, ${start + rows})`,
      );
    start += rows;
  }
}
