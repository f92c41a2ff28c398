/**
 * Attention over a cache of 16-bit keys and values, one scale a slot and head: half the bytes of float32, and the
 * integer product takes twice as many numbers an instruction. Sums stay in the lanes, nothing is added across them:
 * keys lie so that a lane is a slot, values so that a lane is a dimension. All heads of 16 slots lie side by side,
 * so that a token reads a layer's keys, then its values, in the order in which they lie: memory gives long runs
 * at twice the speed of short ones.
 *
 * Of one layer, H heads, S slots and D dimensions (both padded to 16):
 *   keys   (S/16, H): f32 (16) the keys' scales, f32 (16) the values' scales, i16 (D/2, 16, 2) pairs of dimensions
 *   values (S/16, H): i16 (D/16, 8, 16, 2) groups of 16 dimensions, in them pairs of slots
 *
 * Exact in int32: the lengths of rounded queries and keys stay below 46,200, so that no dot product leaves it
 * (Cauchy and Schwarz); rounded weights sum to less than 2^31 over the largest rounded value.
 */
import { exp4, highest, total } from "./elementary";
import { largest, round, sumOfSquares } from "./rounding";

/** The largest length of a rounded query or key but for what rounding adds; its square is 0.985 * 2^31. */
const LONGEST: f32 = 46000;
const LARGEST_I16: f32 = 32767;
const LARGEST_VALUE: f32 = 4095;
/** What rounded weights may sum to before rounding adds half for each of at most 10,000 slots. */
const WEIGHT_SUM: f32 = 519000;
/** A score that gets no weight. */
const UNSEEN: f32 = -1e30;
/** Bytes of the scales before a block's keys of a head. */
const SCALES: usize = 128;
/** Bytes from the keys' scales to the values'. */
export const VALUE_SCALES: usize = 64;

/** Bytes of 16 slots' keys of one head. @param dim padded. */
export function keyBytes(dim: i32): usize {
  return SCALES + ((<usize>dim) << 5);
}

/** Bytes of 16 slots' values of one head. @param dim padded. */
export function valueBytes(dim: i32): usize {
  return (<usize>dim) << 5;
}

/** Rounds one head's query or key; returns its scale. */
export function roundVector(x: usize, dim: i32, to: usize): f32 {
  const factor = min<f32>(
    LARGEST_I16 / largest(x, dim),
    LONGEST / sqrt<f32>(max<f32>(sumOfSquares(x, dim), 1e-30)),
  );
  round(x, dim, factor, to);
  return 1 / factor;
}

/** Rounds a key and puts it at its slot. @param block of the slot and head. @param rounded i16 (dim), scratch. */
export function storeKey(block: usize, slot: i32, x: usize, dim: i32, rounded: usize): void {
  const at = (<usize>slot & 15) << 2;
  store<f32>(block + at, roundVector(x, dim, rounded));
  let to = block + SCALES + at;
  for (const end = rounded + ((<usize>dim) << 1); rounded < end; rounded += 4, to += 64)
    store<i32>(to, load<i32>(rounded));
}

/** Rounds a value and puts it at its slot. @param block of the slot and head. @param scale where its scale goes. */
export function storeValue(
  block: usize,
  scale: usize,
  slot: i32,
  x: usize,
  dim: i32,
  rounded: usize,
): void {
  const factor = LARGEST_VALUE / largest(x, dim);
  store<f32>(scale, 1 / factor);
  round(x, dim, factor, rounded);
  let to = block + (((<usize>slot & 15) >> 1) << 6) + ((<usize>slot & 1) << 1);
  for (let d = 0; d < dim; d += 16, to += 512)
    for (let i: usize = 0; i < 16; i++, rounded += 2) store<i16>(to + (i << 2), load<i16>(rounded));
}

/**
 * Scores of all heads for the slots in [from, to), multiples of 16.
 * @param queries i16 (H, dim). @param scales f32 (H), of queries.
 * @param scores f32 (H, slots), written.
 */
export function score(
  keys: usize,
  queries: usize,
  scales: usize,
  heads: i32,
  dim: i32,
  slots: i32,
  from: i32,
  to: i32,
  scores: usize,
): void {
  const queryBytes = (<usize>dim) << 1;
  const headBytes = (<usize>heads) << 2;
  let key = keys + (<usize>from >> 4) * <usize>heads * keyBytes(dim);
  for (let slot = from; slot < to; slot += 16) {
    let query = queries;
    let at = scores + ((<usize>slot) << 2);
    for (let head: usize = 0; head < headBytes; head += 4, at += (<usize>slots) << 2) {
      const keyScales = key;
      key += SCALES;
      let a = i32x4.splat(0);
      let b = a;
      let c = a;
      let d = a;
      for (const end = query + queryBytes; query < end; query += 16, key += 256) {
        let pair = v128.load32_splat(query);
        a = addProducts(a, v128.load(key), pair);
        b = addProducts(b, v128.load(key, 16), pair);
        c = addProducts(c, v128.load(key, 32), pair);
        d = addProducts(d, v128.load(key, 48), pair);
        pair = v128.load32_splat(query, 4);
        a = addProducts(a, v128.load(key, 64), pair);
        b = addProducts(b, v128.load(key, 80), pair);
        c = addProducts(c, v128.load(key, 96), pair);
        d = addProducts(d, v128.load(key, 112), pair);
        pair = v128.load32_splat(query, 8);
        a = addProducts(a, v128.load(key, 128), pair);
        b = addProducts(b, v128.load(key, 144), pair);
        c = addProducts(c, v128.load(key, 160), pair);
        d = addProducts(d, v128.load(key, 176), pair);
        pair = v128.load32_splat(query, 12);
        a = addProducts(a, v128.load(key, 192), pair);
        b = addProducts(b, v128.load(key, 208), pair);
        c = addProducts(c, v128.load(key, 224), pair);
        d = addProducts(d, v128.load(key, 240), pair);
      }
      const factor = f32x4.splat(load<f32>(scales + head));
      v128.store(at, scaled(a, f32x4.mul(v128.load(keyScales), factor)));
      v128.store(at, scaled(b, f32x4.mul(v128.load(keyScales, 16), factor)), 16);
      v128.store(at, scaled(c, f32x4.mul(v128.load(keyScales, 32), factor)), 32);
      v128.store(at, scaled(d, f32x4.mul(v128.load(keyScales, 48), factor)), 48);
    }
  }
}

/** Adds the products of 8 numbers of 16 bits, those of pairs together. */
function addProducts(sums: v128, a: v128, b: v128): v128 {
  return i32x4.add(sums, i32x4.dot_i16x8_s(a, b));
}

function scaled(sum: v128, factor: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(sum), factor);
}

/** Takes the slots in [from, to) out of sight. */
export function hide(scores: usize, from: i32, to: i32): void {
  for (let slot = from; slot < to; slot++) store<f32>(scores + ((<usize>slot) << 2), UNSEEN);
}

/** The highest score in [from, to), multiples of 16. */
export function highestScore(scores: usize, from: i32, to: i32): f32 {
  let one = f32x4.splat(UNSEEN);
  let two = one;
  for (let at = (<usize>from) << 2, end = (<usize>to) << 2; at < end; at += 32) {
    one = f32x4.pmax(one, v128.load(scores + at));
    two = f32x4.pmax(two, v128.load(scores + at, 16));
  }
  return highest(f32x4.pmax(one, two));
}

/**
 * Of one head, scores in [from, to) become e^(score - most) times the values' scales; returns the sum of the
 * former. @param scales of the values of slot 0; those of the next 16 follow after `stride` bytes.
 * @param sums f32x4 twice: the sum and the largest of what is written are taken up there.
 */
export function exponentiate(
  scores: usize,
  from: i32,
  to: i32,
  most: f32,
  scales: usize,
  stride: usize,
  sums: usize,
): f32 {
  let sum = f32x4.splat(0);
  let weighted = v128.load(sums);
  let heaviest = v128.load(sums, 16);
  const by = f32x4.splat(most);
  scales += (<usize>from >> 4) * stride;
  for (
    let at = scores + ((<usize>from) << 2), end = scores + ((<usize>to) << 2);
    at < end;
    scales += stride
  )
    for (let i: usize = 0; i < 64; i += 16, at += 16) {
      const score = v128.load(at);
      // e^-87 of what is out of sight would not be 0.
      const seen = f32x4.gt(score, f32x4.splat(0.5 * UNSEEN));
      let weight = v128.and(exp4(f32x4.sub(score, by)), seen);
      sum = f32x4.add(sum, weight);
      weight = f32x4.mul(weight, v128.load(scales + i));
      weighted = f32x4.add(weighted, weight);
      heaviest = f32x4.pmax(heaviest, weight);
      v128.store(at, weight);
    }
  v128.store(sums, weighted);
  v128.store(sums, heaviest, 16);
  return total(sum);
}

/** What to multiply weights by before they are rounded. @param most the largest. @param sum of all. */
export function weightFactor(most: f32, sum: f32): f32 {
  return min<f32>(LARGEST_I16 / max<f32>(most, 1e-30), WEIGHT_SUM / max<f32>(sum, 1e-30));
}

/**
 * Adds weight times value of all heads over the slots in [from, to), multiples of 16.
 * @param weights i16 (H, slots). @param sums i32 (H, dim).
 */
export function mix(
  values: usize,
  weights: usize,
  heads: i32,
  dim: i32,
  slots: i32,
  from: i32,
  to: i32,
  sums: usize,
): void {
  const weightBytes = (<usize>slots) << 1;
  const sumBytes = (<usize>dim) << 2;
  let value = values + (<usize>from >> 4) * <usize>heads * valueBytes(dim);
  for (let slot = from; slot < to; slot += 16) {
    let weight = weights + ((<usize>slot) << 1);
    let sum = sums;
    for (let head = 0; head < heads; head++, weight += weightBytes)
      for (const end = sum + sumBytes; sum < end; sum += 64) {
        let a = v128.load(sum);
        let b = v128.load(sum, 16);
        let c = v128.load(sum, 32);
        let d = v128.load(sum, 48);
        for (let x = weight; x < weight + 32; x += 16, value += 256) {
          let pair = v128.load32_splat(x);
          a = addProducts(a, v128.load(value), pair);
          b = addProducts(b, v128.load(value, 16), pair);
          c = addProducts(c, v128.load(value, 32), pair);
          d = addProducts(d, v128.load(value, 48), pair);
          pair = v128.load32_splat(x, 4);
          a = addProducts(a, v128.load(value, 64), pair);
          b = addProducts(b, v128.load(value, 80), pair);
          c = addProducts(c, v128.load(value, 96), pair);
          d = addProducts(d, v128.load(value, 112), pair);
          pair = v128.load32_splat(x, 8);
          a = addProducts(a, v128.load(value, 128), pair);
          b = addProducts(b, v128.load(value, 144), pair);
          c = addProducts(c, v128.load(value, 160), pair);
          d = addProducts(d, v128.load(value, 176), pair);
          pair = v128.load32_splat(x, 12);
          a = addProducts(a, v128.load(value, 192), pair);
          b = addProducts(b, v128.load(value, 208), pair);
          c = addProducts(c, v128.load(value, 224), pair);
          d = addProducts(d, v128.load(value, 240), pair);
        }
        v128.store(sum, a);
        v128.store(sum, b, 16);
        v128.store(sum, c, 32);
        v128.store(sum, d, 48);
      }
  }
}

/** A head's sums become its mixed values, f32 in their place. */
export function finishSums(sums: usize, dim: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (const end = sums + ((<usize>dim) << 2); sums < end; sums += 16)
    v128.store(sums, scaled(v128.load(sums), factors));
}
