/**
 * How a matrix program ends: every sum an invocation holds goes to the program's `finish`, multiplied by its token's
 * norm and its column's unit. In one loop over all, so that the text of `finish` is compiled once.
 */

/** What an invocation holds; texts are WGSL expressions. */
export interface HeldSums {
  /** vec4f each: all columns of the first token, then of the second, ... */
  readonly sums: readonly string[];
  /** f32, one a token. */
  readonly scales: readonly string[];
  /** The first block column, and how far apart they are. */
  readonly column: string;
  readonly columns: number;
  /** The token, from `inTile`, its place among those held. */
  readonly token: string;
  /** Whether the sum of `column` and `token` is wanted; by these names. */
  readonly written: string;
}

/** WGSL statements. */
export function finishSums({ sums, scales, column, columns, token, written }: HeldSums): string {
  const perToken = sums.length / scales.length;
  return /* wgsl */ `  var sums = array<vec4f, ${sums.length}>(${sums.join(", ")});
  var scales = array<f32, ${scales.length}>(${scales.join(", ")});
  for (var i = 0u; i < ${sums.length}u; i++) {
    let inTile = i / ${perToken}u;
    let token = ${token};
    let column = ${column} + (i % ${perToken}u) * ${columns}u;
    if (${written}) { finish(token, column, sums[i] * scales[inTile] * unitOf(column)); }
  }`;
}
