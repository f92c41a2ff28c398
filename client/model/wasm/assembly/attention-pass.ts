/**
 * Attention of a pass: of every head first all keys and values into the cache, then every query over what it
 * sees, so that a head's part of the cache is read from memory once for all tokens.
 */
import {
  exponentiate,
  hide,
  highestScore,
  mix,
  roundVector,
  scaleWeights,
  score,
  storeKey,
  storeValue,
  weightFactor,
} from "./attention";
import * as model from "./model";
import { largest, round } from "./rounding";

/** Reads q, k, v from `wide`, writes `mixed`. */
export function attendHeads(layer: i32, count: i32): void {
  for (let head = 0; head < model.heads; head++) {
    const at = layer * model.heads + head;
    for (let t = 0; t < count; t++) remember(at, head, t);
    for (let t = 0; t < count; t++) attend(at, head, t);
  }
}

function recordOf(t: i32): usize {
  return model.records + <usize>t * model.RECORD;
}

/** Where a head's numbers of token t begin. @param part 0 query, 1 key, 2 value. */
function headOf(part: i32, head: i32, t: i32): usize {
  const at = t * model.qkv_ + (part * model.heads + head) * model.headDim;
  return model.wide + ((<usize>at) << 2);
}

/** Keys or values of a layer's head. */
function cacheOf(cache: usize, at: i32): usize {
  return cache + ((<usize>at * <usize>model.slots_ * <usize>model.headDim_) << 1);
}

function scalesOf(scales: usize, at: i32): usize {
  return scales + ((<usize>at * <usize>model.slots_) << 2);
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

/** Puts token t's key and value into the cache. */
function remember(at: i32, head: i32, t: i32): void {
  const slot = load<i32>(recordOf(t), 8);
  const offset = (<usize>slot) << 2;
  rotate(headOf(1, head, t), 2 * t);
  const keyScale = roundVector(model.vector, model.headDim_, model.rounded);
  storeKey(cacheOf(model.keys, at), slot, model.headDim_, model.rounded);
  store<f32>(scalesOf(model.keyScales, at) + offset, keyScale);
  memory.copy(model.vector, headOf(2, head, t), (<usize>model.headDim) << 2);
  const values = cacheOf(model.values, at);
  const valueScale = storeValue(
    values,
    slot,
    model.slots_,
    model.vector,
    model.headDim_,
    model.rounded,
  );
  store<f32>(scalesOf(model.valueScales, at) + offset, valueScale);
}

/** Token t's query over the slots of [0, first) and [from, to), the first `prefix` with their own rotation. */
function attend(at: i32, head: i32, t: i32): void {
  const record = recordOf(t);
  const first = load<i32>(record, 12);
  const from = load<i32>(record, 16);
  const to = load<i32>(record, 20);
  const prefix = load<i32>(record, 24);
  // Whole blocks of 8 slots that do not overlap; what they hold beyond is hidden.
  const first_ = (first + 7) & -8;
  const from_ = max(from & -8, first_);
  const to_ = max((to + 7) & -8, from_);
  const query = headOf(0, head, t);
  const scores = model.scores;
  if (prefix > 0) {
    scoreSlots(at, query, 2 * t + 1, 0, (prefix + 7) & -8, model.prefixScores);
  }
  scoreSlots(at, query, 2 * t, 0, first_, scores);
  scoreSlots(at, query, 2 * t, from_, to_, scores);
  memory.copy(scores, model.prefixScores, (<usize>prefix) << 2);
  hide(scores, first, min(from, first_));
  hide(scores, from_, from);
  hide(scores, to, to_);

  const most = max<f32>(highestScore(scores, 0, first_), highestScore(scores, from_, to_));
  const sum = exponentiate(scores, 0, first_, most) + exponentiate(scores, from_, to_, most);
  const scales = scalesOf(model.valueScales, at);
  const scaled = scaleWeights(scores, scales, 0, first_) + scaleWeights(scores, scales, from_, to_);
  const rest = (<usize>from_) << 2;
  const heaviest = max<f32>(largest(scores, first_), largest(scores + rest, to_ - from_));
  const factor = weightFactor(heaviest, scaled);
  round(scores, first_, factor, model.weights);
  round(scores + rest, to_ - from_, factor, model.weights + (rest >> 1));
  const values = cacheOf(model.values, at);
  const dim = model.headDim_;
  mix(
    values,
    model.slots_,
    dim,
    model.weights,
    first_,
    from_,
    to_,
    1 / (factor * sum),
    model.vector,
  );
  const out = model.mixed + ((<usize>(t * model.inner_ + head * model.headDim)) << 2);
  memory.copy(out, model.vector, (<usize>model.headDim) << 2);
  // What pads the vector takes part in no sum but its own: `rotate` and `remember` count on zeros there.
  memory.fill(model.vector, 0, (<usize>dim) << 2);
}

/** Scores of the slots in [from, to) for a query turned by row `row` of the rotations. */
function scoreSlots(at: i32, query: usize, row: i32, from: i32, to: i32, scores: usize): void {
  if (from >= to) return;
  rotate(query, row);
  const scale = roundVector(model.vector, model.headDim_, model.rounded);
  const keys = cacheOf(model.keys, at);
  score(
    keys,
    scalesOf(model.keyScales, at),
    model.rounded,
    scale,
    model.headDim_,
    from,
    to,
    scores,
  );
}
