/**
 * The part that all matrix programs share, `y = x W` with what is done to y left to the program: it declares
 * the bindings `weights` and `x`, and `fn finish(token, column, sum)`, which is called once for every block
 * column (4 outputs) of every token.
 *
 * Inputs: weights, packed (packed-matrix.ts); x (T, inputs). One workgroup: one panel, for one token
 * (decode-product.ts) or for tiles of tokens (tiled-product.ts). With `norm`, sums are divided by
 * sqrt(sum x^2 + epsilon), which commutes with the product, so no pass over x comes first.
 * Tolerance: 1e-6 of the largest output, from the order of summation.
 *
 * Weights are fetched by `fn block` alone: other storage formats are other texts of that function.
 */
import { decodeProduct } from "./decode-product.ts";
import type { KernelShape } from "./kernel-shape.ts";
import type { PackedExtent } from "./packed-matrix.ts";
import { tiledProduct } from "./tiled-product.ts";

/** What a matrix program is made for. */
export interface ProductSpec {
  readonly extent: PackedExtent;
  readonly shape: KernelShape;
  /** Added to the sum of squares; without it there is no norm. */
  readonly norm?: number;
  /** Whether a pass has one token or many. */
  readonly tokens: "decode" | "tiled";
  /** WGSL expression for the row of x in `decode`; by default 0. */
  readonly row?: string;
}

/** WGSL of `block`, for weights in single precision. */
export const blockFetch = ({ blocks }: PackedExtent, binding: number): string => /* wgsl */ `
@group(0) @binding(${binding}) var<storage, read> weights: array<mat4x4f, ${blocks}>;
fn block(at: u32) -> mat4x4f { return weights[at]; }
`;

/** WGSL of the entry point `main` and what it needs besides bindings, `block` and `finish`. */
export function matrixProduct(spec: ProductSpec): string {
  return spec.tokens === "decode" ? decodeProduct(spec) : tiledProduct(spec);
}

/** Directives that must open a program of this shape. */
export const directives = ({ subgroups }: KernelShape): string =>
  subgroups ? "enable subgroups;\nrequires subgroup_id;\n" : "";
