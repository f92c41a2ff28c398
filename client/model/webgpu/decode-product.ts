/**
 * A matrix product for one token (matrix-product.ts): every invocation sums up one slice of `perThread` block
 * columns; the slices of a column are then added by subgroup shuffles, or through shared memory.
 */
import type { KernelShape } from "./kernel-shape.ts";
import { laneOf, laneParameters, range } from "./lanes.ts";
import type { ProductSpec } from "./matrix-product.ts";

/** WGSL of `main`; see matrix-product.ts for what it expects. */
export function decodeProduct({ extent, shape, norm, row = "0u" }: ProductSpec): string {
  const { columns, perThread, slices } = shape.packing;
  const threads = columns * slices;
  const each = range(perThread);
  const shared = slices > 1 && !shape.subgroups;
  const sums = { perThread, slices, threads, squares: norm !== undefined };
  return /* wgsl */ `
${shared ? `var<workgroup> sharedSums: array<vec4f, ${perThread * threads}>;` : ""}
${shared && sums.squares ? `var<workgroup> sharedSquares: array<f32, ${threads}>;` : ""}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let slice = lane % ${slices}u;
  let base = ${row} * ${extent.rows}u;
  var at = workgroup.x * ${extent.steps * perThread * threads}u + lane;
  ${each.map((r) => `var sum${r} = vec4f();`).join(" ")}
  var squares = 0.0;
  ${sumUp(extent.rows, extent.steps, sums)}
  ${slices > 1 ? addSlices(sums, shape) : ""}
  if (slice != 0u) { return; }
  let scale = ${norm === undefined ? "1.0" : `inverseSqrt(squares + ${norm})`};
  let column = workgroup.x * ${columns * perThread}u + lane / ${slices}u;
  ${each
    .map((r) => {
      const at = `column + ${r * columns}u`;
      return `if (${at} < ${extent.columns}u) { finish(0u, ${at}, sum${r} * scale); }`;
    })
    .join("\n  ")}
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
function sumUp(rows: number, steps: number, { perThread, slices, threads, squares }: Sums) {
  const ragged = steps * slices !== rows;
  const last = `x[base + min(row, ${rows - 1}u)]`;
  const input = ragged ? `select(vec4f(), ${last}, row < ${rows}u)` : "x[base + row]";
  return /* wgsl */ `for (var k = 0u; k < ${steps}u; k++) {
    let row = k * ${slices}u + slice;
    let input = ${input};
    ${range(perThread)
      .map((r) => `sum${r} += block(at + ${r * threads}u) * input;`)
      .join("\n    ")}
    ${squares ? "squares += dot(input, input);" : ""}
    at += ${perThread * threads}u;
  }`;
}

/** Adds up the slices of a column; the first of them ends with the sum. */
function addSlices({ perThread, slices, threads, squares }: Sums, shape: KernelShape): string {
  const each = range(perThread);
  const halvings: number[] = [];
  for (let half = slices / 2; half >= 1; half /= 2) halvings.push(half);
  if (shape.subgroups)
    return halvings
      .map((half) =>
        [
          ...each.map((r) => `sum${r} += subgroupShuffleXor(sum${r}, ${half}u);`),
          squares ? `squares += subgroupShuffleXor(squares, ${half}u);` : "",
        ].join(" "),
      )
      .join("\n  ");
  const store = [
    ...each.map((r) => `sharedSums[${r * threads}u + lane] = sum${r};`),
    squares ? "sharedSquares[lane] = squares;" : "",
  ].join(" ");
  const add = (half: number) =>
    [
      ...each.map((r) => `sum${r} += sharedSums[${r * threads}u + lane + ${half}u];`),
      squares ? `squares += sharedSquares[lane + ${half}u];` : "",
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
