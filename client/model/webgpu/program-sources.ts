/** The WGSL of all programs of one model, for passes of one token, of several, and of a batch. */
import { normEpsilon } from "#model/weights/folded-weights.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { attentionProgram } from "./attention-program.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { logitsProgram } from "./logits-program.ts";
import { type PackedExtent, packedExtent } from "./packed-matrix.ts";
import type { ProductSpec } from "./product-spec.ts";
import { qkvProgram } from "./qkv-program.ts";
import { QUAD } from "./quad.ts";
import { quadAttentionProgram } from "./quad-attention-program.ts";
import { residualProgram } from "./residual-program.ts";
import { subgroupAttentionProgram } from "./subgroup-attention-program.ts";
import { upProgram } from "./up-program.ts";
import type { AttentionSizes } from "./visible-slots.ts";
import type { BlockFormat } from "./weight-format.ts";

/** Names of the programs, in the order in which a layer runs them; logits come last. */
export type ProgramName = "qkv" | "attention" | "out" | "up" | "down" | "logits";

/** Those that multiply by a matrix. */
export type MatrixName = Exclude<ProgramName, "attention">;

/** What the programs are made for. */
export interface ProgramSizes {
  readonly architecture: Architecture;
  readonly shape: KernelShape;
  readonly format: BlockFormat;
  /** Slots of a cache, a multiple of 4. */
  readonly slots: number;
  /** See `TokenRecords.quads`. */
  readonly quads: number;
}

/** What the programs of a batch are made for. */
export interface BatchSizes {
  readonly sequences: number;
  /** Slots of a tail, see `BatchLayout`. */
  readonly tail: number;
}

/** Extents of the matrices, by program. */
export function extents({ architecture, shape }: ProgramSizes): Record<MatrixName, PackedExtent> {
  const { dim, heads, headDim, feedForward, vocabulary } = architecture;
  const inner = heads * headDim;
  const extent = (inputs: number, outputs: number) => packedExtent(inputs, outputs, shape.packing);
  return {
    qkv: extent(dim, 3 * inner),
    out: extent(inner, dim),
    up: extent(dim, feedForward),
    down: extent(feedForward, dim),
    logits: extent(dim, vocabulary),
  };
}

/**
 * WGSL of every program.
 * @param pass over one token, any number of one sequence in tiles with the logits of the last, or one of each
 * sequence of a batch, each with its logits.
 */
export function sources(
  sizes: ProgramSizes,
  pass: 1 | "tiled" | BatchSizes,
): Record<ProgramName, string> {
  const { architecture, shape, format, slots, quads } = sizes;
  const extent = extents(sizes);
  const norm = normEpsilon(architecture);
  const biases = architecture.biases ?? false;
  const batch = typeof pass === "object" ? pass : undefined;
  const tokens = typeof pass === "object" ? pass.sequences : pass;
  const spec = (name: MatrixName): ProductSpec => ({ extent: extent[name], shape, format, tokens });
  const normed = (name: MatrixName): ProductSpec => ({ ...spec(name), norm });
  const common = { architecture, quads };
  const logitsOf = batch?.sequences ?? 1;
  return {
    qkv: qkvProgram(normed("qkv"), { ...common, slots: batch?.tail ?? slots }),
    attention: attention({ ...common, slots, batch }, shape, pass !== 1),
    out: residualProgram(spec("out"), quads, biases),
    up: upProgram(normed("up"), quads),
    down: residualProgram(spec("down"), quads, true),
    logits: logitsProgram({ ...normed("logits"), tokens: logitsOf }, quads, biases),
  };
}

function attention(sizes: AttentionSizes, shape: KernelShape, several: boolean): string {
  const { by, threads } = shape.attention;
  if (by === "workgroup") return attentionProgram(sizes, threads);
  return several ? quadAttentionProgram(sizes) : subgroupAttentionProgram(sizes, threads);
}

/** Tokens of a pass over several that one workgroup of attention serves. */
export const attentionTokens = ({ attention }: KernelShape): number =>
  attention.by === "subgroup" ? QUAD : 1;
