/**
 * Rows of 16-bit numbers times a matrix of 8-bit weights. Weights are read once, in the order in which they
 * lie, and meet all rows while they are near: 16 outputs at a time, 2 inputs a step.
 *
 * A matrix in memory (`packed-matrix.ts` writes it; inputs I and outputs O are padded to 16):
 *   64 bytes, the first four: the largest magnitude that a row's numbers may have, f32
 *   O f32: what an output's sum is to be multiplied by; O f32: bias
 *   O/16 groups of I/2 pairs of inputs of 32 bytes, two times 16: int16 lane 2k + j holds in its low byte
 *   weight (input j, output k) + 128, in its high byte weight (input j, output 4 + k)
 * Low bytes are masked out, high bytes shifted down: two instructions widen 16 weights, and one load brings
 * them. The 128 is taken off by starting those sums at -128 times the sum of the row.
 *
 * Exact: sums are taken modulo 2^32, and the largest magnitude is such that no output can leave int32.
 */

const LOW_BYTES: i16 = 255;
/** Bytes before the scales. */
const HEADER: usize = 64;

/** The largest magnitude of a row's numbers. */
export function limitOf(matrix: usize): f32 {
  return load<f32>(matrix);
}

/**
 * y = rows W + bias, or y += that.
 * @param rows int16, (count, inputs). @param scales f32, a row's scale each. @param sums i32, a row's sum each.
 * @param y f32, (count, outputs).
 */
export function product(
  matrix: usize,
  inputs: i32,
  outputs: i32,
  rows: usize,
  scales: usize,
  sums: usize,
  count: i32,
  y: usize,
  add: bool,
): void {
  const rowBytes = (<usize>inputs) << 1;
  const groupBytes = (<usize>inputs) << 4;
  const outputBytes = (<usize>outputs) << 2;
  let scale = matrix + HEADER;
  let weights = scale + 2 * outputBytes;
  for (let o: usize = 0; o < outputBytes; o += 64, scale += 64, weights += groupBytes) {
    const bias = scale + outputBytes;
    let t: usize = 0;
    for (; t + 4 <= <usize>count; t += 4) {
      const x = rows + t * rowBytes;
      const to = y + t * outputBytes + o;
      const at = t << 2;
      fourRows(weights, scale, bias, x, rowBytes, scales + at, sums + at, to, outputBytes, add);
      fourRows(
        weights + 16,
        scale + 32,
        bias + 32,
        x,
        rowBytes,
        scales + at,
        sums + at,
        to + 32,
        outputBytes,
        add,
      );
    }
    for (; t < <usize>count; t++) {
      const factor = load<f32>(scales + (t << 2));
      const offset = -128 * load<i32>(sums + (t << 2));
      const x = rows + t * rowBytes;
      oneRow(weights, scale, bias, x, rowBytes, factor, offset, y + t * outputBytes + o, add);
    }
  }
}

/** One row times 16 outputs. */
function oneRow(
  weights: usize,
  scale: usize,
  bias: usize,
  x: usize,
  rowBytes: usize,
  factor: f32,
  offset: i32,
  y: usize,
  add: bool,
): void {
  const low = i16x8.splat(LOW_BYTES);
  let a = i32x4.splat(offset);
  let b = i32x4.splat(0);
  let c = i32x4.splat(offset);
  let d = i32x4.splat(0);
  for (const end = x + rowBytes; x < end; x += 16, weights += 128) {
    let pair = v128.load32_splat(x);
    let v = v128.load(weights);
    let w = v128.load(weights, 16);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(v, low), pair));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), pair));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.and(w, low), pair));
    d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), pair));
    pair = v128.load32_splat(x, 4);
    v = v128.load(weights, 32);
    w = v128.load(weights, 48);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(v, low), pair));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), pair));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.and(w, low), pair));
    d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), pair));
    pair = v128.load32_splat(x, 8);
    v = v128.load(weights, 64);
    w = v128.load(weights, 80);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(v, low), pair));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), pair));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.and(w, low), pair));
    d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), pair));
    pair = v128.load32_splat(x, 12);
    v = v128.load(weights, 96);
    w = v128.load(weights, 112);
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.and(v, low), pair));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.shr_s(v, 8), pair));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.and(w, low), pair));
    d = i32x4.add(d, i32x4.dot_i16x8_s(i16x8.shr_s(w, 8), pair));
  }
  finish(a, scale, bias, factor, y, add);
  finish(b, scale + 16, bias + 16, factor, y + 16, add);
  finish(c, scale + 32, bias + 32, factor, y + 32, add);
  finish(d, scale + 48, bias + 48, factor, y + 48, add);
}

/** Four rows times 8 outputs: every weight is widened once for all four. */
function fourRows(
  weights: usize,
  scale: usize,
  bias: usize,
  x: usize,
  rowBytes: usize,
  scales: usize,
  sums: usize,
  y: usize,
  outputBytes: usize,
  add: bool,
): void {
  const low = i16x8.splat(LOW_BYTES);
  let a0 = i32x4.splat(-128 * load<i32>(sums));
  let a1 = i32x4.splat(-128 * load<i32>(sums, 4));
  let a2 = i32x4.splat(-128 * load<i32>(sums, 8));
  let a3 = i32x4.splat(-128 * load<i32>(sums, 12));
  let b0 = i32x4.splat(0);
  let b1 = i32x4.splat(0);
  let b2 = i32x4.splat(0);
  let b3 = i32x4.splat(0);
  let x1 = x + rowBytes;
  let x2 = x1 + rowBytes;
  let x3 = x2 + rowBytes;
  for (const end = x + rowBytes; x < end; x += 8, x1 += 8, x2 += 8, x3 += 8, weights += 64) {
    let w = v128.load(weights);
    let v = v128.and(w, low);
    w = i16x8.shr_s(w, 8);
    let pair = v128.load32_splat(x);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, pair));
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w, pair));
    pair = v128.load32_splat(x1);
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, pair));
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w, pair));
    pair = v128.load32_splat(x2);
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, pair));
    b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w, pair));
    pair = v128.load32_splat(x3);
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, pair));
    b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w, pair));
    w = v128.load(weights, 32);
    v = v128.and(w, low);
    w = i16x8.shr_s(w, 8);
    pair = v128.load32_splat(x, 4);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, pair));
    b0 = i32x4.add(b0, i32x4.dot_i16x8_s(w, pair));
    pair = v128.load32_splat(x1, 4);
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, pair));
    b1 = i32x4.add(b1, i32x4.dot_i16x8_s(w, pair));
    pair = v128.load32_splat(x2, 4);
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, pair));
    b2 = i32x4.add(b2, i32x4.dot_i16x8_s(w, pair));
    pair = v128.load32_splat(x3, 4);
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, pair));
    b3 = i32x4.add(b3, i32x4.dot_i16x8_s(w, pair));
  }
  finish(a0, scale, bias, load<f32>(scales), y, add);
  finish(b0, scale + 16, bias + 16, load<f32>(scales), y + 16, add);
  y += outputBytes;
  finish(a1, scale, bias, load<f32>(scales, 4), y, add);
  finish(b1, scale + 16, bias + 16, load<f32>(scales, 4), y + 16, add);
  y += outputBytes;
  finish(a2, scale, bias, load<f32>(scales, 8), y, add);
  finish(b2, scale + 16, bias + 16, load<f32>(scales, 8), y + 16, add);
  y += outputBytes;
  finish(a3, scale, bias, load<f32>(scales, 12), y, add);
  finish(b3, scale + 16, bias + 16, load<f32>(scales, 12), y + 16, add);
}

/** Four outputs from their sums. */
function finish(sum: v128, scale: usize, bias: usize, factor: f32, y: usize, add: bool): void {
  const scales = f32x4.mul(v128.load(scale), f32x4.splat(factor));
  let value = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(sum), scales), v128.load(bias));
  if (add) value = f32x4.add(value, v128.load(y));
  v128.store(y, value);
}
