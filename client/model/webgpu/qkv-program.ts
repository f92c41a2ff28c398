/**
 * Norm, then queries, keys and values of one layer, rotated and put where they belong.
 *
 * Inputs: weights (dim, 3 I), packed; x (T, dim); tokens (T); bias (3 I), in architectures with biases. Outputs:
 * queries (T, 2, I), rotated towards the prefix and at their own position; keys and values (H, D/4, capacity) of
 * vec4f, written at each token's slot. One workgroup: a panel of columns (matrix-product.ts). Tolerance 1e-6 of the largest output.
 */
import type { Architecture } from "#model/weights/manifest.ts";
import { directives, matrixProduct } from "./matrix-product.ts";
import type { ProductSpec } from "./product-spec.ts";
import { tokenRecord } from "./token-record.ts";
import { blockFetch } from "./weight-format.ts";

/** Sizes beyond those of the product. */
export interface QkvSizes {
  readonly architecture: Architecture;
  /** Slots of the cache, a multiple of 4. */
  readonly slots: number;
  /** See `TokenRecords.quads`. */
  readonly quads: number;
}

/** WGSL source. */
export function qkvProgram(spec: ProductSpec, { architecture, slots, quads }: QkvSizes): string {
  const headQuads = architecture.headDim / 4;
  const inner = architecture.heads * headQuads;
  return /* wgsl */ `${directives(spec)}
${blockFetch(spec.extent, spec.format, 0)}
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
${tokenRecord(2, quads)}
@group(0) @binding(3) var<storage, read_write> queries: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> keys: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> values: array<vec4f>;
${architecture.biases ? "@group(0) @binding(6) var<storage, read> bias: array<vec4f>;" : ""}

// Two interleaved pairs (a, b), each turned by its angle: (a cos - b sin, b cos + a sin).
fn turned(pairs: vec4f, rotation: vec4f) -> vec4f {
  let crossed = vec4f(-pairs.y, pairs.x, -pairs.w, pairs.z);
  return pairs * rotation.xxzz + crossed * rotation.yyww;
}

fn finish(token: u32, column: u32, product: vec4f) {
  let sum = product${architecture.biases ? " + bias[column]" : ""};
  let part = column / ${inner}u;
  let inPart = column % ${inner}u;
  let quad = inPart % ${headQuads}u;
  var own = sum;
  var towardsPrefix = sum;
  if (part < 2u && quad < ${quads}u) {
    own = turned(sum, tokens[token].own[quad]);
    towardsPrefix = turned(sum, tokens[token].towardsPrefix[quad]);
  }
  let cached = inPart * ${slots}u + tokens[token].slot;
  switch part {
    case 0u: {
      queries[token * ${2 * inner}u + inPart] = towardsPrefix;
      queries[token * ${2 * inner}u + ${inner}u + inPart] = own;
    }
    case 1u: { keys[cached] = own; }
    default: { values[cached] = sum; }
  }
}
${matrixProduct(spec)}`;
}
