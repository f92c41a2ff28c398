/**
 * Single precision to IEEE 754 half precision, to the nearest, ties to even; the way back is float16.ts. By
 * bits, since JavaScript has no Float16Array everywhere yet.
 */

/** What lies from here on rounds to infinity: half a unit past the largest half, 65,504. */
const OVERFLOW = 65_520;
/** Under this, halves are multiples of 2^-24. */
const SMALLEST_NORMAL = 2 ** -14;

/** The halves as 16 bits each, or undefined if a number is not finite or too large for one. */
export function narrowFloat16(values: Float32Array): Uint16Array | undefined {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const size = Math.abs(values[i]);
    if (!(size < OVERFLOW)) return undefined;
    if (size < SMALLEST_NORMAL) {
      halves[i] = sign | roundToEven(size * 2 ** 24);
      continue;
    }
    // Rounds off 13 bits of the fraction; a carry runs on into the exponent, as it should.
    const magnitude = bits[i] & 0x7fffffff;
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    halves[i] = sign | ((rounded >>> 13) - ((127 - 15) << 10));
  }
  return halves;
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
