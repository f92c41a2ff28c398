/**
 * The last norm and the logits: of a pass's last token, or of every sequence of a batch.
 *
 * Inputs: weights (dim, V), packed; x (T, dim), of which row count - 1 is read, or all of a batch; tokens; bias
 * (V), padded like a row of logits, in architectures with biases. Output: logits (B, V), each row padded to a multiple
 * of 4. One workgroup: a panel of columns. Tolerance 1e-6 of the largest output.
 */
import { directives, matrixProduct } from "./matrix-product.ts";
import type { ProductSpec } from "./product-spec.ts";
import { tokenRecord } from "./token-record.ts";
import { blockFetch } from "./weight-format.ts";

/** WGSL source. @param quads see `TokenRecords.quads`. */
export function logitsProgram(spec: ProductSpec, quads: number, withBias: boolean): string {
  const bias = "@group(0) @binding(4) var<storage, read> bias: array<vec4f>;";
  const row = spec.tokens === 1 ? { row: "(tokens[0].count - 1u)" } : {};
  return /* wgsl */ `${directives(spec)}
${blockFetch(spec.extent, spec.format, 0)}
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read_write> logits: array<vec4f>;
${withBias ? bias : ""}

fn finish(token: u32, column: u32, sum: vec4f) {
  logits[token * ${spec.extent.columns}u + column] = sum${withBias ? " + bias[column]" : ""};
}
${matrixProduct({ ...spec, ...row })}`;
}
