/** The WGSL of all programs of one model, for passes of one token, of several, and of a batch. */
import { normEpsilon } from "../folded-weights.ts";
import type { Architecture } from "../manifest.ts";
import { attentionProgram } from "./attention-program.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { logitsProgram } from "./logits-program.ts";
import type { ProductSpec } from "./matrix-product.ts";
import { type PackedExtent, packedExtent } from "./packed-matrix.ts";
import { qkvProgram } from "./qkv-program.ts";
import { residualProgram } from "./residual-program.ts";
import { subgroupAttentionProgram } from "./subgroup-attention-program.ts";
import { upProgram } from "./up-program.ts";
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
 * @param tokens of a pass: 1, as many as a batch has sequences (each with a cache of its own, and its logits), or any
 * number of one sequence, in tiles, with the logits of the last.
 */
export function sources(
  sizes: ProgramSizes,
  tokens: number | "tiled",
): Record<ProgramName, string> {
  const { architecture, shape, format, slots, quads } = sizes;
  const extent = extents(sizes);
  const norm = normEpsilon(architecture);
  const biases = architecture.biases ?? false;
  const spec = (name: MatrixName): ProductSpec => ({ extent: extent[name], shape, format, tokens });
  const normed = (name: MatrixName): ProductSpec => ({ ...spec(name), norm });
  const { by, threads } = shape.attention;
  const attention = by === "subgroup" ? subgroupAttentionProgram : attentionProgram;
  const sequences = tokens === "tiled" ? 1 : tokens;
  return {
    qkv: qkvProgram(normed("qkv"), { architecture, slots, quads }),
    attention: attention({ architecture, slots, quads, sequences }, threads),
    out: residualProgram(spec("out"), quads, biases),
    up: upProgram(normed("up"), quads),
    down: residualProgram(spec("down"), quads, true),
    logits: logitsProgram({ ...normed("logits"), tokens: sequences }, quads, biases),
  };
}
