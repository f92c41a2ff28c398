/**
 * Attention on tfjs ops, for the WebGPU backend: every query meets every slot, and a mask added to the scores
 * hides what it may not see. Only the cache is written by an own program (cache-write-program.ts).
 * Once the window rolls, scores with prefix keys come from queries turned to where `KvLayout` says.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Weights } from "#model/weights/weights.ts";
import type { KvLayout } from "#model/window/kv-layout.ts";
import { fillRotary } from "#model/window/rotary-table.ts";
import type { Attention } from "./attention.ts";
import { writeCache } from "./cache-write-program.ts";

/** Hides a score; far below any score, and safe from the infinities that WGSL may not honour. */
const HIDDEN = -1e30;

/** Rotation of every row, (T, 1 or 3, 1, D) each: `x cos + swapped(x) sin`. */
interface Rotation {
  readonly cos: tf.Tensor4D;
  readonly sin: tf.Tensor4D;
}

/** What all layers of one pass share. */
interface Pass {
  readonly count: number;
  readonly start: number;
  readonly mask: tf.Tensor2D; // (T, capacity)
  readonly own?: Rotation;
  readonly towardsPrefix?: Rotation;
}

/** See the header. */
export class DeviceAttention implements Attention {
  readonly #layout: KvLayout;
  readonly #heads: number;
  readonly #headDim: number;
  readonly #frequencies: Float32Array;
  readonly #keys: tf.Tensor3D[]; // (H, capacity, D)
  readonly #values: tf.Tensor3D[]; // (H, capacity, D)
  /** Index of each dimension's partner in its pair: 1, 0, 3, 2, ... */
  readonly #partners: tf.Tensor1D;
  #pass: Pass | undefined;

  constructor(weights: Weights, layout: KvLayout) {
    const { depth, heads, headDim } = weights.architecture;
    this.#layout = layout;
    this.#heads = heads;
    this.#headDim = headDim;
    this.#frequencies = weights.rotaryFrequencies();
    const cache = () => tf.zeros<tf.Rank.R3>([heads, layout.capacity, headDim]);
    this.#keys = Array.from({ length: depth }, cache);
    this.#values = Array.from({ length: depth }, cache);
    const partners = Int32Array.from({ length: headDim }, (_, i) => i ^ 1);
    // An odd head has a last dimension without a partner; it is never rotated.
    if (headDim % 2 === 1) partners[headDim - 1] = headDim - 1;
    this.#partners = tf.tensor1d(partners, "int32");
  }

  begin(position: number, count: number): void {
    const positions = Array.from({ length: count }, (_, t) => position + t);
    const turned = positions.map((at) => this.#layout.prefixQueryPosition(at));
    const rotary = this.#frequencies.length > 0;
    const rolled = this.#layout.pinned > 0 && turned.some((at, t) => at !== positions[t]);
    this.#pass = {
      count,
      start: this.#layout.slotOf(position),
      mask: this.#mask(positions),
      ...(rotary && { own: this.#rotation(positions, 3) }),
      ...(rotary && rolled && { towardsPrefix: this.#rotation(turned, 1) }),
    };
  }

  attend(layer: number, qkv: tf.Tensor2D): tf.Tensor2D {
    const { count, start, mask, own, towardsPrefix } = this.#pass!;
    const heads = this.#heads;
    const headDim = this.#headDim;
    const split = tf.reshape<tf.Rank.R4>(qkv, [count, 3, heads, headDim]);
    const rows = byHead(own ? this.#rotate(split, own) : split); // (3, H, T, D)
    const slots = { start, pinned: this.#layout.pinned };
    writeCache(this.#keys[layer], rows, 1, slots);
    writeCache(this.#values[layer], rows, 2, slots);

    const query = part(rows, 0);
    let scores = tf.matMul(query, this.#keys[layer], false, true) as tf.Tensor3D; // (H, T, capacity)
    if (towardsPrefix) {
      const { pinned } = this.#layout;
      const plain = tf.slice(split, [0, 0, 0, 0], [count, 1, heads, headDim]);
      const turned = part(byHead(this.#rotate(plain, towardsPrefix)), 0);
      const prefix = tf.slice(this.#keys[layer], [0, 0, 0], [heads, pinned, headDim]);
      const seen = tf.matMul(turned, prefix, false, true) as tf.Tensor3D; // (H, T, P)
      scores = tf.concat([seen, tf.slice(scores, [0, 0, pinned])], 2);
    }
    const weights = tf.softmax(tf.add<tf.Tensor3D>(scores, mask));
    const mixed = tf.matMul(weights, this.#values[layer]); // (H, T, D)
    return tf.reshape(tf.transpose(mixed, [1, 0, 2]), [count, heads * headDim]);
  }

  dispose(): void {
    tf.dispose([...this.#keys, ...this.#values, this.#partners]);
  }

  /** Pairs turned: (x cos - y sin, y cos + x sin), the sign being in the table. */
  #rotate(x: tf.Tensor4D, { cos, sin }: Rotation): tf.Tensor4D {
    return tf.add(tf.mul(x, cos), tf.mul(tf.gather(x, this.#partners, 3), sin));
  }

  /** Tables for rows of `parts` parts; the third part is the values, which are not turned. */
  #rotation(positions: readonly number[], parts: 1 | 3): Rotation {
    const pairs = this.#frequencies.length;
    const headDim = this.#headDim;
    const pairCos = new Float32Array(positions.length * pairs);
    const pairSin = new Float32Array(positions.length * pairs);
    fillRotary(this.#frequencies, positions, pairCos, pairSin);
    const cos = new Float32Array(positions.length * parts * headDim).fill(1);
    const sin = new Float32Array(cos.length);
    for (let t = 0; t < positions.length; t++)
      for (let which = 0; which < Math.min(parts, 2); which++)
        for (let i = 0; i < pairs; i++) {
          const at = (t * parts + which) * headDim + 2 * i;
          cos[at] = cos[at + 1] = pairCos[t * pairs + i];
          sin[at + 1] = pairSin[t * pairs + i];
          sin[at] = -sin[at + 1];
        }
    const shape: [number, number, number, number] = [positions.length, parts, 1, headDim];
    return { cos: tf.tensor4d(cos, shape), sin: tf.tensor4d(sin, shape) };
  }

  /** 0 where a query may look, `HIDDEN` elsewhere. */
  #mask(positions: readonly number[]): tf.Tensor2D {
    const { capacity } = this.#layout;
    const mask = new Float32Array(positions.length * capacity).fill(HIDDEN);
    positions.forEach((at, t) => {
      mask.fill(0, t * capacity, t * capacity + this.#layout.prefixCount(at));
      for (let seen = this.#layout.windowStart(at); seen <= at; seen++)
        mask[t * capacity + this.#layout.slotOf(seen)] = 0;
    });
    return tf.tensor2d(mask, [positions.length, capacity]);
  }
}

/** (T, parts, H, D) to (parts, H, T, D). */
function byHead(x: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose(x, [1, 2, 0, 3]);
}

/** One part of (parts, H, T, D): (H, T, D). */
function part(x: tf.Tensor4D, which: number): tf.Tensor3D {
  const [, heads, count, headDim] = x.shape;
  const one = tf.slice(x, [which, 0, 0, 0], [1, heads, count, headDim]);
  return tf.reshape(one, [heads, count, headDim]);
}
