/**
 * A matrix product for one token, or one of each sequence of a batch (matrix-product.ts): every invocation sums up one
 * slice of `perThread` block columns, for all tokens at once, so that a block is read once for all of them; the
 * slices of a column are then added by subgroup shuffles, or through shared memory.
 */
import { finishSums } from "./finish-sums.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { laneOf, laneParameters, range } from "./lanes.ts";
import type { ProductSpec } from "./product-spec.ts";
import { quadProduct, sharesInputs } from "./quad-product.ts";

/** WGSL of `main`; see matrix-product.ts for what it expects. @param count tokens. */
export function decodeProduct(spec: ProductSpec, count: number): string {
  return sharesInputs(spec.shape, count) ? byQuads(spec, count) : byInvocations(spec, count);
}

function byQuads({ extent, shape, norm, row = "0u" }: ProductSpec, count: number): string {
  return /* wgsl */ `
@compute @workgroup_size(${shape.packing.columns})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
${quadProduct({
  extent,
  shape,
  norm,
  tokens: count,
  rowOf: (i) => `${row} + ${i}`,
  tokenOf: (i) => i,
  written: `token < ${count}u`,
})}
}
`;
}

function byInvocations(spec: ProductSpec, count: number): string {
  const { extent, shape, norm, row = "0u" } = spec;
  const { columns, perThread, slices } = shape.packing;
  const threads = columns * slices;
  const tokens = range(count);
  const each = range(perThread);
  const shared = slices > 1 && !shape.subgroups;
  const sums = { perThread, slices, threads, squares: norm !== undefined };
  const scale = (t: number) => (norm === undefined ? "1.0" : `inverseSqrt(squares${t} + ${norm})`);
  return /* wgsl */ `
${shared ? `var<workgroup> sharedSums: array<vec4f, ${perThread * threads}>;` : ""}
${shared && sums.squares ? `var<workgroup> sharedSquares: array<f32, ${threads}>;` : ""}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let slice = lane % ${slices}u;
  var at = workgroup.x * ${extent.steps * perThread * threads}u + lane;
  ${tokens.map((t) => `let base${t} = (${row} + ${t}u) * ${extent.rows}u;`).join(" ")}
  ${tokens.map((t) => each.map((r) => `var sum${t}_${r} = vec4f();`).join(" ")).join("\n  ")}
  ${sums.squares ? tokens.map((t) => `var squares${t} = 0.0;`).join(" ") : ""}
  ${sumUp(extent.rows, extent.steps, tokens, sums)}
  ${slices > 1 ? tokens.map((t) => addSlices(t, sums, shape)).join("\n  ") : ""}
  if (slice != 0u) { return; }
${finishSums({
  sums: tokens.flatMap((t) => each.map((r) => `sum${t}_${r}`)),
  scales: tokens.map(scale),
  column: `workgroup.x * ${columns * perThread}u + lane / ${slices}u`,
  columns,
  token: "inTile",
  written: `column < ${extent.columns}u`,
})}
}
`;
}

interface Sums {
  readonly perThread: number;
  readonly slices: number;
  readonly threads: number;
  readonly squares: boolean;
}

/** One invocation's slice of its block columns. */
function sumUp(rows: number, steps: number, tokens: readonly number[], sums: Sums): string {
  const { perThread, slices, threads, squares } = sums;
  const ragged = steps * slices !== rows;
  const each = range(perThread);
  const input = (t: number) =>
    ragged
      ? `select(vec4f(), x[base${t} + min(row, ${rows - 1}u)], row < ${rows}u)`
      : `x[base${t} + row]`;
  return /* wgsl */ `for (var k = 0u; k < ${steps}u; k++) {
    let row = k * ${slices}u + slice;
    ${each.map((r) => `let block${r} = block(at + ${r * threads}u);`).join("\n    ")}
    ${tokens
      .map((t) =>
        [
          `let input${t} = ${input(t)};`,
          ...each.map((r) => `sum${t}_${r} += block${r} * input${t};`),
          squares ? `squares${t} += dot(input${t}, input${t});` : "",
        ].join(" "),
      )
      .join("\n    ")}
    at += ${perThread * threads}u;
  }`;
}

/** Adds up the slices of a token's columns; the first of them ends with the sum. */
function addSlices(t: number, { perThread, slices, threads, squares }: Sums, shape: KernelShape) {
  const each = range(perThread);
  const halvings: number[] = [];
  for (let half = slices / 2; half >= 1; half /= 2) halvings.push(half);
  if (shape.subgroups)
    return halvings
      .map((half) =>
        [
          ...each.map((r) => `sum${t}_${r} += subgroupShuffleXor(sum${t}_${r}, ${half}u);`),
          squares ? `squares${t} += subgroupShuffleXor(squares${t}, ${half}u);` : "",
        ].join(" "),
      )
      .join("\n  ");
  const store = [
    ...each.map((r) => `sharedSums[${r * threads}u + lane] = sum${t}_${r};`),
    squares ? `sharedSquares[lane] = squares${t};` : "",
  ].join(" ");
  const add = (half: number) =>
    [
      ...each.map((r) => `sum${t}_${r} += sharedSums[${r * threads}u + lane + ${half}u];`),
      squares ? `squares${t} += sharedSquares[lane + ${half}u];` : "",
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
