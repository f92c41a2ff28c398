/**
 * Matrices in 8 bits: symmetric, one scale per output, round to nearest (as in Jacob et al., "Quantization and
 * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, without zero points).
 * Kernels quantise folded matrices (folded-weights.ts) when they are put in place, whatever the shards hold,
 * so that gains and the centring of the stream are inside the numbers that are rounded.
 */
import { assert } from "#base/assert.ts";

/** The largest magnitude; -128 is not used, so that a sign never changes the range. */
export const INT8_LIMIT = 127;

/** `value(i, o) = data[i * outputs + o] * scales[o]`. */
export interface QuantisedMatrix {
  readonly inputs: number;
  readonly outputs: number;
  readonly data: Int8Array; // (inputs, outputs)
  readonly scales: Float32Array; // (outputs)
}

/** Rounds a matrix (inputs, outputs), ready for `x W`. */
export function quantise(matrix: Float32Array, outputs: number): QuantisedMatrix {
  const inputs = matrix.length / outputs;
  assert(Number.isInteger(inputs), `${matrix.length} values do not fill rows of ${outputs}`);
  const scales = new Float32Array(outputs);
  for (let row = 0; row < matrix.length; row += outputs)
    for (let o = 0; o < outputs; o++) {
      const magnitude = Math.abs(matrix[row + o]);
      if (magnitude > scales[o]) scales[o] = magnitude;
    }
  for (let o = 0; o < outputs; o++) scales[o] = scales[o] / INT8_LIMIT || 1;
  const data = new Int8Array(matrix.length);
  // Of quotients of float32 this is what Math.round gives, in a third of the time.
  for (let row = 0; row < matrix.length; row += outputs)
    for (let o = 0; o < outputs; o++) data[row + o] = Math.floor(matrix[row + o] / scales[o] + 0.5);
  return { inputs, outputs, data, scales };
}

/** The matrix that the rounded one stands for, (inputs, outputs). */
export function dequantise({ inputs, outputs, data, scales }: QuantisedMatrix): Float32Array {
  const matrix = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) matrix[i * outputs + o] = data[i * outputs + o] * scales[o];
  return matrix;
}
