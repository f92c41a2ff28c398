/**
 * A model's weights on the device, folded and packed, for any number of sequences; and what is looked up on the CPU:
 * the rows that tokens put into the stream.
 */
import { FoldedEmbedding, foldBlock, foldLogits } from "../folded-weights.ts";
import type { Weights } from "../weights.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { extents, type MatrixName, type ProgramSizes } from "./program-sources.ts";
import { matrixBytes, packWeights } from "./weight-format.ts";

/** One block, by the names of folded-weights.ts. */
export interface DeviceBlock {
  readonly qkv: GPUBuffer;
  readonly out: GPUBuffer;
  readonly up: GPUBuffer;
  readonly upBias: GPUBuffer;
  readonly down: GPUBuffer;
  readonly downBias: GPUBuffer;
}

/** See the header; `memory` owns the buffers. */
export class DeviceWeights {
  readonly embedding: FoldedEmbedding;
  readonly blocks: readonly DeviceBlock[];
  readonly logits: GPUBuffer;
  /** Bytes of matrices, all of which a step reads. */
  readonly matrixBytes: number;

  /** @throws Failure "unsupported" where a weight does not fit the format. */
  constructor(memory: DeviceMemory, weights: Weights, sizes: ProgramSizes) {
    const extent = extents(sizes);
    let total = 0;
    const matrix = (name: MatrixName, data: Float32Array): GPUBuffer => {
      const bytes = matrixBytes(extent[name], sizes.format);
      total += bytes;
      const { packing } = sizes.shape;
      return memory.constantBytes(bytes, (target) =>
        packWeights(data, 4 * extent[name].rows, packing, sizes.format, target),
      );
    };
    const vector = (data: Float32Array) => memory.constant(data.length, (all) => all.set(data));
    this.embedding = new FoldedEmbedding(weights);
    this.blocks = Array.from({ length: weights.architecture.depth }, (_, layer) => {
      const block = foldBlock(weights, layer);
      return {
        qkv: matrix("qkv", block.qkv),
        out: matrix("out", block.out),
        up: matrix("up", block.up),
        upBias: vector(block.upBias),
        down: matrix("down", block.down),
        downBias: vector(block.downBias),
      };
    });
    this.logits = matrix("logits", foldLogits(weights));
    this.matrixBytes = total;
  }
}
