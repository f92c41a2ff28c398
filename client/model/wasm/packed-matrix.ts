/**
 * Matrices rounded to 8 bits, written the way the kernel reads them; the layout stands in assembly/matrix.ts.
 */
import { quantise } from "#model/weights/quantised-matrix.ts";

/** Bytes before the scales. */
const HEADER = 64;
const INT32_LIMIT = 2 ** 31 - 1;
const INT16_LIMIT = 2 ** 15 - 1;

/** A size padded to the 16 that the kernel's vectors need. */
export const padded = (size: number): number => Math.ceil(size / 16) * 16;

/** Bytes of a packed matrix. */
export function packedBytes(inputs: number, outputs: number): number {
  return HEADER + 8 * padded(outputs) + padded(inputs) * padded(outputs);
}

/**
 * Rounds a matrix (inputs, outputs) and writes it to `memory` at byte `at`, a multiple of 4.
 * @param bias (outputs), zeros by default.
 */
export function packMatrix(
  memory: ArrayBuffer,
  at: number,
  matrix: Float32Array,
  outputs: number,
  bias?: Float32Array,
): void {
  const { inputs, data, scales } = quantise(matrix, outputs);
  const [inputs_, outputs_] = [padded(inputs), padded(outputs)];
  new Float32Array(memory, at, 1)[0] = rowLimit(data, outputs);
  new Float32Array(memory, at + HEADER, outputs).set(scales);
  if (bias) new Float32Array(memory, at + HEADER + 4 * outputs_, outputs).set(bias);
  const bytes = new Uint8Array(memory, at + HEADER + 8 * outputs_, inputs_ * outputs_);
  // What pads the low bytes is 0, and 128 stands for it.
  for (let i = 0; i < bytes.length; i += 2) bytes[i] = 128;
  for (let group = 0; group < outputs; group += 16)
    for (let i = 0; i < inputs; i++) {
      const from = i * outputs + group;
      const to = group * inputs_ + (i >> 1) * 32 + (i & 1) * 2;
      const count = Math.min(16, outputs - group);
      for (let k = 0; k < count; k++)
        bytes[to + (k & 8) * 2 + (k & 3) * 4 + ((k & 4) >> 2)] = data[from + k] + (k & 4 ? 0 : 128);
    }
}

/**
 * The largest magnitude for the numbers that meet a matrix: no output may leave int32, which the sum of an
 * output's magnitudes tells.
 * @param data (inputs, outputs).
 */
export function rowLimit(data: Int8Array, outputs: number): number {
  const sums = new Int32Array(outputs);
  for (let at = 0; at < data.length; at += outputs)
    for (let o = 0; o < outputs; o++) sums[o] += Math.abs(data[at + o]);
  const largest = sums.reduce((most, sum) => Math.max(most, sum), 1);
  return Math.min(INT16_LIMIT, Math.floor(INT32_LIMIT / largest));
}
