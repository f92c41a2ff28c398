/**
 * The part that all matrix programs share, `y = x W` with what is done to y left to the program: it declares
 * the bindings `weights` and `x`, and `fn finish(token, column, sum)`, which is called once for every block
 * column (4 outputs) of every token.
 *
 * Inputs: weights, packed (packed-matrix.ts); x (T, inputs). One workgroup: one panel, for one token
 * (`decode`: slices reduced by subgroup shuffles, or through shared memory) or for tiles of tokens (`tiled`:
 * a thread keeps tileTokens x perThread sums, so a block read serves all tokens of the tile).
 * With `norm`, sums are divided by sqrt(sum x^2 + epsilon), which commutes with the product, so no pass over x
 * comes first. Tolerance: 1e-6 of the largest output, from the order of summation.
 *
 * Weights are fetched by `fn block` alone: other storage formats are other texts of that function.
 */
import type { KernelShape } from "./kernel-shape.ts";
import type { PackedExtent } from "./packed-matrix.ts";

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

/** Builtin parameters from which `laneOf` numbers the invocations of a workgroup. */
export const laneParameters = ({ subgroups }: KernelShape): string =>
  subgroups
    ? `@builtin(subgroup_id) subgroup: u32, @builtin(subgroup_size) subgroupSize: u32,
  @builtin(subgroup_invocation_id) inSubgroup: u32`
    : "@builtin(local_invocation_index) local: u32";

/** The number of an invocation, such that a subgroup's invocations are neighbours. */
export const laneOf = ({ subgroups }: KernelShape): string =>
  subgroups ? "subgroup * subgroupSize + inSubgroup" : "local";

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function decodeProduct({ extent, shape, norm, row = "0u" }: ProductSpec): string {
  const { columns, perThread, slices } = shape.packing;
  const threads = columns * slices;
  const each = range(perThread);
  const ragged = extent.steps * slices !== extent.rows;
  const read = `x[base + row]`;
  return /* wgsl */ `
${slices > 1 ? sharedSums(spec(perThread, threads, norm), shape) : ""}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let slice = lane % ${slices}u;
  let base = ${row} * ${extent.rows}u;
  var at = workgroup.x * ${extent.steps * perThread * threads}u + lane;
  ${each.map((r) => `var sum${r} = vec4f();`).join(" ")}
  var squares = 0.0;
  for (var k = 0u; k < ${extent.steps}u; k++) {
    let row = k * ${slices}u + slice;
    let input = ${ragged ? `select(vec4f(), x[base + min(row, ${extent.rows - 1}u)], row < ${extent.rows}u)` : read};
    ${each.map((r) => `sum${r} += block(at + ${r * threads}u) * input;`).join("\n    ")}
    ${norm === undefined ? "" : "squares += dot(input, input);"}
    at += ${perThread * threads}u;
  }
  ${slices > 1 ? reduceSlices(perThread, slices, norm, shape) : ""}
  if (slice != 0u) { return; }
  let scale = ${norm === undefined ? "1.0" : `inverseSqrt(squares + ${norm})`};
  let column = workgroup.x * ${columns * perThread}u + lane / ${slices}u;
  ${each.map((r) => finishColumn(extent, `column + ${r * columns}u`, "0u", `sum${r} * scale`)).join("\n  ")}
}
`;
}

interface SharedSpec {
  readonly perThread: number;
  readonly threads: number;
  readonly norm?: number;
}
const spec = (perThread: number, threads: number, norm?: number): SharedSpec => ({
  perThread,
  threads,
  ...(norm !== undefined && { norm }),
});

function sharedSums({ perThread, threads, norm }: SharedSpec, { subgroups }: KernelShape): string {
  if (subgroups) return "";
  return /* wgsl */ `
var<workgroup> sharedSums: array<vec4f, ${perThread * threads}>;
${norm === undefined ? "" : `var<workgroup> sharedSquares: array<f32, ${threads}>;`}
`;
}

/** Adds up the slices of a column; the first of them ends with the sum. */
function reduceSlices(
  perThread: number,
  slices: number,
  norm: number | undefined,
  shape: KernelShape,
): string {
  const each = range(perThread);
  const threads = shape.packing.columns * slices;
  const halvings: number[] = [];
  for (let half = slices / 2; half >= 1; half /= 2) halvings.push(half);
  if (shape.subgroups)
    return halvings
      .map((half) =>
        [
          ...each.map((r) => `sum${r} += subgroupShuffleXor(sum${r}, ${half}u);`),
          norm === undefined ? "" : `squares += subgroupShuffleXor(squares, ${half}u);`,
        ].join(" "),
      )
      .join("\n  ");
  const store = [
    ...each.map((r) => `sharedSums[${r * threads}u + lane] = sum${r};`),
    norm === undefined ? "" : "sharedSquares[lane] = squares;",
  ].join(" ");
  const add = (half: number) =>
    [
      ...each.map((r) => `sum${r} += sharedSums[${r * threads}u + lane + ${half}u];`),
      norm === undefined ? "" : `squares += sharedSquares[lane + ${half}u];`,
    ].join(" ");
  return halvings
    .map(
      (half) => `${store}
  workgroupBarrier();
  if (slice < ${half}u) { ${add(half)} }
  workgroupBarrier();`,
    )
    .join("\n  ");
}

function finishColumn(
  extent: PackedExtent,
  column: string,
  token: string,
  value: string,
  more = "",
): string {
  return `if (${column} < ${extent.columns}u${more}) { finish(${token}, ${column}, ${value}); }`;
}

function tiledProduct({ extent, shape, norm }: ProductSpec): string {
  const { columns, perThread, slices } = shape.packing;
  const { tileTokens, tilesPerWorkgroup } = shape;
  const each = range(perThread);
  const tile = range(tileTokens);
  const line = columns * slices;
  return /* wgsl */ `
@compute @workgroup_size(${columns * tilesPerWorkgroup})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) local: u32) {
  let count = tokens[0].count;
  let first = (workgroup.y * ${tilesPerWorkgroup}u + local / ${columns}u) * ${tileTokens}u;
  let inPanel = local % ${columns}u;
  // Tokens past the last compute it once more; they are not written.
  ${tile.map((t) => `let base${t} = min(first + ${t}u, count - 1u) * ${extent.rows}u;`).join("\n  ")}
  ${tile.map((t) => each.map((r) => `var sum${t}_${r} = vec4f();`).join(" ")).join("\n  ")}
  ${norm === undefined ? "" : tile.map((t) => `var squares${t} = 0.0;`).join(" ")}
  for (var row = 0u; row < ${extent.rows}u; row++) {
    let at = (workgroup.x * ${extent.steps}u + row / ${slices}u) * ${perThread * line}u
        + inPanel * ${slices}u + row % ${slices}u;
    ${each.map((r) => `let block${r} = block(at + ${r * line}u);`).join("\n    ")}
    ${tile
      .map((t) =>
        [
          `let input${t} = x[base${t} + row];`,
          ...each.map((r) => `sum${t}_${r} += block${r} * input${t};`),
          norm === undefined ? "" : `squares${t} += dot(input${t}, input${t});`,
        ].join(" "),
      )
      .join("\n    ")}
  }
  let column = workgroup.x * ${columns * perThread}u + inPanel;
  ${tile
    .map((t) =>
      [
        `let scale${t} = ${norm === undefined ? "1.0" : `inverseSqrt(squares${t} + ${norm})`};`,
        ...each.map((r) =>
          finishColumn(
            extent,
            `column + ${r * columns}u`,
            `first + ${t}u`,
            `sum${t}_${r} * scale${t}`,
            ` && first + ${t}u < count`,
          ),
        ),
      ].join("\n  "),
    )
    .join("\n  ")}
}
`;
}
