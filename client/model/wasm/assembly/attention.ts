/**
 * Attention over a cache of 16-bit keys and values, one scale a slot and head: half the bytes of float32, and
 * the integer product takes twice as many numbers an instruction. Sums stay in the lanes, nothing is added
 * across them: keys lie so that a lane is a slot, values so that a lane is a dimension.
 *
 * Of one layer and head, S slots (padded to 8) and D dimensions (padded to 16):
 *   keys   i16 (S/8, D/2, 8, 2): blocks of 8 slots, in them pairs of dimensions
 *   values i16 (D/16, S/2, 16, 2): groups of 16 dimensions, in them pairs of slots
 *   scales f32 (S), of keys and of values
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

/** Rounds one head's query or key; returns its scale. */
export function roundVector(x: usize, dim: i32, to: usize): f32 {
  const factor = min<f32>(
    LARGEST_I16 / largest(x, dim),
    LONGEST / sqrt<f32>(max<f32>(sumOfSquares(x, dim), 1e-30)),
  );
  round(x, dim, factor, to);
  return 1 / factor;
}

/** Puts a rounded key at its slot. @param keys of this layer and head. */
export function storeKey(keys: usize, slot: i32, dim: i32, rounded: usize): void {
  const block = (<usize>slot >> 3) * ((<usize>dim) << 4);
  let to = keys + block + ((<usize>slot & 7) << 2);
  for (const end = rounded + ((<usize>dim) << 1); rounded < end; rounded += 4, to += 32)
    store<i32>(to, load<i32>(rounded));
}

/** Rounds a value and puts it at its slot; returns its scale. @param values of this layer and head. */
export function storeValue(
  values: usize,
  slot: i32,
  slots: i32,
  x: usize,
  dim: i32,
  scratch: usize,
): f32 {
  const factor = LARGEST_VALUE / largest(x, dim);
  round(x, dim, factor, scratch);
  let to = values + ((<usize>slot >> 1) << 6) + ((<usize>slot & 1) << 1);
  const groupBytes = (<usize>slots) << 5;
  for (let d = 0; d < dim; d += 16, to += groupBytes)
    for (let i: usize = 0; i < 16; i++, scratch += 2) store<i16>(to + (i << 2), load<i16>(scratch));
  return 1 / factor;
}

/** Scores of the slots in [from, to), multiples of 8. */
export function score(
  keys: usize,
  keyScales: usize,
  query: usize,
  queryScale: f32,
  dim: i32,
  from: i32,
  to: i32,
  scores: usize,
): void {
  const queryEnd = query + ((<usize>dim) << 1);
  const factor = f32x4.splat(queryScale);
  let key = keys + (<usize>from >> 3) * ((<usize>dim) << 4);
  for (let at = (<usize>from) << 2, end = (<usize>to) << 2; at < end; at += 32) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    for (let q = query; q < queryEnd; q += 16, key += 128) {
      let pair = v128.load32_splat(q);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(key), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(key, 16), pair));
      pair = v128.load32_splat(q, 4);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(key, 32), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(key, 48), pair));
      pair = v128.load32_splat(q, 8);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(key, 64), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(key, 80), pair));
      pair = v128.load32_splat(q, 12);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(key, 96), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(key, 112), pair));
    }
    const one = f32x4.mul(v128.load(keyScales + at), factor);
    const two = f32x4.mul(v128.load(keyScales + at, 16), factor);
    v128.store(scores + at, f32x4.mul(f32x4.convert_i32x4_s(a), one));
    v128.store(scores + at, f32x4.mul(f32x4.convert_i32x4_s(b), two), 16);
  }
}

/** Takes the slots in [from, to) out of sight. */
export function hide(scores: usize, from: i32, to: i32): void {
  for (let slot = from; slot < to; slot++) store<f32>(scores + ((<usize>slot) << 2), UNSEEN);
}

/** The highest score in [from, to), multiples of 8. */
export function highestScore(scores: usize, from: i32, to: i32): f32 {
  let most = f32x4.splat(UNSEEN);
  for (let at = (<usize>from) << 2, end = (<usize>to) << 2; at < end; at += 16)
    most = f32x4.pmax(most, v128.load(scores + at));
  return highest(most);
}

/** Scores in [from, to) become e^(score - most); returns their sum. */
export function exponentiate(scores: usize, from: i32, to: i32, most: f32): f32 {
  let sum = f32x4.splat(0);
  const by = f32x4.splat(most);
  for (let at = (<usize>from) << 2, end = (<usize>to) << 2; at < end; at += 16) {
    const score = v128.load(scores + at);
    // e^-87 of what is out of sight would not be 0.
    const seen = f32x4.gt(score, f32x4.splat(0.5 * UNSEEN));
    const weight = v128.and(exp4(f32x4.sub(score, by)), seen);
    sum = f32x4.add(sum, weight);
    v128.store(scores + at, weight);
  }
  return total(sum);
}

/** Multiplies weights in [from, to) by the values' scales; returns their sum. */
export function scaleWeights(weights: usize, valueScales: usize, from: i32, to: i32): f32 {
  let sum = f32x4.splat(0);
  for (let at = (<usize>from) << 2, end = (<usize>to) << 2; at < end; at += 16) {
    const weight = f32x4.mul(v128.load(weights + at), v128.load(valueScales + at));
    sum = f32x4.add(sum, weight);
    v128.store(weights + at, weight);
  }
  return total(sum);
}

/** What to multiply weights by before they are rounded. @param most the largest. @param sum of all. */
export function weightFactor(most: f32, sum: f32): f32 {
  return min<f32>(LARGEST_I16 / most, WEIGHT_SUM / max<f32>(sum, 1e-30));
}

/**
 * The sum of weight times value over the slots of [0, first) and [from, to), multiples of 8.
 * @param weights i16 by slot. @param out f32 (dim), written.
 */
export function mix(
  values: usize,
  slots: i32,
  dim: i32,
  weights: usize,
  first: i32,
  from: i32,
  to: i32,
  factor: f32,
  out: usize,
): void {
  const factors = f32x4.splat(factor);
  for (let d = 0; d < dim; d += 16, out += 64, values += (<usize>slots) << 5) {
    let a = i32x4.splat(0);
    let b = i32x4.splat(0);
    let c = i32x4.splat(0);
    let e = i32x4.splat(0);
    let start = 0;
    let stop = first;
    for (let run = 0; run < 2; run++, start = from, stop = to) {
      let value = values + ((<usize>start) << 5);
      let weight = weights + ((<usize>start) << 1);
      for (const end = weights + ((<usize>stop) << 1); weight < end; weight += 16, value += 256) {
        let pair = v128.load32_splat(weight);
        a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(value), pair));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(value, 16), pair));
        c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(value, 32), pair));
        e = i32x4.add(e, i32x4.dot_i16x8_s(v128.load(value, 48), pair));
        pair = v128.load32_splat(weight, 4);
        a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(value, 64), pair));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(value, 80), pair));
        c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(value, 96), pair));
        e = i32x4.add(e, i32x4.dot_i16x8_s(v128.load(value, 112), pair));
        pair = v128.load32_splat(weight, 8);
        a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(value, 128), pair));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(value, 144), pair));
        c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(value, 160), pair));
        e = i32x4.add(e, i32x4.dot_i16x8_s(v128.load(value, 176), pair));
        pair = v128.load32_splat(weight, 12);
        a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load(value, 192), pair));
        b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load(value, 208), pair));
        c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load(value, 224), pair));
        e = i32x4.add(e, i32x4.dot_i16x8_s(v128.load(value, 240), pair));
      }
    }
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(a), factors));
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(b), factors), 16);
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(c), factors), 32);
    v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(e), factors), 48);
  }
}
