/**
 * The same function as the model's with less to do per token: what multiplies or adds to what is already
 * a matrix is folded into the matrix once, in double precision.
 *
 * - Every LayerNorm subtracts the mean first, and nothing else reads the residual stream. So all that is
 *   written to the stream is centred beforehand, its mean stays 0, and LayerNorm becomes a division by the
 *   root mean square (Jiang et al., "Pre-RMSNorm and Pre-CRMSNorm Transformers", 2023).
 * - Gains 1 + gamma, the sqrt(dim) of the mean, the attention scale, and the constants of
 *   GELU(y) = u (1 + erf u) / sqrt 2 with u = y / sqrt 2 go into the matrix beside them.
 *
 * Matrices are (in, out), ready for `x W`; q, k and v are one.
 */
import type { TokenRun } from "../token-run.ts";
import type { Architecture } from "./manifest.ts";
import { TENSOR } from "./tensor-names.ts";
import type { Weights } from "./weights.ts";

/** One block; I = heads * headDim. */
export interface FoldedBlock {
  readonly qkv: Float32Array; // (dim, 3 * I)
  readonly qkvBias?: Float32Array; // (3 * I), of architectures with biases: 0 for k and v
  readonly out: Float32Array; // (I, dim)
  readonly outBias?: Float32Array; // (dim), of architectures with biases
  readonly up: Float32Array; // (dim, feedForward)
  readonly upBias: Float32Array; // (feedForward)
  readonly down: Float32Array; // (feedForward, dim)
  readonly downBias: Float32Array; // (dim)
}

/** LayerNorm's epsilon times dim: what `x / sqrt(sum x^2 + this)` needs. */
export const normEpsilon = ({ dim }: Architecture): number => 1e-5 * dim;

/** Folds one block. */
export function foldBlock(weights: Weights, layer: number): FoldedBlock {
  const { dim, heads, headDim, feedForward } = weights.architecture;
  const inner = heads * headDim;
  const block = weights.block(layer);
  const attentionGain = gain(block.attentionGamma);
  const feedForwardGain = gain(block.feedForwardGamma);
  const qkv = new Float32Array(dim * 3 * inner);
  const parts = [block.query, block.key, block.value];
  parts.forEach((part, which) => {
    const scale = which === 0 ? headDim ** -0.5 : 1;
    for (let row = 0; row < inner; row++)
      for (let i = 0; i < dim; i++)
        qkv[i * 3 * inner + which * inner + row] = part[row * dim + i] * attentionGain[i] * scale;
  });
  return {
    qkv,
    ...(block.queryBias && { qkvBias: ofQueries(block.queryBias, headDim ** -0.5) }),
    out: centred(transposed(block.attentionOut, inner), dim),
    ...(block.attentionOutBias && { outBias: centred(block.attentionOutBias, dim) }),
    up: transposed(block.up, dim, (i) => feedForwardGain[i] * Math.SQRT1_2),
    upBias: block.upBias.map((value) => value * Math.SQRT1_2),
    down: centred(
      transposed(block.down, feedForward, () => Math.SQRT1_2),
      dim,
    ),
    downBias: centred(block.downBias, dim),
  };
}

/** The last norm and the output matrix in one, (dim, V). */
export function foldLogits(weights: Weights): Float32Array {
  const gains = gain(weights.tensor(TENSOR.finalGamma).data);
  return transposed(weights.tensor(TENSOR.logits).data, weights.architecture.dim, (i) => gains[i]);
}

/** What is put into the stream at the start: a token's row, those of its conditions, and of its position. */
export class FoldedEmbedding {
  /** (V, dim) */
  readonly tokens: Float32Array;
  /** (contextLength, dim), or none where positions are rotary. */
  readonly positions: Float32Array | undefined;
  /** (rows, dim), of architectures with conditions. */
  readonly conditions: Float32Array | undefined;
  readonly #dim: number;

  constructor(weights: Weights) {
    const { dim, positions } = weights.architecture;
    this.#dim = dim;
    this.tokens = centred(weights.tensor(TENSOR.tokenEmbedding).data, dim);
    if (positions === "absolute") {
      const scaled = weights.tensor(TENSOR.positionEmbedding).data.map((x) => x * dim ** -0.5);
      this.positions = centred(scaled, dim);
    }
    this.conditions = weights.conditions && centred(weights.conditions, dim);
  }

  /** The sums of the rows of each token, the first at `position`: (T, dim). */
  rows({ tokens, conditions }: TokenRun, position: number): Float32Array {
    const dim = this.#dim;
    const rows = new Float32Array(tokens.length * dim);
    tokens.forEach((token, t) => {
      const sum = rows.subarray(t * dim, (t + 1) * dim);
      sum.set(this.tokens.subarray(token * dim, (token + 1) * dim));
      if (this.conditions) for (const row of conditions![t]) addRow(sum, this.conditions, row);
      if (this.positions) addRow(sum, this.positions, position + t);
    });
    return rows;
  }
}

/** Adds row `index` of `rows` (n, dim) to `sum` (dim). */
function addRow(sum: Float32Array, rows: Float32Array, index: number): void {
  const from = index * sum.length;
  for (let i = 0; i < sum.length; i++) sum[i] += rows[from + i];
}

/** `(1 + gamma) sqrt(dim)`, in double precision. */
function gain(gamma: Float32Array): Float64Array {
  return Float64Array.from(gamma, (value) => (1 + value) * Math.sqrt(gamma.length));
}

/** A matrix (out, in) as (in, out), row i multiplied by `scale(i)`. */
function transposed(
  matrix: Float32Array,
  inputs: number,
  scale: (input: number) => number = () => 1,
): Float32Array {
  const outputs = matrix.length / inputs;
  const result = new Float32Array(matrix.length);
  for (let i = 0; i < inputs; i++) {
    const factor = scale(i);
    for (let row = 0; row < outputs; row++)
      result[i * outputs + row] = matrix[row * inputs + i] * factor;
  }
  return result;
}

/** The bias of q, k and v: of queries, scaled as they are, and 0 for the others. */
function ofQueries(bias: Float32Array, scale: number): Float32Array {
  const all = new Float32Array(3 * bias.length);
  all.set(bias.map((value) => value * scale));
  return all;
}

/** Rows of `dim` numbers, each less its mean. */
function centred(rows: Float32Array, dim: number): Float32Array {
  const result = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += dim) {
    let sum = 0;
    for (let i = 0; i < dim; i++) sum += rows[at + i];
    for (let i = 0; i < dim; i++) result[at + i] = rows[at + i] - sum / dim;
  }
  return result;
}
