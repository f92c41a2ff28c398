/**
 * ONNX Runtime Web's WASM provider as a decoder. Its session keeps nothing between runs, so the KV cache lies
 * here, one row a token, in a ring behind the pinned prefix; a step hands it in as it lies and writes one row back.
 */
import { assert } from "#base/assert.ts";
import { assertTokens, type Decoder } from "#model/decoder.ts";
import type { Weights } from "#model/weights/weights.ts";
import { fillRotary } from "#model/window/rotary-table.ts";
import { cacheNames, cpuAttention } from "./cpu-attention.ts";
import type { LinearName } from "./linear.ts";
import { type Ort, threadsOf, wasmRuntime } from "./runtime.ts";
import { transformerModel } from "./transformer.ts";

/** Added to the score of a key that must not be seen. */
const NEVER = -1e9;

/** What a layer remembers; a row is a token's keys or values, H * D. */
interface LayerCache {
  readonly keys: Float32Array; // (contextLength - 1, H * D)
  readonly values: Float32Array; // (contextLength - 1, H * D)
  /** Keys of the prefix as they were computed, before the window rolled. */
  readonly pinned: Float32Array; // (prefixLength, H * D)
}

/** How to make a decoder. */
export interface OrtWasmOptions {
  readonly prefixLength: number;
  readonly linear: LinearName;
  /** Folder of ONNX Runtime's binaries, a URL; in Node found by itself. */
  readonly ortPaths?: string;
}

/** Opens a session on the WASM provider. */
export async function createOrtWasmDecoder(
  weights: Weights,
  { prefixLength, linear, ortPaths }: OrtWasmOptions,
): Promise<OrtWasmDecoder> {
  const ort = await wasmRuntime(ortPaths);
  const start = performance.now();
  const model = transformerModel(weights, "f32", linear, cpuAttention(weights.architecture));
  const written = performance.now() - start;
  const session = await ort.InferenceSession.create(model.bytes, { executionProviders: ["wasm"] });
  return new OrtWasmDecoder(ort, weights, session, prefixLength, model.weightBytes, written);
}

/** See the header; made by `createOrtWasmDecoder`. */
export class OrtWasmDecoder implements Decoder {
  readonly architecture;
  readonly backend = "wasm";
  readonly oldestPosition = 0;
  /** Bytes of weights that a step reads. */
  readonly weightBytes: number;
  /** Milliseconds that it took to write the model's file, which a user would have ready. */
  readonly written: number;
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #prefixLength: number;
  readonly #frequencies: Float32Array;
  readonly #cache: LayerCache[];
  #position = 0;

  constructor(
    ort: typeof Ort,
    weights: Weights,
    session: Ort.InferenceSession,
    prefixLength: number,
    weightBytes: number,
    written: number,
  ) {
    this.architecture = weights.architecture;
    this.weightBytes = weightBytes;
    this.written = written;
    this.#ort = ort;
    this.#session = session;
    this.#prefixLength = prefixLength;
    this.#frequencies = weights.rotaryFrequencies();
    const { depth, contextLength } = this.architecture;
    const size = (contextLength - 1) * this.#width;
    this.#cache = Array.from({ length: depth }, () => ({
      keys: new Float32Array(size),
      values: new Float32Array(size),
      pinned: new Float32Array(prefixLength * this.#width),
    }));
  }

  /** Threads that ONNX Runtime chose by itself. */
  get threads(): number {
    return threadsOf(this.#ort);
  }

  get position(): number {
    return this.#position;
  }

  /** Tokens that fit the context together, or one that pushes the oldest out. */
  async prefill(tokens: readonly number[]): Promise<Float32Array> {
    assertTokens(this.architecture, { tokens });
    const rows = this.architecture.contextLength - 1;
    assert(
      tokens.length === 1 || this.#position + tokens.length <= rows,
      `${tokens.length} tokens at ${this.#position}: ${rows} fit`,
    );
    if (this.#position > rows) this.#turnPrefix(this.#position - rows);
    const results = await this.#session.run(this.#feeds(tokens));
    this.#cache.forEach(({ keys, values, pinned }, layer) => {
      const { freshKey, freshValue } = cacheNames(layer);
      const at = this.#row(this.#position) * this.#width;
      keys.set(results[freshKey].data as Float32Array, at);
      values.set(results[freshValue].data as Float32Array, at);
      if (this.#position < this.#prefixLength) pinned.set(keys.subarray(0, pinned.length));
    });
    this.#position += tokens.length;
    return results.logits.data as Float32Array;
  }

  decodeStep(token: number): Promise<Float32Array> {
    return this.prefill([token]);
  }

  /** Only before the ring has closed: what it overwrote is gone. */
  truncate(position: number): void {
    const kept = position === 0 || this.#position < this.architecture.contextLength;
    assert(kept && position <= this.#position, `cannot truncate ${this.#position} to ${position}`);
    this.#position = position;
  }

  /**
   * Moves to a far position as though the tokens between had been taken, for timing alone: the cache is full
   * of older keys, so a step does the same work and its logits mean nothing.
   */
  leap(position: number): void {
    assert(this.#position >= this.architecture.contextLength - 1, "the cache must be full");
    this.#position = position;
  }

  dispose(): void {
    void this.#session.release();
  }

  get #width(): number {
    return this.architecture.heads * this.architecture.headDim;
  }

  /** Where a token lies: the prefix stays, the rest is a ring. */
  #row(position: number): number {
    const ring = this.architecture.contextLength - 1 - this.#prefixLength;
    if (position < this.#prefixLength) return position;
    return this.#prefixLength + ((position - this.#prefixLength) % ring);
  }

  /** The prefix stands right before the window: its keys turn on by `shift` positions from where they were made. */
  #turnPrefix(shift: number): void {
    const { headDim } = this.architecture;
    const pairs = this.#frequencies.length;
    const [cos, sin] = [new Float32Array(pairs), new Float32Array(pairs)];
    fillRotary(this.#frequencies, [shift], cos, sin);
    for (const { keys, pinned } of this.#cache)
      for (let head = 0; head < pinned.length; head += headDim)
        for (let i = 0; i < pairs; i++) {
          const [x, y] = [pinned[head + 2 * i], pinned[head + 2 * i + 1]];
          keys[head + 2 * i] = x * cos[i] - y * sin[i];
          keys[head + 2 * i + 1] = y * cos[i] + x * sin[i];
        }
  }

  #feeds(tokens: readonly number[]): Record<string, Ort.Tensor> {
    const { Tensor } = this.#ort;
    const { heads, headDim, contextLength } = this.architecture;
    const pairs = this.#frequencies.length;
    const count = tokens.length;
    const past = Math.min(this.#position, contextLength - 1);
    const seen = Math.max(1, past); // an input may not be empty: the first pass sees a row that its mask hides
    const positions = tokens.map((_, t) => this.#position + t);
    const [cos, sin] = [new Float32Array(count * pairs), new Float32Array(count * pairs)];
    fillRotary(this.#frequencies, positions, cos, sin);
    const mask = new Float32Array(count * (seen + count));
    for (let t = 0; t < count; t++) {
      const row = t * (seen + count);
      if (past === 0) mask[row] = NEVER;
      mask.fill(NEVER, row + seen + t + 1, row + seen + count);
    }
    const feeds: Record<string, Ort.Tensor> = {
      tokens: new Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, count]),
      cos: new Tensor("float32", cos, [count, pairs]),
      sin: new Tensor("float32", sin, [count, pairs]),
      mask: new Tensor("float32", mask, [1, count, seen + count]),
      parts: new Tensor("int64", BigInt64Array.of(BigInt(seen), BigInt(count)), [2]),
    };
    this.#cache.forEach(({ keys, values }, layer) => {
      const { pastKey, pastValue } = cacheNames(layer);
      const cached = (data: Float32Array) =>
        new Tensor("float32", data.subarray(0, seen * this.#width), [seen, heads, headDim]);
      feeds[pastKey] = cached(keys);
      feeds[pastValue] = cached(values);
    });
    return feeds;
  }
}
