/**
 * Attention of a pass: first all keys and values into the cache, then every token's queries over what they see, all
 * heads at once, so that one token reads memory straight through; of a layer the next token finds it in the cache.
 */
import {
  exponentiate,
  finishSums,
  hide,
  highestScore,
  keyBytes,
  mix,
  roundVector,
  score,
  storeKey,
  storeValue,
  VALUE_SCALES,
  valueBytes,
  weightFactor,
} from "./attention";
import { highest, total } from "./elementary";
import * as model from "./model";
import { round } from "./rounding";

/** Reads q, k, v from `wide`, writes `mixed`. */
export function attendHeads(layer: i32, count: i32): void {
  const blocks = <usize>layer * (<usize>model.slots_ >> 4) * <usize>model.heads;
  const keys = model.keys + blocks * keyBytes(model.headDim_);
  const values = model.values + blocks * valueBytes(model.headDim_);
  for (let t = 0; t < count; t++) remember(keys, values, t);
  for (let t = 0; t < count; t++) attend(keys, values, t);
}

function recordOf(t: i32): usize {
  return model.records + <usize>t * model.RECORD;
}

/** Where a head's numbers of token t begin. @param part 0 query, 1 key, 2 value. */
function headOf(part: i32, head: i32, t: i32): usize {
  const at = t * model.qkv_ + (part * model.heads + head) * model.headDim;
  return model.wide + ((<usize>at) << 2);
}

/** Copies a head's numbers to `vector`, its first pairs turned. @param row of the rotation: 2t or 2t + 1. */
function rotate(from: usize, row: i32): void {
  memory.copy(model.vector, from, (<usize>model.headDim) << 2);
  const offset = (<usize>row * <usize>model.pairs) << 2;
  const bytes = (<usize>model.pairs) << 2;
  for (let i: usize = 0; i < bytes; i += 4) {
    const cosine = load<f32>(model.cosines + offset + i);
    const sine = load<f32>(model.sines + offset + i);
    const at = model.vector + 2 * i;
    const x = load<f32>(at);
    const y = load<f32>(at, 4);
    store<f32>(at, x * cosine - y * sine);
    store<f32>(at, y * cosine + x * sine, 4);
  }
}

/** Puts token t's keys and values into the cache of a layer. */
function remember(keys: usize, values: usize, t: i32): void {
  const slot = load<i32>(recordOf(t), 8);
  const dim = model.headDim_;
  const first = (<usize>slot >> 4) * <usize>model.heads;
  let key = keys + first * keyBytes(dim);
  let value = values + first * valueBytes(dim);
  const scale = VALUE_SCALES + ((<usize>slot & 15) << 2);
  for (let head = 0; head < model.heads; head++) {
    rotate(headOf(1, head, t), 2 * t);
    storeKey(key, slot, model.vector, dim, model.rounded);
    memory.copy(model.vector, headOf(2, head, t), (<usize>model.headDim) << 2);
    storeValue(value, key + scale, slot, model.vector, dim, model.rounded);
    key += keyBytes(dim);
    value += valueBytes(dim);
  }
}

/** Token t's queries over the slots of [0, first) and [from, to), the first `prefix` with their own rotation. */
function attend(keys: usize, values: usize, t: i32): void {
  const record = recordOf(t);
  const first = load<i32>(record, 12);
  const from = load<i32>(record, 16);
  const to = load<i32>(record, 20);
  const prefix = load<i32>(record, 24);
  // Whole blocks of 16 slots that do not overlap; what they hold beyond is hidden.
  const first_ = (first + 15) & -16;
  const from_ = max(from & -16, first_);
  const to_ = max((to + 15) & -16, from_);
  if (prefix > 0) {
    roundQueries(t, 2 * t + 1);
    scoreSlots(keys, 0, (prefix + 15) & -16, model.prefixScores);
  }
  roundQueries(t, 2 * t);
  scoreSlots(keys, 0, first_, model.scores);
  scoreSlots(keys, from_, to_, model.scores);

  const dim = model.headDim_;
  const stride = <usize>model.heads * keyBytes(dim);
  for (let head: usize = 0; head < <usize>model.heads; head++) {
    const offset = (head * <usize>model.slots_) << 2;
    const scores = model.scores + offset;
    if (prefix > 0) memory.copy(scores, model.prefixScores + offset, (<usize>prefix) << 2);
    hide(scores, first, min(from, first_));
    hide(scores, from_, from);
    hide(scores, to, to_);
    const most = max<f32>(highestScore(scores, 0, first_), highestScore(scores, from_, to_));
    const scales = keys + head * keyBytes(dim) + VALUE_SCALES;
    const sums = model.sums + ((head * <usize>dim) << 2);
    v128.store(sums, f32x4.splat(0));
    v128.store(sums, f32x4.splat(0), 16);
    const sum =
      exponentiate(scores, 0, first_, most, scales, stride, sums) +
      exponentiate(scores, from_, to_, most, scales, stride, sums);
    const factor = weightFactor(highest(v128.load(sums, 16)), total(v128.load(sums)));
    store<f32>(model.headScales + (head << 2), 1 / (factor * sum));
    const weights = model.weights + (offset >> 1);
    const rest = (<usize>from_) << 2;
    round(scores, first_, factor, weights);
    round(scores + rest, to_ - from_, factor, weights + (rest >> 1));
  }
  memory.fill(model.sums, 0, (<usize>(model.heads * dim)) << 2);
  mixSlots(values, 0, first_);
  mixSlots(values, from_, to_);
  for (let head = 0; head < model.heads; head++) {
    const sums = model.sums + ((<usize>(head * dim)) << 2);
    finishSums(sums, dim, load<f32>(model.headScales + ((<usize>head) << 2)));
    const out = model.mixed + ((<usize>(t * model.inner_ + head * model.headDim)) << 2);
    memory.copy(out, sums, (<usize>model.headDim) << 2);
  }
}

/** All heads' queries of token t, turned by row `row` of the rotations. */
function roundQueries(t: i32, row: i32): void {
  const bytes = (<usize>model.headDim_) << 1;
  for (let head = 0; head < model.heads; head++) {
    rotate(headOf(0, head, t), row);
    const at = (<usize>head) << 2;
    const to = model.queries + <usize>head * bytes;
    store<f32>(model.headScales + at, roundVector(model.vector, model.headDim_, to));
  }
}

function scoreSlots(keys: usize, from: i32, to: i32, scores: usize): void {
  score(
    keys,
    model.queries,
    model.headScales,
    model.heads,
    model.headDim_,
    model.slots_,
    from,
    to,
    scores,
  );
}

function mixSlots(values: usize, from: i32, to: i32): void {
  mix(values, model.weights, model.heads, model.headDim_, model.slots_, from, to, model.sums);
}
