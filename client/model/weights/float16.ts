/**
 * IEEE 754 half precision to single, exactly, by a table of all 65,536 values: JavaScript has no
 * Float16Array everywhere yet, and weights arrive by the ten million.
 */

let table: Float32Array | undefined;

/** Widens half-precision bits; `halves` and the result have the same length. */
export function widenFloat16(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, bits) => float16ToNumber(bits));
  const result = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) result[i] = table[halves[i]];
  return result;
}

/** The value of one half-precision number given as 16 bits; NaN and the infinities included. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
