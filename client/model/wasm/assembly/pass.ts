/**
 * Tokens through the whole model: the arithmetic of folded-weights.ts with matrices in 8 bits. Up to `chunk`
 * tokens a pass share each read of the weights.
 */
import { attendHeads } from "./attention-pass";
import { foldedGelu4 } from "./elementary";
import { limitOf, product } from "./matrix";
import * as model from "./model";
import { largest, round, sumOfSquares } from "./rounding";

/** Takes the `count` tokens whose records are written. @param wanted whether logits after the last are. */
export function pass(count: i32, wanted: bool): void {
  embed(count);
  for (let layer = 0; layer < model.depth; layer++) {
    const qkv = model.matrixAt(layer, 0);
    roundStream(0, count, limitOf(qkv));
    multiply(qkv, model.dim_, model.qkv_, count, model.wide, false);
    attendHeads(layer, count);
    const out = model.matrixAt(layer, 1);
    roundRows(model.mixed, model.inner_, count, limitOf(out));
    multiply(out, model.inner_, model.dim_, count, model.stream, true);
    const up = model.matrixAt(layer, 2);
    roundStream(0, count, limitOf(up));
    multiply(up, model.dim_, model.feedForward_, count, model.wide, false);
    gelu(count);
    const down = model.matrixAt(layer, 3);
    roundRows(model.wide, model.feedForward_, count, limitOf(down));
    multiply(down, model.feedForward_, model.dim_, count, model.stream, true);
  }
  if (!wanted) return;
  const last = model.matrixAt(model.depth, 0);
  roundStream(count - 1, 1, limitOf(last));
  multiply(last, model.dim_, model.vocabulary_, 1, model.logits, false);
}

function multiply(matrix: usize, inputs: i32, outputs: i32, count: i32, y: usize, add: bool): void {
  product(matrix, inputs, outputs, model.rows, model.rowScales, model.rowSums, count, y, add);
}

function embed(count: i32): void {
  const bytes = (<usize>model.dim_) << 2;
  for (let t: usize = 0; t < <usize>count; t++) {
    const record = model.records + t * model.RECORD;
    const to = model.stream + t * bytes;
    memory.copy(to, model.embedding + <usize>load<i32>(record) * bytes, bytes);
    const ids = model.conditionIds + ((t * <usize>model.groups) << 2);
    for (let id = ids; id < ids + ((<usize>model.groups) << 2); id += 4)
      addRow(to, model.conditions + <usize>load<i32>(id) * bytes, bytes);
    if (model.positions !== 0)
      addRow(to, model.positions + <usize>load<i32>(record, 4) * bytes, bytes);
  }
}

function addRow(to: usize, row: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(row + i)));
}

/** Rounds `count` rows of the stream from row `first` on, divided by their root of squares: the norm. */
function roundStream(first: i32, count: i32, limit: f32): void {
  const bytes = (<usize>model.dim_) << 2;
  const epsilon = <f32>1e-5 * <f32>model.dim;
  for (let t: usize = 0; t < <usize>count; t++) {
    const x = model.stream + (<usize>first + t) * bytes;
    const length = sqrt<f32>(sumOfSquares(x, model.dim_) + epsilon);
    roundRow(t, x, model.dim_, limit, 1 / length);
  }
}

function roundRows(x: usize, width: i32, count: i32, limit: f32): void {
  for (let t: usize = 0; t < <usize>count; t++)
    roundRow(t, x + t * ((<usize>width) << 2), width, limit, 1);
}

/** Rounds row t of what is multiplied next; `scale` is to be multiplied in. */
function roundRow(t: usize, x: usize, width: i32, limit: f32, scale: f32): void {
  const most = largest(x, width);
  const sum = round(x, width, limit / most, model.rows + t * ((<usize>width) << 1));
  store<f32>(model.rowScales + (t << 2), (most / limit) * scale);
  store<i32>(model.rowSums + (t << 2), sum);
}

function gelu(count: i32): void {
  let at = model.wide;
  for (const end = at + ((<usize>(count * model.feedForward_)) << 2); at < end; at += 16)
    v128.store(at, foldedGelu4(v128.load(at)));
}
