/** The part of a block that differs by backend: it owns the KV cache. */
import type { Tensor2D } from "@tensorflow/tfjs-core";

/** Attention of all layers of one sequence. Every method is called inside `tf.tidy`, but `dispose`. */
export interface Attention {
  /** Prepares a pass over `count` tokens, the first at `position`; tensors it makes live in the tidy. */
  begin(position: number, count: number): void;
  /**
   * Writes the pass's keys and values of one layer into the cache and attends.
   * @param qkv (T, 3 * I), queries already scaled. @returns (T, I).
   */
  attend(layer: number, qkv: Tensor2D): Tensor2D;
  /** Frees the cache. */
  dispose(): void;
}
