/**
 * Exponential and GELU of four numbers at a time. Only IEEE additions, products and quotients, so every machine
 * gives the same bits.
 */

/** 1.5 * 2^23: added to a float below 2^22 it leaves the nearest integer in the low bits. */
export const ROUNDER: f32 = 12582912;

const LOG2_E: f32 = <f32>Math.LOG2E;
// ln 2 in two parts, the first short enough that its product with a small integer is exact (Cody and Waite, 1980).
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
/** Below this e^x is no normal float32. */
const LOWEST: f32 = -87;

/** e^x of four x <= 0, to a few units in the last place; below -87 it stays e^-87. */
export function exp4(x: v128): v128 {
  x = f32x4.pmax(x, f32x4.splat(LOWEST));
  // The exponent's bias of 127 rides along, so that the low bits are those of 2^n.
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER + 127));
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER + 127));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  // Taylor to x^6; |x| <= ln 2 / 2, so the rest is below 1.3e-7.
  let sum = f32x4.add(f32x4.mul(x, f32x4.splat(1 / 720)), f32x4.splat(1 / 120));
  sum = f32x4.add(f32x4.mul(x, sum), f32x4.splat(1 / 24));
  sum = f32x4.add(f32x4.mul(x, sum), f32x4.splat(1 / 6));
  sum = f32x4.add(f32x4.mul(x, sum), f32x4.splat(0.5));
  sum = f32x4.add(f32x4.mul(x, sum), f32x4.splat(1));
  sum = f32x4.add(f32x4.mul(x, sum), f32x4.splat(1));
  return f32x4.mul(sum, i32x4.shl(shifted, 23));
}

/** u (1 + erf u), to 2e-7 |u|: erfc by Abramowitz and Stegun, 7.1.26. */
export function foldedGelu4(u: v128): v128 {
  const size = f32x4.abs(u);
  const t = f32x4.div(
    f32x4.splat(1),
    f32x4.add(f32x4.mul(size, f32x4.splat(0.3275911)), f32x4.splat(1)),
  );
  let sum = f32x4.add(f32x4.mul(t, f32x4.splat(1.061405429)), f32x4.splat(-1.453152027));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(1.421413741));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(-0.284496736));
  sum = f32x4.add(f32x4.mul(t, sum), f32x4.splat(0.254829592));
  sum = f32x4.mul(f32x4.mul(t, sum), exp4(f32x4.neg(f32x4.mul(u, u)))); // erfc |u|
  const negative = f32x4.lt(u, f32x4.splat(0));
  return f32x4.mul(u, v128.bitselect(sum, f32x4.sub(f32x4.splat(2), sum), negative));
}

/** The largest of four. */
export function highest(x: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max<f32>(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** The sum of four, in pairs. */
export function total(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 2) +
    (f32x4.extract_lane(x, 1) + f32x4.extract_lane(x, 3))
  );
}
