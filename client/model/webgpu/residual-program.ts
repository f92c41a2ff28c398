/**
 * A matrix product added to the residual stream: the output projection of attention, which has a bias in
 * architectures with biases, and the second half of the feed-forward, which always has.
 *
 * Inputs: weights (inputs, dim), packed; x (T, inputs); bias (dim), where there is one. Output: stream (T, dim),
 * each number read and written by one invocation only. One workgroup: a panel of columns. Tolerance 1e-6 of
 * the largest output.
 */
import { directives, matrixProduct } from "./matrix-product.ts";
import type { ProductSpec } from "./product-spec.ts";
import { tokenRecord } from "./token-record.ts";
import { blockFetch } from "./weight-format.ts";

/** WGSL source. @param quads see `TokenRecords.quads`. */
export function residualProgram(spec: ProductSpec, quads: number, withBias: boolean): string {
  const bias = "@group(0) @binding(4) var<storage, read> bias: array<vec4f>;";
  return /* wgsl */ `${directives(spec)}
${blockFetch(spec.extent, spec.format, 0)}
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read_write> stream: array<vec4f>;
${withBias ? bias : ""}

fn finish(token: u32, column: u32, sum: vec4f) {
  stream[token * ${spec.extent.columns}u + column] += sum${withBias ? " + bias[column]" : ""};
}
${matrixProduct(spec)}`;
}
