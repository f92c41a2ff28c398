/** What the text of a matrix program (matrix-product.ts) depends on. */
import type { KernelShape } from "./kernel-shape.ts";
import type { PackedExtent } from "./packed-matrix.ts";
import type { BlockFormat } from "./weight-format.ts";

/** What a matrix program is made for. */
export interface ProductSpec {
  readonly extent: PackedExtent;
  readonly shape: KernelShape;
  /** Added to the sum of squares; without it there is no norm. */
  readonly norm?: number;
  /** How weights are stored. */
  readonly format: BlockFormat;
  /** Tokens of a pass: 1, as many as a batch has sequences, or any number, in tiles. */
  readonly tokens: number | "tiled";
  /** WGSL expression for the row of x of the first token, where their number is known; by default 0. */
  readonly row?: string;
}
