/**
 * ONNX Runtime Web's WebGPU provider as a decoder. The KV cache stays on the device: every run is handed the same
 * buffers as past and present, so nothing of it is copied; logits alone come back.
 */
import { assert } from "#base/assert.ts";
import { assertTokens, type Decoder } from "#model/decoder.ts";
import type { Weights } from "#model/weights/weights.ts";
import { gpuAttention, sharedCacheNames } from "./gpu-attention.ts";
import type { Float } from "./graph.ts";
import type { LinearName } from "./linear.ts";
import { type Ort, webgpuRuntime } from "./runtime.ts";
import { transformerModel } from "./transformer.ts";

/** How to make a decoder. */
export interface OrtWebgpuOptions {
  readonly float: Float;
  readonly linear: LinearName;
  /** Folder of ONNX Runtime's binaries, a URL. */
  readonly ortPaths?: string;
}

/** Opens a session on the WebGPU provider; ONNX Runtime opens a device of its own at the first. */
export async function createOrtWebgpuDecoder(
  weights: Weights,
  { float, linear, ortPaths }: OrtWebgpuOptions,
): Promise<OrtWebgpuDecoder> {
  const ort = await webgpuRuntime(ortPaths);
  const start = performance.now();
  const { architecture } = weights;
  const attention = gpuAttention(architecture, weights.rotaryFrequencies(), float);
  const model = transformerModel(weights, float, linear, attention);
  const written = performance.now() - start;
  const session = await ort.InferenceSession.create(model.bytes, {
    executionProviders: ["webgpu"],
    preferredOutputLocation: Object.fromEntries(
      presentNames(architecture.depth).map((name) => [name, "gpu-buffer" as const]),
    ),
  });
  const device = await ort.env.webgpu.device;
  return new OrtWebgpuDecoder(ort, weights, session, device, float, model.weightBytes, written);
}

const presentNames = (depth: number): string[] =>
  Array.from({ length: depth }, (_, layer) => sharedCacheNames(layer)).flatMap(
    ({ presentKey, presentValue }) => [presentKey, presentValue],
  );

/** See the header; made by `createOrtWebgpuDecoder`. */
export class OrtWebgpuDecoder implements Decoder {
  readonly architecture;
  readonly backend = "webgpu";
  readonly oldestPosition = 0;
  /** Bytes of weights that a step reads. */
  readonly weightBytes: number;
  /** Milliseconds that it took to write the model's file, which a user would have ready. */
  readonly written: number;
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #buffers: GPUBuffer[] = [];
  readonly #past: Record<string, Ort.Tensor> = {};
  readonly #present: Record<string, Ort.Tensor> = {};
  #position = 0;

  constructor(
    ort: typeof Ort,
    weights: Weights,
    session: Ort.InferenceSession,
    device: GPUDevice,
    float: Float,
    weightBytes: number,
    written: number,
  ) {
    this.architecture = weights.architecture;
    this.weightBytes = weightBytes;
    this.written = written;
    this.#ort = ort;
    this.#session = session;
    const { depth, heads, headDim, contextLength } = this.architecture;
    const dims = [1, heads, contextLength, headDim];
    const dataType = float === "f16" ? ("float16" as const) : ("float32" as const);
    const size = heads * contextLength * headDim * (float === "f16" ? 2 : 4);
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const cached = () => {
      const buffer = device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
      this.#buffers.push(buffer);
      return ort.Tensor.fromGpuBuffer(buffer, { dataType, dims });
    };
    for (let layer = 0; layer < depth; layer++) {
      const names = sharedCacheNames(layer);
      this.#past[names.pastKey] = this.#present[names.presentKey] = cached();
      this.#past[names.pastValue] = this.#present[names.presentValue] = cached();
    }
  }

  get position(): number {
    return this.#position;
  }

  /** Tokens that fit the context together; at a full context one, which takes the newest one's place. */
  async prefill(tokens: readonly number[]): Promise<Float32Array> {
    assertTokens(this.architecture, { tokens });
    const { contextLength } = this.architecture;
    assert(
      tokens.length === 1 || this.#position + tokens.length <= contextLength,
      `${tokens.length} tokens at ${this.#position}: ${contextLength} fit`,
    );
    const total = Math.min(contextLength, this.#position + tokens.length);
    const { Tensor } = this.#ort;
    const feeds = {
      tokens: new Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
      last: new Tensor("int32", Int32Array.of(total - 1), [1]),
      total: new Tensor("int32", Int32Array.of(total), [1]),
      ...this.#past,
    };
    const { logits } = await this.#session.run(feeds, { logits: null, ...this.#present });
    this.#position += tokens.length;
    return (await logits.getData(true)) as Float32Array;
  }

  decodeStep(token: number): Promise<Float32Array> {
    return this.prefill([token]);
  }

  truncate(position: number): void {
    assert(position <= this.#position, `cannot truncate ${this.#position} to ${position}`);
    this.#position = position;
  }

  /**
   * Moves to a far position as though the tokens between had been taken, for timing alone: a step at a full
   * context does the work of one in a rolling window, and its logits mean nothing.
   */
  leap(position: number): void {
    this.#position = position;
  }

  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    void this.#session.release();
  }
}
