/**
 * The decoder's arithmetic on tfjs ops, the same for every backend, on folded weights so that a block
 * costs 18 ops besides attention. All methods but the constructor and `dispose` run inside `tf.tidy`.
 */
import * as tf from "@tensorflow/tfjs-core";
import {
  FoldedEmbedding,
  foldBlock,
  foldLogits,
  normEpsilon,
} from "#model/weights/folded-weights.ts";
import type { Weights } from "#model/weights/weights.ts";
import type { TokenRun } from "../token-run.ts";
import type { Attention } from "./attention.ts";

interface BlockTensors {
  readonly qkv: tf.Tensor2D; // (dim, 3 * I)
  readonly qkvBias?: tf.Tensor1D; // (3 * I)
  readonly out: tf.Tensor2D; // (I, dim)
  readonly outBias?: tf.Tensor1D; // (dim)
  readonly up: tf.Tensor2D; // (dim, F)
  readonly upBias: tf.Tensor1D; // (F)
  readonly down: tf.Tensor2D; // (F, dim)
  readonly downBias: tf.Tensor1D; // (dim)
}

/** A model's weights on the current backend. The owner disposes it. */
export class BlockGraph {
  readonly #dim: number;
  readonly #embedding: FoldedEmbedding;
  readonly #blocks: BlockTensors[];
  readonly #logits: tf.Tensor2D; // (dim, V)
  readonly #logitsBias: tf.Tensor1D | undefined; // (V)
  readonly #epsilon: tf.Scalar;

  constructor(weights: Weights) {
    const { dim, depth, heads, headDim, feedForward, vocabulary } = weights.architecture;
    const inner = heads * headDim;
    this.#dim = dim;
    this.#embedding = new FoldedEmbedding(weights);
    this.#blocks = Array.from({ length: depth }, (_, layer) => {
      const folded = foldBlock(weights, layer);
      return {
        qkv: tf.tensor2d(folded.qkv, [dim, 3 * inner]),
        out: tf.tensor2d(folded.out, [inner, dim]),
        up: tf.tensor2d(folded.up, [dim, feedForward]),
        upBias: tf.tensor1d(folded.upBias),
        down: tf.tensor2d(folded.down, [feedForward, dim]),
        downBias: tf.tensor1d(folded.downBias),
        ...(folded.qkvBias && { qkvBias: tf.tensor1d(folded.qkvBias) }),
        ...(folded.outBias && { outBias: tf.tensor1d(folded.outBias) }),
      };
    });
    this.#logits = tf.tensor2d(foldLogits(weights), [dim, vocabulary]);
    this.#logitsBias = weights.logitsBias && tf.tensor1d(weights.logitsBias);
    this.#epsilon = tf.scalar(normEpsilon(weights.architecture));
  }

  /** Takes tokens, the first at `position`, through all blocks: the residual stream (T, dim). */
  forward(run: TokenRun, position: number, attention: Attention): tf.Tensor2D {
    const { length } = run.tokens;
    attention.begin(position, length);
    let x = tf.tensor2d(this.#embedding.rows(run, position), [length, this.#dim]);
    this.#blocks.forEach((block, layer) => {
      const qkv = product(this.#norm(x), block.qkv, block.qkvBias); // (T, 3 * I)
      x = tf.add(x, product(attention.attend(layer, qkv), block.out, block.outBias)); // (T, dim)
      const u = product(this.#norm(x), block.up, block.upBias); // (T, F)
      const hidden = tf.add(u, tf.mul(u, tf.erf(u))) as tf.Tensor2D; // (T, F)
      x = tf.add(x, product(hidden, block.down, block.downBias));
    });
    return x;
  }

  /** Logits (1, V) after the last token of the stream. */
  logits(x: tf.Tensor2D): tf.Tensor2D {
    const last = x.shape[0] === 1 ? x : tf.slice(x, [x.shape[0] - 1, 0], [1, this.#dim]);
    return product(this.#norm(last), this.#logits, this.#logitsBias);
  }

  dispose(): void {
    for (const block of this.#blocks) tf.dispose({ ...block });
    this.#logits.dispose();
    this.#logitsBias?.dispose();
    this.#epsilon.dispose();
  }

  /** `x / sqrt(sum x^2 + epsilon)` by rows; the sqrt(dim) is in the matrices. */
  #norm(x: tf.Tensor2D): tf.Tensor2D {
    const squares = tf.sum(tf.square(x), 1, true);
    return tf.mul(x, tf.rsqrt(tf.add(squares, this.#epsilon)));
  }
}

/** `x matrix`, and the bias added where there is one. */
function product(x: tf.Tensor2D, matrix: tf.Tensor2D, bias: tf.Tensor1D | undefined): tf.Tensor2D {
  return bias
    ? (tf.fused.matMul({ a: x, b: matrix, bias }) as tf.Tensor2D)
    : tf.matMul<tf.Tensor2D>(x, matrix);
}
