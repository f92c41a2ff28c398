/**
 * The ways ONNX Runtime can hold a matrix, as its own tools would write them: whole, as its dynamic quantiser
 * (8-bit rows, activations rounded at run time), or in blocks (MatMulNBits, as its language models have it).
 */
import type { Float, OnnxGraph } from "./graph.ts";

/** `y = x W^T` for a matrix (outputs, inputs), rows first, as PyTorch keeps it. */
export type Linear = (graph: OnnxGraph, x: string, matrix: Float32Array, inputs: number) => string;

/** Formats by name. */
export const LINEAR = {
  f32: (graph, x, matrix, inputs) => whole(graph, x, matrix, inputs, "f32"),
  f16: (graph, x, matrix, inputs) => whole(graph, x, matrix, inputs, "f16"),
  "int8 dynamic": (graph, x, matrix, inputs) => {
    const outputs = matrix.length / inputs;
    const scales = new Float32Array(outputs);
    const columns = transposed(matrix, inputs);
    columns.forEach((value, at) => {
      scales[at % outputs] = Math.max(scales[at % outputs], Math.abs(value) / 127);
    });
    const rounded = Int8Array.from(columns, (value, at) =>
      Math.round(value / scales[at % outputs]),
    );
    return graph.contrib("DynamicQuantizeMatMul", [
      x,
      graph.constant("i8", [inputs, outputs], rounded),
      graph.constant("f32", [outputs], scales),
    ]);
  },
  "int8 blocks": (graph, x, matrix, inputs) => blocks(graph, x, matrix, inputs, 8),
  "int4 blocks": (graph, x, matrix, inputs) => blocks(graph, x, matrix, inputs, 4),
} as const satisfies Record<string, Linear>;

export type LinearName = keyof typeof LINEAR;

function whole(
  graph: OnnxGraph,
  x: string,
  matrix: Float32Array,
  inputs: number,
  float: Float,
): string {
  const dims = [inputs, matrix.length / inputs];
  return graph.op("MatMul", [x, graph.reals(float, dims, transposed(matrix, inputs))]);
}

const BLOCK = 32;
/** "The input is rounded to 8 bits": the fastest that MatMulNBits offers. */
const ACCURACY_INT8 = 4;

function blocks(
  graph: OnnxGraph,
  x: string,
  matrix: Float32Array,
  inputs: number,
  bits: 4 | 8,
): string {
  const outputs = matrix.length / inputs;
  const zero = 2 ** (bits - 1);
  const count = matrix.length / BLOCK;
  const scales = new Float32Array(count);
  const packed = new Uint8Array((matrix.length * bits) / 8);
  for (let block = 0; block < count; block++) {
    const values = matrix.subarray(block * BLOCK, (block + 1) * BLOCK);
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / (zero - 1);
    scales[block] = scale || 1;
    values.forEach((value, i) => {
      const level = Math.round(value / scales[block]) + zero;
      const at = block * BLOCK + i;
      if (bits === 8) packed[at] = level;
      else packed[at >> 1] |= level << (4 * (at & 1));
    });
  }
  const whole = { K: inputs, N: outputs, bits, block_size: BLOCK, accuracy_level: ACCURACY_INT8 };
  return graph.contrib(
    "MatMulNBits",
    [
      x,
      graph.constant("u8", [outputs, inputs / BLOCK, (BLOCK * bits) / 8], packed),
      graph.constant("f32", [outputs, inputs / BLOCK], scales),
    ],
    { whole },
  );
}

/** (outputs, inputs) as (inputs, outputs). */
function transposed(matrix: Float32Array, inputs: number): Float32Array {
  const outputs = matrix.length / inputs;
  const result = new Float32Array(matrix.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) result[i * outputs + o] = matrix[o * inputs + i];
  return result;
}
