/**
 * Everything a step needs, made once: weights on the device, caches, work buffers, bind groups, and the list of
 * dispatches. Recording a pass then only walks that list: one compute pass, 5 dispatches a layer and one for
 * the logits. (Sampling will be one more entry at the end, reading `logits` and writing the next token's row.)
 */
import { assert } from "#base/assert.ts";
import { FoldedEmbedding, foldBlock, foldLogits } from "../folded-weights.ts";
import type { KvLayout } from "../kv-layout.ts";
import type { Weights } from "../weights.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { packMatrix } from "./packed-matrix.ts";
import { extents, type ProgramName, type ProgramSizes, type Programs } from "./programs.ts";
import type { TokenRecords } from "./token-record.ts";

interface Dispatch {
  readonly program: ProgramName;
  readonly bindings: GPUBindGroup;
  readonly x: number;
  /** What the second dimension counts. */
  readonly per: "pass" | "token" | "tile";
}

type MatrixName = Exclude<ProgramName, "attention">;

/** See the header. */
export class CommandPlan {
  /** Logits (V) of the last pass that asked for them, padded to a multiple of 4. */
  readonly logits: GPUBuffer;
  readonly #memory: DeviceMemory;
  readonly #sizes: ProgramSizes;
  readonly #programs: Programs;
  readonly #records: TokenRecords;
  readonly #embedding: FoldedEmbedding;
  readonly #stream: GPUBuffer; // (T, dim)
  readonly #tokens: GPUBuffer; // (T) records
  readonly #layers: Dispatch[] = [];
  readonly #output: Dispatch;

  constructor(
    memory: DeviceMemory,
    weights: Weights,
    layout: KvLayout,
    programs: Programs,
    sizes: ProgramSizes,
    records: TokenRecords,
  ) {
    this.#memory = memory;
    this.#sizes = sizes;
    this.#programs = programs;
    this.#records = records;
    this.#embedding = new FoldedEmbedding(weights);
    const { dim, depth, heads, headDim, feedForward } = weights.architecture;
    const inner = heads * headDim;
    const most = layout.chunkLimit;
    this.#stream = memory.storage(most * dim);
    this.#tokens = memory.storage((most * records.stride) / 4);
    const queries = memory.storage(most * 2 * inner);
    const mixed = memory.storage(most * inner);
    const hidden = memory.storage(most * feedForward);
    const stream = this.#stream;
    const tokens = this.#tokens;
    for (let layer = 0; layer < depth; layer++) {
      const block = foldBlock(weights, layer);
      const keys = memory.storage(inner * sizes.slots);
      const values = memory.storage(inner * sizes.slots);
      const vector = (data: Float32Array) => memory.constant(data.length, (all) => all.set(data));
      const matrix = (name: MatrixName) => this.#matrix(name, block[name as keyof typeof block]);
      this.#layers.push(
        this.#product("qkv", [matrix("qkv"), stream, tokens, queries, keys, values]),
        this.#attention([queries, keys, tokens, values, mixed]),
        this.#product("out", [matrix("out"), mixed, tokens, stream]),
        this.#product("up", [matrix("up"), stream, tokens, hidden, vector(block.upBias)]),
        this.#product("down", [matrix("down"), hidden, tokens, stream, vector(block.downBias)]),
      );
    }
    this.logits = memory.storage(4 * extents(sizes).logits.columns);
    const output = this.#matrix("logits", foldLogits(weights));
    this.#output = this.#product("logits", [output, stream, tokens, this.logits]);
  }

  /** Dispatches of a step. */
  get dispatches(): number {
    return this.#layers.length + 1;
  }

  /** Bytes of weights that a step reads. */
  get weightBytes(): number {
    const { qkv, out, up, down, logits } = extents(this.#sizes);
    const layer = qkv.blocks + out.blocks + up.blocks + down.blocks;
    return 64 * (this.#sizes.architecture.depth * layer + logits.blocks);
  }

  /**
   * Records and submits a pass over `tokens`, the first at `position`; `after` is recorded behind it.
   * Several tokens need the tiled programs.
   */
  submit(
    tokens: readonly number[],
    position: number,
    wantLogits: boolean,
    after?: (encoder: GPUCommandEncoder) => void,
  ): void {
    const { device } = this.#memory;
    this.#records.fill(position, tokens.length);
    device.queue.writeBuffer(
      this.#tokens,
      0,
      this.#records.bytes,
      0,
      tokens.length * this.#records.stride,
    );
    const rows = this.#embedding.rows(tokens, position) as Float32Array<ArrayBuffer>;
    device.queue.writeBuffer(this.#stream, 0, rows);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const dispatch of this.#layers) this.#dispatch(pass, dispatch, tokens.length);
    if (wantLogits) this.#dispatch(pass, this.#output, tokens.length);
    pass.end();
    after?.(encoder);
    device.queue.submit([encoder.finish()]);
  }

  #dispatch(pass: GPUComputePassEncoder, { program, bindings, x, per }: Dispatch, count: number) {
    const { tileTokens, tilesPerWorkgroup } = this.#sizes.shape;
    const pipelines = count === 1 ? this.#programs.decode : this.#programs.tiled;
    assert(pipelines, "a pass of several tokens before its programs are compiled");
    pass.setPipeline(pipelines[program]);
    pass.setBindGroup(0, bindings);
    if (per === "tile" && count > 1)
      pass.dispatchWorkgroups(x, Math.ceil(count / (tileTokens * tilesPerWorkgroup)));
    else pass.dispatchWorkgroups(x, per === "token" ? count : 1);
  }

  #product(name: MatrixName, buffers: readonly GPUBuffer[]): Dispatch {
    const { panels } = extents(this.#sizes)[name];
    return this.#bind(name, buffers, panels, name === "logits" ? "pass" : "tile");
  }

  #attention(buffers: readonly GPUBuffer[]): Dispatch {
    return this.#bind("attention", buffers, this.#sizes.architecture.heads, "token");
  }

  #bind(
    name: ProgramName,
    buffers: readonly GPUBuffer[],
    x: number,
    per: Dispatch["per"],
  ): Dispatch {
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const bindings = this.#memory.device.createBindGroup({
      layout: this.#programs.layouts[name],
      entries,
    });
    return { program: name, bindings, x, per };
  }

  #matrix(name: MatrixName, data: Float32Array): GPUBuffer {
    const { blocks, rows } = extents(this.#sizes)[name];
    const { packing } = this.#sizes.shape;
    return this.#memory.constant(16 * blocks, (target) =>
      packMatrix(data, 4 * rows, packing, target),
    );
  }
}
