/**
 * A matrix product of several tokens where the invocations of a quad need the same inputs (one slice a column): each
 * reads those of a token of its own and hands them to the other three by quad swaps. In turn t an invocation has
 * what number `inQuad ^ t` read, so the four meet the same tokens in different orders, and a swap is one instruction
 * where a broadcast is many. For CPU adapters, which read every number of every invocation apart (bench/LOG.md).
 */
import { finishSums } from "./finish-sums.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { range } from "./lanes.ts";
import type { PackedExtent } from "./packed-matrix.ts";
import { QUAD, swapped } from "./quad.ts";

/** Whether so many tokens are read so: even two, though half the turns are idle then. */
export const sharesInputs = ({ packing, subgroups }: KernelShape, tokens: number): boolean =>
  subgroups && packing.slices === 1 && packing.columns % QUAD === 0 && tokens > 1;

/** What an invocation sums up; texts are WGSL expressions. */
export interface QuadSpec {
  readonly extent: PackedExtent;
  readonly shape: KernelShape;
  /** As in matrix-product.ts. */
  readonly norm: number | undefined;
  /** Tokens of an invocation. */
  readonly tokens: number;
  /** The row of x of its i-th token, and the number of that token. */
  readonly rowOf: (i: string) => string;
  readonly tokenOf: (i: string) => string;
  /** Whether `token` is wanted. */
  readonly written: string;
}

/** WGSL statements that end `main`, where `lane` is the invocation's number in the workgroup. */
export function quadProduct(spec: QuadSpec): string {
  const { extent, shape, norm } = spec;
  const { columns, perThread } = shape.packing;
  const line = columns * perThread;
  const fours = range(Math.ceil(spec.tokens / QUAD));
  const turns = range(QUAD);
  const each = range(perThread);
  const inTile = (four: number) => `min(${four * QUAD}u + inQuad, ${spec.tokens - 1}u)`;
  const squares = norm !== undefined;
  const sums = fours.flatMap((f) =>
    turns.flatMap((t) => each.map((r) => `sum${f * QUAD + t}_${r}`)),
  );
  const turn = (f: number, t: number) => [
    `let input${f}_${t} = ${swapped(`read${f}`, t)};`,
    ...each.map((r) => `sum${f * QUAD + t}_${r} += block${r} * input${f}_${t};`),
  ];
  const scale = (f: number, t: number) =>
    squares ? `inverseSqrt(${swapped(`squares${f}`, t)} + ${norm})` : "1.0";
  return /* wgsl */ `  let inQuad = lane % ${QUAD}u;
  let inPanel = lane % ${columns}u;
  ${fours.map((f) => `let base${f} = (${spec.rowOf(inTile(f))}) * ${extent.rows}u;`).join(" ")}
  ${squares ? fours.map((f) => `var squares${f} = 0.0;`).join(" ") : ""}
  ${sums.map((sum) => `var ${sum} = vec4f();`).join(" ")}
  var at = workgroup.x * ${extent.steps * line}u + inPanel;
  for (var row = 0u; row < ${extent.rows}u; row++) {
    ${each.map((r) => `let block${r} = block(at + ${r * columns}u);`).join("\n    ")}
    ${fours.map((f) => `let read${f} = x[base${f} + row];`).join("\n    ")}
    ${squares ? fours.map((f) => `squares${f} += dot(read${f}, read${f});`).join(" ") : ""}
    ${fours.flatMap((f) => turns.flatMap((t) => turn(f, t))).join("\n    ")}
    at += ${line}u;
  }
${finishSums({
  sums,
  scales: fours.flatMap((f) => turns.map((t) => scale(f, t))),
  column: `workgroup.x * ${line}u + inPanel`,
  columns,
  token: spec.tokenOf("(inTile ^ inQuad)"),
  written: `column < ${extent.columns}u && ${spec.written}`,
})}`;
}
