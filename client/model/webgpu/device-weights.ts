/**
 * A model's weights on the device, folded and packed, for any number of sequences; and what is looked up on the CPU:
 * the rows that tokens put into the stream.
 */
import { FoldedEmbedding, foldBlock, foldLogits } from "#model/weights/folded-weights.ts";
import type { Weights } from "#model/weights/weights.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { extents, type MatrixName, type ProgramSizes } from "./program-sources.ts";
import { matrixBytes, packWeights } from "./weight-format.ts";

/** One block, by the names of folded-weights.ts. */
export interface DeviceBlock {
  readonly qkv: GPUBuffer;
  /** Of architectures with biases, as `outBias`. */
  readonly qkvBias?: GPUBuffer;
  readonly out: GPUBuffer;
  readonly outBias?: GPUBuffer;
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
  /** (V), padded to a multiple of 4; of architectures with biases. */
  readonly logitsBias: GPUBuffer | undefined;
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
    const vector = (data: Float32Array) =>
      memory.constant(4 * Math.ceil(data.length / 4), (all) => all.set(data));
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
        ...(block.qkvBias && { qkvBias: vector(block.qkvBias) }),
        ...(block.outBias && { outBias: vector(block.outBias) }),
      };
    });
    this.logits = matrix("logits", foldLogits(weights));
    this.logitsBias = weights.logitsBias && vector(weights.logitsBias);
    this.matrixBytes = total;
  }
}
