/**
 * A matrix product for many tokens (matrix-product.ts): an invocation keeps the sums of `tileTokens` tokens
 * and `perThread` block columns, so that a block that was read serves all tokens of the tile.
 */
import type { KernelShape } from "./kernel-shape.ts";
import { laneOf, laneParameters, range } from "./lanes.ts";
import type { ProductSpec } from "./matrix-product.ts";

/** Invocations that share one read of x, where that pays: the least subgroup there is. */
const SHARED_READ = 4;

/**
 * Whether invocations read different parts of x and hand them round by broadcast. A CPU adapter reads each
 * number of each invocation by itself, even where all read the same; on a GPU that is one cached read.
 */
const sharesReads = ({ subgroups, packing, tilesPerWorkgroup, tileTokens }: KernelShape): boolean =>
  subgroups && packing.slices === 1 && tilesPerWorkgroup === 1 && tileTokens % SHARED_READ === 0;

/** WGSL of `main`; see matrix-product.ts for what it expects. It also reads `tokens[0].count`. */
export function tiledProduct({ extent, shape, norm }: ProductSpec): string {
  const { columns, perThread, slices } = shape.packing;
  const { tileTokens, tilesPerWorkgroup } = shape;
  const each = range(perThread);
  const tile = range(tileTokens);
  const line = columns * slices;
  const inputs = sharesReads(shape)
    ? sharedReads(tileTokens, extent.rows, norm !== undefined)
    : ownReads(tileTokens, extent.rows, norm !== undefined);
  const scale = (t: number) =>
    norm === undefined ? "1.0" : `inverseSqrt(${inputs.squares(t)} + ${norm})`;
  return /* wgsl */ `
@compute @workgroup_size(${columns * tilesPerWorkgroup})
fn main(@builtin(workgroup_id) workgroup: vec3u, ${laneParameters(shape)}) {
  let lane = ${laneOf(shape)};
  let count = tokens[0].count;
  let first = (workgroup.y * ${tilesPerWorkgroup}u + lane / ${columns}u) * ${tileTokens}u;
  let inPanel = lane % ${columns}u;
  // Tokens past the last compute it once more; they are not written.
  ${inputs.declare}
  ${tile.map((t) => each.map((r) => `var sum${t}_${r} = vec4f();`).join(" ")).join("\n  ")}
  for (var row = 0u; row < ${extent.rows}u; row++) {
    let at = (workgroup.x * ${extent.steps}u + row / ${slices}u) * ${perThread * line}u
        + inPanel * ${slices}u + row % ${slices}u;
    ${each.map((r) => `let block${r} = block(at + ${r * line}u);`).join("\n    ")}
    ${inputs.read}
    ${tile
      .map((t) => each.map((r) => `sum${t}_${r} += block${r} * input${t};`).join(" "))
      .join("\n    ")}
  }
  // One loop for all, so that the text of finish is compiled once.
  var sums = array<vec4f, ${tileTokens * perThread}>(
    ${tile.map((t) => each.map((r) => `sum${t}_${r}`).join(", ")).join(",\n    ")});
  var scales = array<f32, ${tileTokens}>(${tile.map(scale).join(", ")});
  for (var i = 0u; i < ${tileTokens * perThread}u; i++) {
    let inTile = i / ${perThread}u;
    let column = workgroup.x * ${columns * perThread}u + inPanel + (i % ${perThread}u) * ${columns}u;
    if (column < ${extent.columns}u && first + inTile < count) {
      finish(first + inTile, column, sums[i] * scales[inTile]);
    }
  }
}
`;
}

/** WGSL that brings x to the sums: `input0`, `input1`, ... inside the loop. */
interface Inputs {
  readonly declare: string;
  readonly read: string;
  /** The sum of squares of a token's row. */
  squares(token: number): string;
}

/** Every invocation reads all rows of its tile. */
function ownReads(tileTokens: number, rows: number, squares: boolean): Inputs {
  const tile = range(tileTokens);
  return {
    declare: tile
      .map(
        (t) => `let base${t} = min(first + ${t}u, count - 1u) * ${rows}u; var squares${t} = 0.0;`,
      )
      .join("\n  "),
    read: tile
      .map(
        (t) =>
          `let input${t} = x[base${t} + row];` +
          (squares ? ` squares${t} += dot(input${t}, input${t});` : ""),
      )
      .join("\n    "),
    squares: (t) => `squares${t}`,
  };
}

/** Four invocations read one token's row each, and hand them round. */
function sharedReads(tileTokens: number, rows: number, squares: boolean): Inputs {
  const quads = range(tileTokens / SHARED_READ);
  const base = (quad: number) =>
    `min(first + ${quad * SHARED_READ}u + inSubgroup % ${SHARED_READ}u, count - 1u) * ${rows}u`;
  return {
    declare: quads
      .map((quad) => `let base${quad} = ${base(quad)}; var squares${quad} = 0.0;`)
      .join("\n  "),
    read: quads
      .map((quad) =>
        [
          `let mine${quad} = x[base${quad} + row];`,
          ...range(SHARED_READ).map(
            (i) => `let input${quad * SHARED_READ + i} = subgroupBroadcast(mine${quad}, ${i}u);`,
          ),
          squares ? `squares${quad} += dot(mine${quad}, mine${quad});` : "",
        ].join("\n    "),
      )
      .join("\n    "),
    squares: (t) => `subgroupBroadcast(squares${Math.floor(t / SHARED_READ)}, ${t % SHARED_READ}u)`,
  };
}
