/**
 * The last norm and the logits of a pass's last token.
 *
 * Inputs: weights (dim, V), packed; x (T, dim), of which row count - 1 is read; tokens. Output: logits (V), padded
 * to a multiple of 4. One workgroup: a panel of columns. Tolerance 1e-6 of the largest output.
 */
import { blockFetch, directives, matrixProduct, type ProductSpec } from "./matrix-product.ts";
import { tokenRecord } from "./token-record.ts";

/** WGSL source. @param quads see `TokenRecords.quads`. */
export function logitsProgram(spec: ProductSpec, quads: number): string {
  return /* wgsl */ `${directives(spec.shape)}
${blockFetch(spec.extent, 0)}
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read_write> logits: array<vec4f>;

fn finish(token: u32, column: u32, sum: vec4f) {
  logits[column] = sum;
}
${matrixProduct({ ...spec, row: "(tokens[0].count - 1u)" })}`;
}
