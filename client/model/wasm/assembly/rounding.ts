/**
 * Vectors of float32 rounded to 16-bit integers with one scale, the left side of every integer product.
 * All lengths are multiples of 8; rows are padded with zeros.
 */
import { highest, ROUNDER, total } from "./elementary";

/** Smaller than any number that matters; keeps a row of zeros from dividing by 0. */
const TINY: f32 = 1e-30;

/** The largest magnitude of `count` numbers, at least `TINY`. */
export function largest(x: usize, count: i32): f32 {
  let most = f32x4.splat(TINY);
  for (const end = x + ((<usize>count) << 2); x < end; x += 16)
    most = f32x4.pmax(most, f32x4.abs(v128.load(x)));
  return highest(most);
}

/** The sum of the squares of `count` numbers. */
export function sumOfSquares(x: usize, count: i32): f32 {
  let one = f32x4.splat(0);
  let two = f32x4.splat(0);
  for (const end = x + ((<usize>count) << 2); x < end; x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    one = f32x4.add(one, f32x4.mul(a, a));
    two = f32x4.add(two, f32x4.mul(b, b));
  }
  return total(f32x4.add(one, two));
}

/** Writes `count` numbers times `factor`, rounded to the nearest, as int16; returns their sum. */
export function round(x: usize, count: i32, factor: f32, to: usize): i32 {
  const factors = f32x4.splat(factor);
  const rounder = f32x4.splat(ROUNDER);
  let sum = i32x4.splat(0);
  for (const end = x + ((<usize>count) << 2); x < end; x += 32, to += 16) {
    const a = f32x4.add(f32x4.mul(v128.load(x), factors), rounder);
    const b = f32x4.add(f32x4.mul(v128.load(x, 16), factors), rounder);
    const both = i16x8.narrow_i32x4_s(i32x4.sub(a, rounder), i32x4.sub(b, rounder));
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(both, i16x8.splat(1)));
    v128.store(to, both);
  }
  return (
    i32x4.extract_lane(sum, 0) +
    i32x4.extract_lane(sum, 1) +
    i32x4.extract_lane(sum, 2) +
    i32x4.extract_lane(sum, 3)
  );
}
