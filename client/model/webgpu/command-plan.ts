/**
 * Everything a step needs besides weights, made once: caches, work buffers, bind groups, and the list of dispatches.
 * Recording a pass then only walks that list: one compute pass, 5 dispatches a layer and one for the logits. What
 * draws tokens on the device goes between such walks, reading `logits` and writing the next `tokens` and `stream`.
 */
import { assert } from "#base/assert.ts";
import { sliceRun, type TokenRun } from "../token-run.ts";
import type { BatchLayout } from "./batch-layout.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { DeviceWeights } from "./device-weights.ts";
import {
  attentionTokens,
  extents,
  type MatrixName,
  type ProgramName,
  type ProgramSizes,
} from "./program-sources.ts";
import type { Pipelines, Programs } from "./programs.ts";
import type { TokenRecords } from "./token-record.ts";

interface Dispatch {
  readonly program: ProgramName;
  readonly bindings: GPUBindGroup;
  readonly x: number;
  /** What the second dimension counts. */
  readonly per: "pass" | "query" | "tile";
}

/** What a plan has room for: passes of one sequence, or one token of each of several. */
export interface PlanRoom {
  /** Most tokens of a pass. */
  readonly tokens: number;
  /** Rows of logits, and tails of a batch. */
  readonly sequences: number;
  /** Of a batch: slots of each tail, which lie behind the past that they share (batch-layout.ts). */
  readonly tail?: number;
  /** Caches of another plan to use; by default it makes its own. */
  readonly caches?: readonly LayerCache[];
}

/** What a plan takes of a model's weights. */
export type PlanWeights = Pick<
  DeviceWeights,
  "blocks" | "logits" | "logitsBias" | "matrixBytes"
> & {
  readonly embedding: Pick<DeviceWeights["embedding"], "rows">;
};

/** What it takes of its programs; without tiled ones, it has passes of one token only. */
export type PlanPrograms = Pick<Programs, "layouts" | "decode" | "tiled">;

/** One layer's cache, (H, D/4, slots) of vec4f each; of a batch, (B, H, D/4, tail) behind that. */
export interface LayerCache {
  readonly keys: GPUBuffer;
  readonly values: GPUBuffer;
}

/** See the header. */
export class CommandPlan {
  /** Logits (B, V) of the last pass that asked for them, rows padded to a multiple of 4. */
  readonly logits: GPUBuffer;
  /** Records of the tokens of a pass (T), see token-record.ts. */
  readonly tokens: GPUBuffer;
  /** The residual stream (T, dim), to begin with what is embedded of each token. */
  readonly stream: GPUBuffer;
  readonly caches: readonly LayerCache[];
  readonly #memory: DeviceMemory;
  readonly #sizes: ProgramSizes;
  readonly #programs: PlanPrograms;
  readonly #records: TokenRecords;
  readonly #weights: PlanWeights;
  readonly #layers: Dispatch[] = [];
  readonly #output: Dispatch;

  constructor(
    memory: DeviceMemory,
    weights: PlanWeights,
    programs: PlanPrograms,
    sizes: ProgramSizes,
    records: TokenRecords,
    room: PlanRoom,
  ) {
    this.#memory = memory;
    this.#sizes = sizes;
    this.#programs = programs;
    this.#records = records;
    this.#weights = weights;
    const { dim, heads, headDim, feedForward } = sizes.architecture;
    const inner = heads * headDim;
    const most = room.tokens;
    this.stream = memory.storage(most * dim);
    // One more describes the shared past.
    const described = room.tail === undefined ? most : most + 1;
    this.tokens = memory.storage((described * records.stride) / 4);
    const queries = memory.storage(most * 2 * inner);
    const mixed = memory.storage(most * inner);
    const hidden = memory.storage(most * feedForward);
    const { stream, tokens } = this;
    const rows = sizes.slots + room.sequences * (room.tail ?? 0);
    const cache = () => memory.storage(inner * rows);
    this.caches = room.caches ?? weights.blocks.map(() => ({ keys: cache(), values: cache() }));
    const optional = (buffer: GPUBuffer | undefined) => (buffer ? [buffer] : []);
    weights.blocks.forEach((block, layer) => {
      const { qkv, out, up, upBias, down, downBias } = block;
      const { keys, values } = this.caches[layer];
      const [qkvBias, outBias] = [optional(block.qkvBias), optional(block.outBias)];
      this.#layers.push(
        this.#product("qkv", [qkv, stream, tokens, queries, keys, values, ...qkvBias]),
        this.#attention([queries, keys, tokens, values, mixed]),
        this.#product("out", [out, mixed, tokens, stream, ...outBias]),
        this.#product("up", [up, stream, tokens, hidden, upBias]),
        this.#product("down", [down, hidden, tokens, stream, downBias]),
      );
    });
    this.logits = memory.storage(room.sequences * 4 * extents(sizes).logits.columns);
    const output = [weights.logits, stream, tokens, this.logits, ...optional(weights.logitsBias)];
    this.#output = this.#product("logits", output);
  }

  /** Dispatches of a step. */
  get dispatches(): number {
    return this.#layers.length + 1;
  }

  /** Bytes of weights that a step reads. */
  get weightBytes(): number {
    return this.#weights.matrixBytes;
  }

  /**
   * Records and submits a pass over a run of one sequence, the first at `position`; `after` is recorded behind
   * it. Several tokens need the tiled programs. With `draws`, each draws a token behind a pass with logits, the next
   * pass is over that token, and none follows the last.
   */
  submit(
    run: TokenRun,
    position: number,
    wantLogits: boolean,
    after?: (encoder: GPUCommandEncoder) => void,
    draws: readonly ((pass: GPUComputePassEncoder) => void)[] = [],
  ): void {
    const count = run.tokens.length;
    this.#records.fill(position, count);
    this.#upload(count, this.#weights.embedding.rows(run, position));
    const pipelines = count === 1 ? this.#programs.decode : this.#programs.tiled;
    assert(pipelines, "a pass of several tokens before its programs are compiled");
    const { tileTokens, tilesPerWorkgroup } = this.#sizes.shape;
    const tiles = count === 1 ? 1 : Math.ceil(count / (tileTokens * tilesPerWorkgroup));
    const y = { pass: 1, query: this.#queries(count), tile: tiles };
    const dispatches = wantLogits ? [...this.#layers, this.#output] : this.#layers;
    this.#submit((pass) => {
      this.#record(pass, pipelines, dispatches, y);
      draws.forEach((draw, i) => {
        if (i > 0)
          this.#record(pass, this.#programs.decode, dispatches, { pass: 1, query: 1, tile: 1 });
        draw(pass);
      });
    }, after);
  }

  /** The same with one token of each sequence, all at `position`. @param pipelines for such a batch. */
  submitBatch(
    pipelines: Pipelines,
    batch: BatchLayout,
    run: TokenRun,
    position: number,
    after: (encoder: GPUCommandEncoder) => void,
  ): void {
    const { heads, headDim } = this.#sizes.architecture;
    const inner = (heads * headDim) / 4;
    const [from, apart] = [inner * this.#sizes.slots, inner * batch.tail];
    const count = run.tokens.length;
    this.#records.fillBatch(batch, position, count, from, apart);
    const { dim } = this.#sizes.architecture;
    const rows = new Float32Array(count * dim);
    for (let b = 0; b < count; b++)
      rows.set(this.#weights.embedding.rows(sliceRun(run, b, b + 1), position), b * dim);
    this.#upload(count + 1, rows);
    const y = { pass: 1, query: this.#queries(count), tile: 1 };
    const dispatches = [...this.#layers, this.#output];
    this.#submit((pass) => this.#record(pass, pipelines, dispatches, y), after);
  }

  /** Workgroups of attention, for each head. */
  #queries(tokens: number): number {
    return tokens === 1 ? 1 : Math.ceil(tokens / attentionTokens(this.#sizes.shape));
  }

  /** @param count records. */
  #upload(count: number, rows: Float32Array): void {
    const { queue } = this.#memory.device;
    queue.writeBuffer(this.tokens, 0, this.#records.bytes, 0, count * this.#records.stride);
    queue.writeBuffer(this.stream, 0, rows as Float32Array<ArrayBuffer>);
  }

  /** @param y workgroups of the second dimension, by what it counts. */
  #record(
    pass: GPUComputePassEncoder,
    pipelines: Pipelines,
    dispatches: readonly Dispatch[],
    y: Readonly<Record<Dispatch["per"], number>>,
  ): void {
    for (const { program, bindings, x, per } of dispatches) {
      pass.setPipeline(pipelines[program]);
      pass.setBindGroup(0, bindings);
      pass.dispatchWorkgroups(x, y[per]);
    }
  }

  #submit(
    record: (pass: GPUComputePassEncoder) => void,
    after?: (encoder: GPUCommandEncoder) => void,
  ): void {
    const { device } = this.#memory;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    record(pass);
    pass.end();
    after?.(encoder);
    device.queue.submit([encoder.finish()]);
  }

  #product(name: MatrixName, buffers: readonly GPUBuffer[]): Dispatch {
    const { panels } = extents(this.#sizes)[name];
    return this.#bind(name, buffers, panels, name === "logits" ? "pass" : "tile");
  }

  #attention(buffers: readonly GPUBuffer[]): Dispatch {
    return this.#bind("attention", buffers, this.#sizes.architecture.heads, "query");
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
}
