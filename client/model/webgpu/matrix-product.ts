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
 * Weights are fetched by `fn block` alone and their unit by `fn unitOf` (weight-format.ts): other storage formats are
 * other texts of these functions.
 */
import { decodeProduct } from "./decode-product.ts";
import type { ProductSpec } from "./product-spec.ts";
import { tiledProduct } from "./tiled-product.ts";

/** WGSL of the entry point `main` and what it needs besides bindings, `block` and `finish`. */
export function matrixProduct(spec: ProductSpec): string {
  return spec.tokens === "tiled" ? tiledProduct(spec) : decodeProduct(spec, spec.tokens);
}

/** Directives that must open a program of this shape, whose weights are stored so. */
export const directives = ({ shape, format }: ProductSpec): string =>
  [
    ...(shape.subgroups ? ["enable subgroups;", "requires subgroup_id;"] : []),
    ...(format === "f16" ? ["enable f16;"] : []),
    "",
  ].join("\n");
