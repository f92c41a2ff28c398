/** What decoders must agree with: float64 logits of the first tokens, computed once for all that ask. */

import { QuantisedReference } from "#model/reference/quantised-reference.ts";
import { ReferenceModel } from "#model/reference/reference-model.ts";
import type { Weights } from "#model/weights/weights.ts";
import { PREFIX_LENGTH } from "./decode-plan.ts";
import type { DecoderEntry } from "./decoders.ts";

/** Tokens that are compared. */
export const CHECKED_TOKENS = 8;

/** Logits (V) after each of the first tokens. */
export class Oracles {
  readonly #weights: Weights;
  readonly #tokens: readonly number[];
  readonly #rows = new Map<DecoderEntry["oracle"], readonly Float64Array[]>();

  constructor(weights: Weights, tokens: readonly number[]) {
    this.#weights = weights;
    this.#tokens = tokens.slice(0, CHECKED_TOKENS);
  }

  /** Rows of one oracle, (CHECKED_TOKENS, V). */
  rows(oracle: DecoderEntry["oracle"]): readonly Float64Array[] {
    const known = this.#rows.get(oracle);
    if (known) return known;
    const Model = oracle === "reference" ? ReferenceModel : QuantisedReference;
    const rows = new Model(this.#weights, PREFIX_LENGTH).onePass(this.#tokens);
    this.#rows.set(oracle, rows);
    return rows;
  }
}
