/**
 * A decoder on the CPU: own WebAssembly SIMD kernels on weights in 8 bits (assembly/), one call a token. The KV
 * cache is written in place and nothing is allocated in a step. Plain SIMD is the same on every machine, and so
 * are the tokens: relaxed SIMD, which is not, is left alone.
 */
import { assert } from "#base/assert.ts";
import { FoldedEmbedding, foldBlock, foldLogits } from "#model/weights/folded-weights.ts";
import type { Weights } from "#model/weights/weights.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { assertTokens, type Decoder } from "../decoder.ts";
import type { TokenConditions } from "../token-run.ts";
import { Kernel, MATRICES } from "./kernel.ts";
import { packMatrix, padded } from "./packed-matrix.ts";
import { TokenRecords } from "./token-records.ts";

/** Most tokens that share one reading of the weights; past it, tokens gain nothing and buffers leave the cache. */
const CHUNK = 32;

/** How to make a decoder. */
export interface WasmDecoderOptions {
  /** Tokens pinned at the start of the sequence. */
  readonly prefixLength: number;
  /** See `KvLayout`. */
  readonly slack?: number;
}

/** Rounds the weights into WASM memory. @throws Failure as `Kernel.open`. */
export async function createWasmDecoder(
  weights: Weights,
  { prefixLength, slack }: WasmDecoderOptions,
): Promise<Decoder> {
  const layout = new KvLayout(weights.architecture, prefixLength, slack);
  const chunk = Math.min(CHUNK, layout.chunkLimit);
  const frequencies = weights.rotaryFrequencies();
  const kernel = await Kernel.open(weights.architecture, layout, frequencies.length, chunk);
  writeWeights(kernel, weights);
  const records = new TokenRecords(layout, frequencies, kernel.recordMemory);
  return new WasmDecoder(weights, layout, kernel, records, chunk);
}

function writeWeights(kernel: Kernel, weights: Weights): void {
  const { depth, dim, feedForward, heads, headDim, vocabulary } = weights.architecture;
  const { memory } = kernel;
  const outputs = { qkv: 3 * heads * headDim, out: dim, up: feedForward, down: dim };
  for (let layer = 0; layer < depth; layer++) {
    const block = foldBlock(weights, layer);
    const bias = {
      qkv: block.qkvBias,
      out: block.outBias,
      up: block.upBias,
      down: block.downBias,
    };
    for (const name of MATRICES)
      packMatrix(memory, kernel.matrixAt(layer, name), block[name], outputs[name], bias[name]);
  }
  const logitsAt = kernel.logitsMatrixAt(depth);
  packMatrix(memory, logitsAt, foldLogits(weights), vocabulary, weights.logitsBias);
  const { tokens, positions, conditions } = new FoldedEmbedding(weights);
  writeRows(memory, kernel.embeddingAt, tokens, dim);
  if (positions) writeRows(memory, kernel.positionsAt, positions, dim);
  if (conditions) writeRows(memory, kernel.conditionsAt, conditions, dim);
}

function writeRows(memory: ArrayBuffer, at: number, rows: Float32Array, dim: number): void {
  const count = rows.length / dim;
  const target = new Float32Array(memory, at, count * padded(dim));
  for (let row = 0; row < count; row++)
    target.set(rows.subarray(row * dim, (row + 1) * dim), row * padded(dim));
}

class WasmDecoder implements Decoder {
  readonly backend = "wasm";
  readonly architecture;
  readonly #layout: KvLayout;
  readonly #records: TokenRecords;
  readonly #chunk: number;
  #kernel: Kernel | undefined;

  constructor(
    weights: Weights,
    layout: KvLayout,
    kernel: Kernel,
    records: TokenRecords,
    chunk: number,
  ) {
    this.architecture = weights.architecture;
    this.#layout = layout;
    this.#kernel = kernel;
    this.#records = records;
    this.#chunk = chunk;
  }

  get position(): number {
    return this.#layout.position;
  }

  get oldestPosition(): number {
    return this.#layout.oldestPosition;
  }

  async prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    const kernel = this.#kernel;
    assert(kernel, "the decoder was disposed of");
    const run = { tokens, conditions };
    assertTokens(this.architecture, run);
    assert(
      this.#layout.hasRoom(tokens.length),
      `${tokens.length} tokens at ${this.position} do not fit the context`,
    );
    for (let from = 0; from < tokens.length; from += this.#chunk) {
      const to = Math.min(from + this.#chunk, tokens.length);
      this.#records.fill(run, from, to, this.position);
      kernel.pass(to - from, to === tokens.length);
      this.#layout.advance(to - from);
    }
    return kernel.logits;
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.prefill([token], conditions && [conditions]);
  }

  truncate(position: number): void {
    this.#layout.truncate(position);
  }

  dispose(): void {
    this.#kernel = undefined;
  }
}
