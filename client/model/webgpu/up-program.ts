/**
 * Norm, then the first half of the feed-forward with its GELU. Constants of GELU are folded into the weights
 * (folded-weights.ts), so that it reads u + u erf(u) here; erf after Abramowitz and Stegun 7.1.26, whose error
 * is 1.5e-7 everywhere, the rounding of single precision.
 *
 * Inputs: weights (dim, F), packed; x (T, dim); bias (F). Output: hidden (T, F). One workgroup: a panel of
 * columns. Tolerance 1e-6 of the largest output.
 */
import { directives, matrixProduct } from "./matrix-product.ts";
import type { ProductSpec } from "./product-spec.ts";
import { tokenRecord } from "./token-record.ts";
import { blockFetch } from "./weight-format.ts";

/** WGSL source. @param quads see `TokenRecords.quads`. */
export function upProgram(spec: ProductSpec, quads: number): string {
  return /* wgsl */ `${directives(spec)}
${blockFetch(spec.extent, spec.format, 0)}
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read_write> hidden: array<vec4f>;
@group(0) @binding(4) var<storage, read> bias: array<vec4f>;

fn erf(u: vec4f) -> vec4f {
  let t = 1.0 / (1.0 + 0.3275911 * abs(u));
  let series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(u) * (1.0 - series * exp(-u * u));
}

fn finish(token: u32, column: u32, sum: vec4f) {
  let u = sum + bias[column];
  hidden[token * ${spec.extent.columns}u + column] = u + u * erf(u);
}
${matrixProduct(spec)}`;
}
