/**
 * Attention in plain loops on the CPU, for the WASM backend: there tfjs multiplies batches of small
 * matrices without SIMD and over all slots. For 4 heads of 64 and 768 slots its two products take 0.5 ms a
 * layer (Node 20); these loops over the visible keys alone take 0.23 ms for 512 of them and 0.03 ms for 64,
 * and they write the cache in place without reaching into the backend.
 * Layout of a layer's cache: (H, capacity, D), one array for keys and one for values.
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Weights } from "#model/weights/weights.ts";
import type { KvLayout } from "#model/window/kv-layout.ts";
import { fillRotary } from "#model/window/rotary-table.ts";
import type { Attention } from "./attention.ts";

/** Slots next to each other that one query meets with one rotation. */
interface Run {
  readonly query: Float64Array;
  readonly slot: number;
  readonly count: number;
}

/** See the header. */
export class LoopAttention implements Attention {
  readonly #layout: KvLayout;
  readonly #heads: number;
  readonly #headDim: number;
  readonly #frequencies: Float32Array;
  readonly #keys: Float32Array[];
  readonly #values: Float32Array[];
  readonly #scores: Float64Array;
  #position = 0;
  #cos = new Float64Array(0);
  #sin = new Float64Array(0);

  constructor(weights: Weights, layout: KvLayout) {
    const { depth, heads, headDim } = weights.architecture;
    this.#layout = layout;
    this.#heads = heads;
    this.#headDim = headDim;
    this.#frequencies = weights.rotaryFrequencies();
    const cache = () => new Float32Array(heads * layout.capacity * headDim);
    this.#keys = Array.from({ length: depth }, cache);
    this.#values = Array.from({ length: depth }, cache);
    this.#scores = new Float64Array(layout.capacity);
  }

  begin(position: number, count: number): void {
    this.#position = position;
    const pairs = this.#frequencies.length;
    // Row t: the position itself; row count + t: where its query stands towards the prefix.
    const own = Array.from({ length: count }, (_, t) => position + t);
    const towardsPrefix = own.map((at) => this.#layout.prefixQueryPosition(at));
    this.#cos = new Float64Array(2 * count * pairs);
    this.#sin = new Float64Array(2 * count * pairs);
    fillRotary(this.#frequencies, [...own, ...towardsPrefix], this.#cos, this.#sin);
  }

  attend(layer: number, qkv: tf.Tensor2D): tf.Tensor2D {
    const inner = this.#heads * this.#headDim;
    const [count] = qkv.shape;
    const rows = qkv.dataSync<"float32">();
    const mixed = new Float32Array(count * inner);
    for (let t = 0; t < count; t++)
      for (let head = 0; head < this.#heads; head++) this.#store(layer, head, t, rows);
    for (let t = 0; t < count; t++)
      for (let head = 0; head < this.#heads; head++)
        this.#mix(layer, head, this.#runs(head, t, count, rows), mixed, t * inner);
    return tf.tensor2d(mixed, [count, inner]);
  }

  dispose(): void {
    this.#keys.length = 0;
    this.#values.length = 0;
  }

  #store(layer: number, head: number, t: number, rows: Float32Array): void {
    const headDim = this.#headDim;
    const inner = this.#heads * headDim;
    const slot = head * this.#layout.capacity + this.#layout.slotOf(this.#position + t);
    const from = t * 3 * inner + head * headDim;
    this.#keys[layer].set(this.#turned(rows, from + inner, t), slot * headDim);
    const value = rows.subarray(from + 2 * inner, from + 2 * inner + headDim);
    this.#values[layer].set(value, slot * headDim);
  }

  /** One head's row, rotated by row `r` of the tables. */
  #turned(rows: Float32Array, from: number, r: number): Float64Array {
    const result = Float64Array.from(rows.subarray(from, from + this.#headDim));
    const pairs = this.#frequencies.length;
    for (let i = 0; i < pairs; i++) {
      const cos = this.#cos[r * pairs + i];
      const sin = this.#sin[r * pairs + i];
      const x = result[2 * i];
      const y = result[2 * i + 1];
      result[2 * i] = x * cos - y * sin;
      result[2 * i + 1] = y * cos + x * sin;
    }
    return result;
  }

  /** What query t sees: prefix, then the ring in at most two runs. */
  #runs(head: number, t: number, count: number, rows: Float32Array): Run[] {
    const layout = this.#layout;
    const at = this.#position + t;
    const from = t * 3 * this.#heads * this.#headDim + head * this.#headDim;
    const runs: Run[] = [];
    const prefix = layout.prefixCount(at);
    if (prefix > 0)
      runs.push({ query: this.#turned(rows, from, count + t), slot: 0, count: prefix });
    const start = layout.windowStart(at);
    if (start > at) return runs;
    const query = this.#turned(rows, from, t);
    const slot = layout.slotOf(start);
    const first = Math.min(at - start + 1, layout.capacity - slot);
    runs.push({ query, slot, count: first });
    const wrapped = at - start + 1 - first;
    if (wrapped > 0) runs.push({ query, slot: layout.pinned, count: wrapped });
    return runs;
  }

  #mix(layer: number, head: number, runs: Run[], mixed: Float32Array, row: number): void {
    const headDim = this.#headDim;
    const base = head * this.#layout.capacity;
    const out = row + head * headDim;
    let seen = 0;
    for (const { query, slot, count } of runs) {
      score(query, this.#keys[layer], (base + slot) * headDim, count, this.#scores, seen);
      seen += count;
    }
    softmax(this.#scores, seen);
    seen = 0;
    for (const { slot, count } of runs) {
      const from = (base + slot) * headDim;
      addWeighted(this.#values[layer], from, headDim, this.#scores, seen, count, mixed, out);
      seen += count;
    }
  }
}

/** `scores[at + j] = query . key j`, two keys at a time so that the query is read once for both. */
function score(
  query: Float64Array,
  keys: Float32Array,
  from: number,
  count: number,
  scores: Float64Array,
  at: number,
): void {
  const dim = query.length;
  for (let j = 0; j < count; j += 2) {
    const one = from + j * dim;
    // An odd count computes its last key twice.
    const two = j + 1 < count ? one + dim : one;
    let sumOne = 0;
    let sumTwo = 0;
    for (let i = 0; i < dim; i++) {
      const q = query[i];
      sumOne += q * keys[one + i];
      sumTwo += q * keys[two + i];
    }
    scores[at + j] = sumOne;
    if (two !== one) scores[at + j + 1] = sumTwo;
  }
}

function softmax(scores: Float64Array, count: number): void {
  let highest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < count; j++) if (scores[j] > highest) highest = scores[j];
  let total = 0;
  for (let j = 0; j < count; j++) {
    scores[j] = Math.exp(scores[j] - highest);
    total += scores[j];
  }
  for (let j = 0; j < count; j++) scores[j] /= total;
}

/** `mixed[out..] += sum of weight j * value j`, four columns at a time so that the sums stay in registers. */
function addWeighted(
  values: Float32Array,
  from: number,
  dim: number,
  weights: Float64Array,
  at: number,
  count: number,
  mixed: Float32Array,
  out: number,
): void {
  let i = 0;
  for (; i + 4 <= dim; i += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = 0, v = from + i; j < count; j++, v += dim) {
      const weight = weights[at + j];
      a += weight * values[v];
      b += weight * values[v + 1];
      c += weight * values[v + 2];
      d += weight * values[v + 3];
    }
    mixed[out + i] += a;
    mixed[out + i + 1] += b;
    mixed[out + i + 2] += c;
    mixed[out + i + 3] += d;
  }
  for (; i < dim; i++)
    for (let j = 0; j < count; j++) mixed[out + i] += weights[at + j] * values[from + j * dim + i];
}
