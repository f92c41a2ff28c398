/**
 * How far two decoders may differ, in one place. Errors are relative to the largest logit of the row,
 * since a difference matters only against what decides the draw.
 */
import { assert } from "#base/assert.ts";

/** Weights and arithmetic in single precision, against PyTorch or the reference. */
export const F32_RELATIVE_ERROR = 1e-4;

/** Weights rounded to half precision, arithmetic in single, against PyTorch or the reference. */
export const F16_RELATIVE_ERROR = 1e-2;

/**
 * Weights in 8 bits and vectors in 16, against `QuantisedReference`; up to 0.0016 was seen on the golden models,
 * 0.0005 on random ones.
 */
export const INT8_RELATIVE_ERROR = 3e-3;

/** Weights in 8 bits against the model they were rounded from; up to 0.07 was seen on the golden models. */
export const INT8_ROUNDING_RELATIVE_ERROR = 0.1;

/** The reference against PyTorch's own single precision: golden files keep 7 significant digits. */
export const REFERENCE_RELATIVE_ERROR = 1e-5;

/** `max |actual - expected| / max |expected|`; infinite where a value is not a number. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert(
    actual.length === expected.length,
    `${actual.length} values, expected ${expected.length} as in the other row`,
  );
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(actual[i] - expected[i]);
    difference = Math.max(difference, Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart);
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return difference / largest;
}
