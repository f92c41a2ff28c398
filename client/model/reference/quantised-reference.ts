/**
 * The oracle of decoders on 8-bit weights: the folded model (folded-weights.ts) in plain float64 loops, its
 * matrices rounded by `quantise`, everything else exact. What such a decoder differs from this is its own
 * arithmetic; what this differs from `ReferenceModel` is what 8 bits cost.
 *
 * Rounded, the columns of what is written to the stream no longer sum to 0 exactly. The folded norm takes
 * no mean, here as in the kernels.
 */

import {
  type FoldedBlock,
  FoldedEmbedding,
  foldBlock,
  foldLogits,
  normEpsilon,
} from "#model/weights/folded-weights.ts";
import { dequantise, quantise } from "#model/weights/quantised-matrix.ts";
import type { Weights } from "#model/weights/weights.ts";
import { assertTokens } from "../decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { erf } from "./arithmetic.ts";
import { attendHeads, type TokenState } from "./reference-model.ts";
import { visibleKeys } from "./visible-keys.ts";

/** What is rounded: the matrices of blocks and logits (not the embedding, not conditions, not biases), or nothing. */
export type Rounding = "int8" | "none";

/** A folded model in plain loops; holds weights and no sequence. */
export class QuantisedReference {
  readonly weights: Weights;
  readonly #prefixLength: number;
  readonly #embedding: FoldedEmbedding;
  readonly #blocks: FoldedBlock[];
  readonly #logits: Float32Array; // (dim, V)
  readonly #frequencies: Float32Array;

  /** @param prefixLength tokens pinned at the start of a sequence. */
  constructor(weights: Weights, prefixLength: number, rounding: Rounding = "int8") {
    const { depth, dim, feedForward, heads, headDim, vocabulary } = weights.architecture;
    const rounded = (matrix: Float32Array, outputs: number) =>
      rounding === "int8" ? dequantise(quantise(matrix, outputs)) : matrix;
    this.weights = weights;
    this.#prefixLength = prefixLength;
    this.#embedding = new FoldedEmbedding(weights);
    this.#blocks = Array.from({ length: depth }, (_, layer) => {
      const block = foldBlock(weights, layer);
      return {
        ...block,
        qkv: rounded(block.qkv, 3 * heads * headDim),
        out: rounded(block.out, dim),
        up: rounded(block.up, feedForward),
        down: rounded(block.down, dim),
      };
    });
    this.#logits = rounded(foldLogits(weights), vocabulary);
    this.#frequencies = weights.rotaryFrequencies();
  }

  /**
   * Logits (V) after `token`, which follows `past`; its own state is appended to `past`.
   * @param past the states of all earlier tokens; its length is the token's position.
   * @param conditions of the token, of models with conditions
   */
  step(token: number, past: TokenState[], conditions?: TokenConditions): Float64Array {
    const { architecture } = this.weights;
    const { headDim } = architecture;
    const visible = visibleKeys(architecture, this.#prefixLength, past.length);
    const run = { tokens: [token], conditions: conditions && [conditions] };
    const x = Float64Array.from(this.#embedding.rows(run, past.length));
    past.push({ keys: [], values: [] });
    this.#blocks.forEach((block, layer) => {
      const inner = block.qkv.length / x.length / 3;
      const qkv = product(this.#norm(x), block.qkv, block.qkvBias);
      past[past.length - 1].keys.push(qkv.slice(inner, 2 * inner));
      past[past.length - 1].values.push(qkv.slice(2 * inner));
      // Attention divides by sqrt(D), which is folded into the matrix already.
      const query = qkv.slice(0, inner).map((value) => value * Math.sqrt(headDim));
      const mixed = attendHeads(architecture, this.#frequencies, query, layer, past, visible);
      add(x, product(mixed, block.out, block.outBias));
      const hidden = product(this.#norm(x), block.up, block.upBias).map((u) => u * (1 + erf(u)));
      add(x, product(hidden, block.down, block.downBias));
    });
    return product(this.#norm(x), this.#logits, this.weights.logitsBias);
  }

  /** Logits after every token of a sequence, (T, V), from the start. */
  onePass(tokens: readonly number[], conditions?: readonly TokenConditions[]): Float64Array[] {
    assertTokens(this.weights.architecture, { tokens, conditions });
    const past: TokenState[] = [];
    return tokens.map((token, i) => this.step(token, past, conditions?.[i]));
  }

  /** `x / sqrt(sum x^2 + epsilon)`; the rest of LayerNorm is in the matrices. */
  #norm(x: Float64Array): Float64Array {
    const squares = x.reduce((sum, value) => sum + value * value, 0);
    const scale = 1 / Math.sqrt(squares + normEpsilon(this.weights.architecture));
    return x.map((value) => value * scale);
  }
}

/** `x W + bias`; `matrix` is (in, out). */
function product(x: Float64Array, matrix: Float32Array, bias?: Float32Array): Float64Array {
  const outputs = matrix.length / x.length;
  const y = bias ? Float64Array.from(bias) : new Float64Array(outputs);
  for (let i = 0; i < x.length; i++)
    for (let o = 0; o < outputs; o++) y[o] += x[i] * matrix[i * outputs + o];
  return y;
}

function add(x: Float64Array, more: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] += more[i];
}
