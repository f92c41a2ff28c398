/**
 * A decoder on own WGSL kernels, on the device it shares with TensorFlow.js: few fused dispatches a layer, one
 * command buffer and one submit a token, the KV cache written in place, nothing allocated on the device in a step.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { assertTokens, type Decoder } from "../decoder.ts";
import { KvLayout } from "../kv-layout.ts";
import type { Architecture } from "../manifest.ts";
import type { Weights } from "../weights.ts";
import { CommandPlan } from "./command-plan.ts";
import { sharedDevice } from "./device.ts";
import { accepted, DeviceMemory } from "./device-memory.ts";
import { DeviceWeights } from "./device-weights.ts";
import { adapterTraits, assertShape, type KernelShape, kernelShape } from "./kernel-shape.ts";
import { LogitsReadback } from "./logits-readback.ts";
import { type Programs, programsFor } from "./programs.ts";
import { TokenRecords } from "./token-record.ts";
import { blockFormat, defaultFormat, type WeightFormat } from "./weight-format.ts";

/** Tokens that are taken one by one rather than wait for a compiler: a prefix and a few events. */
const STEPS_AT_MOST = 16;

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
  const shape = options.shape ?? kernelShape(traits);
  assertShape(shape, traits);
  const layout = new KvLayout(architecture, options.prefixLength, options.slack);
  const records = new TokenRecords(layout, weights.rotaryFrequencies(), layout.chunkLimit);
  const slots = 4 * Math.ceil(layout.capacity / 4);
  const format = blockFormat(options.weights ?? defaultFormat(traits), device);
  const sizes = { architecture, shape, format, slots, quads: records.quads };
  const programs = await programsFor(device, sizes);
  const memory = new DeviceMemory(device);
  try {
    return await accepted(device, () => {
      const room = { tokens: layout.chunkLimit, sequences: 1 };
      const onDevice = new DeviceWeights(memory, weights, sizes);
      const plan = new CommandPlan(memory, onDevice, programs, sizes, records, room);
      const readback = new LogitsReadback(memory, architecture.vocabulary);
      return new WebgpuDecoder(architecture, layout, memory, programs, plan, readback);
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
  readonly #layout: KvLayout;
  readonly #memory: DeviceMemory;
  readonly #programs: Programs;
  readonly #plan: CommandPlan;
  readonly #readback: LogitsReadback;
  #disposed = false;

  constructor(
    architecture: Architecture,
    layout: KvLayout,
    memory: DeviceMemory,
    programs: Programs,
    plan: CommandPlan,
    readback: LogitsReadback,
  ) {
    this.architecture = architecture;
    this.#layout = layout;
    this.#memory = memory;
    this.#programs = programs;
    this.#plan = plan;
    this.#readback = readback;
  }

  get position(): number {
    return this.#layout.position;
  }

  get oldestPosition(): number {
    return this.#layout.oldestPosition;
  }

  /** What one `decodeStep` costs. */
  get stepCost(): StepCost {
    const { dispatches, weightBytes } = this.#plan;
    return { dispatches, submits: 1, weightBytes, memoryBytes: this.#memory.bytes };
  }

  async prefill(tokens: readonly number[]): Promise<Float32Array> {
    assert(!this.#disposed, "the decoder was disposed of");
    assertTokens(this.architecture, tokens);
    assert(
      this.#layout.hasRoom(tokens.length),
      `${tokens.length} tokens at ${this.position} do not fit the context`,
    );
    this.#readback.assertAlive();
    const limit = await this.#passLimit(tokens.length);
    for (let from = 0; from < tokens.length; from += limit)
      this.#submit(tokens.slice(from, from + limit), from + limit >= tokens.length);
    return this.#readback.read();
  }

  decodeStep(token: number): Promise<Float32Array> {
    return this.prefill([token]);
  }

  truncate(position: number): void {
    this.#layout.truncate(position);
  }

  dispose(): void {
    this.#disposed = true;
    this.#memory.dispose();
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

  #submit(chunk: readonly number[], isLast: boolean): void {
    const { position } = this.#layout;
    this.#plan.submit(
      chunk,
      position,
      isLast,
      isLast ? (encoder) => this.#readback.copy(encoder, this.#plan.logits) : undefined,
    );
    this.#layout.advance(chunk.length);
  }
}
