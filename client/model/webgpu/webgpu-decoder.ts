/**
 * A decoder on own WGSL kernels, on the device it shares with TensorFlow.js: few fused dispatches a layer, one
 * command buffer and one submit a token, the KV cache written in place, nothing allocated on the device in a step.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import type { Weights } from "#model/weights/weights.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { assertTokens, type Decoder, type DrawnRun, type DrawRequest } from "../decoder.ts";
import { sliceRun, type TokenConditions, type TokenRun } from "../token-run.ts";
import {
  type BatchDecoder,
  type BatchOptions,
  type BatchParts,
  createBatch,
} from "./batch-decoder.ts";
import { CommandPlan } from "./command-plan.ts";
import { sharedDevice } from "./device.ts";
import { accepted, DeviceMemory } from "./device-memory.ts";
import { DeviceWeights } from "./device-weights.ts";
import { assertRequest, createDrawPlan, type DrawParts, type DrawPlan } from "./draw-plan.ts";
import { adapterTraits, assertShape, type KernelShape, kernelShape } from "./kernel-shape.ts";
import { LogitsReadback } from "./logits-readback.ts";
import { type Programs, programsFor } from "./programs.ts";
import { TokenRecords } from "./token-record.ts";
import { type Tuning, tunedShape } from "./tuned-shape.ts";
import { blockFormat, defaultFormat, type WeightFormat } from "./weight-format.ts";

/** Tokens that are taken one by one rather than wait for a compiler: a prefix and a few events. */
const STEPS_AT_MOST = 16;

/** Invocations that draw a token. */
const LANES = { software: 16, gpu: 256 } as const;

/** How to make a decoder. */
export interface WebgpuDecoderOptions {
  /** Tokens pinned at the start of the sequence. */
  readonly prefixLength: number;
  /** See `KvLayout`. */
  readonly slack?: number;
  /** The device to use; by default the one shared with tfjs. */
  readonly device?: GPUDevice;
  /** How kernels are laid out; by default what suits the adapter. */
  readonly shape?: KernelShape;
  /** How precise weights are; by default what suits the adapter. In f32 tokens are those of the CPU. */
  readonly weights?: WeightFormat;
  /** Look for the shape that is fastest here, unless `shape` says it; takes some 300 ms, once. */
  readonly tuning?: Tuning;
  /**
   * Whether there is a `draw`, for rotary models; by default where the adapter is a GPU. An emulated one draws on
   * one thread and gains little (bench/LOG.md), since its logits are in memory anyway.
   */
  readonly draws?: boolean;
  /** Invocations that draw a token, a power of 4; by default what suits the adapter. */
  readonly drawLanes?: number;
}

/** What a step costs. */
export interface StepCost {
  readonly dispatches: number;
  readonly submits: number;
  /** Bytes of weights read. */
  readonly weightBytes: number;
  /** Bytes on the device in all. */
  readonly memoryBytes: number;
}

/**
 * Puts the weights on the device and compiles the kernels.
 * @throws Failure "unsupported" where there is no WebGPU or the model's shape does not suit the kernels,
 * "unavailable" where memory does not suffice. Once the device is lost, calls reject with `DeviceLost`.
 */
export async function createWebgpuDecoder(
  weights: Weights,
  options: WebgpuDecoderOptions,
): Promise<WebgpuDecoder> {
  const { architecture } = weights;
  assertSizes(architecture);
  const device = options.device ?? (await sharedDevice());
  const traits = adapterTraits(device);
  const usual = options.shape ?? kernelShape(traits);
  const makeLayout = () => new KvLayout(architecture, options.prefixLength, options.slack);
  const layout = makeLayout();
  const frequencies = weights.rotaryFrequencies();
  const records = new TokenRecords(layout, frequencies, layout.chunkLimit);
  const slots = 4 * Math.ceil(layout.capacity / 4);
  const format = blockFormat(options.weights ?? defaultFormat(traits), device);
  const common = { architecture, format, slots, quads: records.quads };
  const task = { device, traits, sizes: { ...common, shape: usual }, records };
  const tuning = options.shape ? undefined : options.tuning;
  const shape = tuning ? await tunedShape(task, tuning) : usual;
  assertShape(shape, traits);
  const sizes = { ...common, shape };
  const programs = await programsFor(device, sizes);
  const memory = new DeviceMemory(device);
  try {
    return await accepted(device, () => {
      const room = { tokens: layout.chunkLimit, sequences: 1 };
      const onDevice = new DeviceWeights(memory, weights, sizes);
      const plan = new CommandPlan(memory, onDevice, programs, sizes, records, room);
      const readback = new LogitsReadback(memory, architecture.vocabulary);
      const { embedding } = onDevice;
      const lanes = options.drawLanes ?? (traits.software ? LANES.software : LANES.gpu);
      const drawing = { memory, architecture, embedding, records, pass: plan, lanes };
      const draws = (options.draws ?? !traits.software) && architecture.positions === "rotary";
      const parts = { device, programs, sizes, plan, layout, makeLayout, frequencies };
      return new WebgpuDecoder({ ...parts, weights: onDevice }, readback, drawing, draws);
    });
  } catch (error) {
    memory.dispose();
    throw error;
  }
}

function assertSizes({ dim, headDim, feedForward }: Architecture): void {
  for (const [name, size] of Object.entries({ dim, headDim, feedForward }))
    if (size % 4 !== 0)
      throw new Failure(
        "unsupported",
        `The GPU kernels need a ${name} that is a multiple of 4, and this model's is ${size}; use the CPU backend.`,
      );
}

/** See the header; made by `createWebgpuDecoder`. */
export class WebgpuDecoder implements Decoder {
  readonly backend = "webgpu";
  readonly architecture;
  /** Only where it was asked for; see `WebgpuDecoderOptions.draws`. */
  readonly draw: Decoder["draw"];
  readonly #parts: BatchParts;
  readonly #layout: KvLayout;
  readonly #memory: DeviceMemory;
  readonly #programs: Programs;
  readonly #plan: CommandPlan;
  readonly #readback: LogitsReadback;
  readonly #drawing: DrawParts;
  /** By the text of their rules. */
  readonly #drawPlans = new Map<string, DrawPlan>();
  readonly #batches: BatchDecoder[] = [];
  #disposed = false;

  constructor(parts: BatchParts, readback: LogitsReadback, drawing: DrawParts, draws: boolean) {
    this.architecture = drawing.architecture;
    this.draw = draws ? (request) => this.#draw(request) : undefined;
    this.#parts = parts;
    this.#layout = parts.layout;
    this.#memory = drawing.memory;
    this.#drawing = drawing;
    this.#programs = parts.programs;
    this.#plan = parts.plan;
    this.#readback = readback;
  }

  get position(): number {
    return this.#layout.position;
  }

  get oldestPosition(): number {
    return this.#layout.oldestPosition;
  }

  /** How its kernels are laid out. */
  get shape(): KernelShape {
    return this.#parts.sizes.shape;
  }

  /** What one `decodeStep` costs. */
  get stepCost(): StepCost {
    const { dispatches, weightBytes } = this.#plan;
    return { dispatches, submits: 1, weightBytes, memoryBytes: this.#memory.bytes };
  }

  async prefill(
    tokens: readonly number[],
    conditions?: readonly TokenConditions[],
  ): Promise<Float32Array> {
    const run = { tokens, conditions };
    assertTokens(this.architecture, run);
    await this.#take(run, (last, position) =>
      this.#plan.submit(last, position, true, (encoder) =>
        this.#readback.copy(encoder, this.#plan.logits),
      ),
    );
    return this.#readback.read();
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.prefill([token], conditions && [conditions]);
  }

  truncate(position: number): void {
    this.#layout.truncate(position);
  }

  /**
   * So many sequences that all go on from what this one has taken; they share its weights, and its disposal.
   * @throws Failure "unavailable" where memory does not suffice; `DeviceLost`.
   */
  async batch(sequences: number, options?: BatchOptions): Promise<BatchDecoder> {
    assert(!this.#disposed, "the decoder was disposed of");
    this.#readback.assertAlive();
    const batch = await createBatch(this.#parts, sequences, options);
    this.#batches.push(batch);
    return batch;
  }

  dispose(): void {
    this.#disposed = true;
    for (const batch of this.#batches) batch.dispose();
    this.#memory.dispose();
  }

  async #draw(request: DrawRequest): Promise<DrawnRun> {
    assertRequest(this.architecture, request);
    const { count } = request;
    const plan = await this.#drawPlan(request);
    await this.#take(request, (last, at) => {
      plan.prepare(request, at + last.tokens.length);
      const draws = Array.from(
        { length: count },
        () => (pass: GPUComputePassEncoder) => plan.sample(pass),
      );
      this.#plan.submit(last, at, true, (encoder) => plan.copy(encoder), draws);
    });
    for (let i = 1; i < count; i++) this.#layout.advance(1);
    return plan.read(request);
  }

  async #drawPlan({ rules }: DrawRequest): Promise<DrawPlan> {
    const known = this.#drawPlans.get(rules.source);
    if (known) return known;
    this.#readback.assertAlive();
    const plan = await createDrawPlan(this.#drawing, rules);
    this.#drawPlans.set(rules.source, plan);
    return plan;
  }

  /** Passes over a run; the last is for `submitLast` to record. */
  async #take(run: TokenRun, submitLast: (run: TokenRun, position: number) => void): Promise<void> {
    const count = run.tokens.length;
    assert(!this.#disposed, "the decoder was disposed of");
    assert(
      this.#layout.hasRoom(count),
      `${count} tokens at ${this.position} do not fit the context`,
    );
    this.#readback.assertAlive();
    const limit = await this.#passLimit(count);
    for (let from = 0; from < count; from += limit) {
      const pass = sliceRun(run, from, from + limit);
      const { position } = this.#layout;
      if (from + limit >= count) submitLast(pass, position);
      else this.#plan.submit(pass, position, false);
      this.#layout.advance(pass.tokens.length);
    }
  }

  /** Most tokens of a pass: while the tiled programs compile, a few tokens are sooner done step by step. */
  async #passLimit(count: number): Promise<number> {
    if (count <= STEPS_AT_MOST && !this.#programs.tiled) return 1;
    try {
      await this.#programs.whenTiled;
    } catch (cause) {
      this.#readback.assertAlive();
      throw cause;
    }
    return this.#layout.chunkLimit;
  }
}
