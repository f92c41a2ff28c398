/**
 * A matrix product for many tokens (matrix-product.ts): an invocation keeps the sums of `tileTokens` tokens
 * and `perThread` block columns, so that a block that was read serves all tokens of the tile.
 */
import { finishSums } from "./finish-sums.ts";
import { laneOf, laneParameters, range } from "./lanes.ts";
import type { ProductSpec } from "./product-spec.ts";
import { quadProduct, sharesInputs } from "./quad-product.ts";

/** WGSL of `main`; see matrix-product.ts for what it expects. It also reads `tokens[0].count`. */
export function tiledProduct(spec: ProductSpec): string {
  return sharesInputs(spec.shape, spec.shape.tileTokens)
    ? tiledByQuads(spec)
    : tiledByInvocations(spec);
}

function tiledByQuads({ extent, shape, norm }: ProductSpec): string {
  const { columns } = shape.packing;
  const { tileTokens, tilesPerWorkgroup } = shape;
  return /* wgsl */ `
@compute @workgroup_size(${columns * tilesPerWorkgroup})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let count = tokens[0].count;
  let first = (workgroup.y * ${tilesPerWorkgroup}u + lane / ${columns}u) * ${tileTokens}u;
${quadProduct({
  extent,
  shape,
  norm,
  tokens: tileTokens,
  // Tokens past the last compute it once more; they are not written.
  rowOf: (i) => `min(first + ${i}, count - 1u)`,
  tokenOf: (i) => `first + ${i}`,
  written: "token < count",
})}
}
`;
}

function tiledByInvocations({ extent, shape, norm }: ProductSpec): string {
  const { columns, perThread, slices } = shape.packing;
  const { tileTokens, tilesPerWorkgroup } = shape;
  const each = range(perThread);
  const tile = range(tileTokens);
  const line = columns * slices;
  const squares = norm !== undefined;
  const scale = (t: number) => (norm === undefined ? "1.0" : `inverseSqrt(squares${t} + ${norm})`);
  return /* wgsl */ `
@compute @workgroup_size(${columns * tilesPerWorkgroup})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let count = tokens[0].count;
  let first = (workgroup.y * ${tilesPerWorkgroup}u + lane / ${columns}u) * ${tileTokens}u;
  let inPanel = lane % ${columns}u;
  // Tokens past the last compute it once more; they are not written.
  ${tile.map((t) => `let base${t} = min(first + ${t}u, count - 1u) * ${extent.rows}u;`).join("\n  ")}
  ${squares ? tile.map((t) => `var squares${t} = 0.0;`).join(" ") : ""}
  ${tile.map((t) => each.map((r) => `var sum${t}_${r} = vec4f();`).join(" ")).join("\n  ")}
  for (var row = 0u; row < ${extent.rows}u; row++) {
    let at = (workgroup.x * ${extent.steps}u + row / ${slices}u) * ${perThread * line}u
        + inPanel * ${slices}u + row % ${slices}u;
    ${each.map((r) => `let block${r} = block(at + ${r * line}u);`).join("\n    ")}
    ${tile
      .map((t) =>
        [
          `let input${t} = x[base${t} + row];`,
          ...each.map((r) => `sum${t}_${r} += block${r} * input${t};`),
          squares ? `squares${t} += dot(input${t}, input${t});` : "",
        ].join(" "),
      )
      .join("\n    ")}
  }
${finishSums({
  sums: tile.flatMap((t) => each.map((r) => `sum${t}_${r}`)),
  scales: tile.map(scale),
  column: `workgroup.x * ${columns * perThread}u + inPanel`,
  columns,
  token: "first + inTile",
  written: `column < ${extent.columns}u && token < count`,
})}
}
`;
}
