/**
 * A decoder on TensorFlow.js ops with a KV cache of fixed capacity: the fallback that runs wherever WASM
 * runs, and the baseline for own kernels. A step makes one read-back, (V) logits, and leaves no tensor.
 */
import * as tf from "@tensorflow/tfjs-core";
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { Weights } from "#model/weights/weights.ts";
import { KvLayout } from "#model/window/kv-layout.ts";
import { assertTokens, type BackendName, type Decoder } from "../decoder.ts";
import { sliceRun, type TokenConditions, type TokenRun } from "../token-run.ts";
import type { Attention } from "./attention.ts";
import { BlockGraph } from "./block-graph.ts";
import { DeviceAttention } from "./device-attention.ts";
import { LoopAttention } from "./loop-attention.ts";
import {
  activate,
  type BackendOptions,
  startBackend,
  type TfjsBackendName,
} from "./tfjs-backend.ts";

/** How to make a decoder. */
export interface TfjsDecoderOptions extends BackendOptions {
  readonly backend: TfjsBackendName;
  /** Tokens pinned at the start of the sequence. */
  readonly prefixLength: number;
  /** See `KvLayout`. */
  readonly slack?: number;
}

/** Starts the backend and puts the weights on it. @throws Failure "unsupported" where it does not run. */
export async function createTfjsDecoder(
  weights: Weights,
  options: TfjsDecoderOptions,
): Promise<Decoder> {
  await startBackend(options.backend, options);
  const layout = new KvLayout(weights.architecture, options.prefixLength, options.slack);
  const attention =
    options.backend === "wasm"
      ? new LoopAttention(weights, layout)
      : new DeviceAttention(weights, layout);
  return new TfjsDecoder(weights, options.backend, layout, attention);
}

class TfjsDecoder implements Decoder {
  readonly architecture;
  readonly backend: BackendName;
  readonly #device: TfjsBackendName;
  readonly #layout: KvLayout;
  readonly #graph: BlockGraph;
  readonly #attention: Attention;
  #disposed = false;

  constructor(weights: Weights, device: TfjsBackendName, layout: KvLayout, attention: Attention) {
    this.architecture = weights.architecture;
    this.backend = device === "wasm" ? "tfjs" : device;
    this.#device = device;
    this.#layout = layout;
    this.#attention = attention;
    this.#graph = new BlockGraph(weights);
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
    assert(!this.#disposed, "the decoder was disposed of");
    const run = { tokens, conditions };
    assertTokens(this.architecture, run);
    assert(
      this.#layout.hasRoom(tokens.length),
      `${tokens.length} tokens at ${this.position} do not fit the context`,
    );
    let taken = 0;
    for (;;) {
      const chunk = sliceRun(run, taken, taken + this.#layout.chunkLimit);
      const { length } = chunk.tokens;
      taken += length;
      await activate(this.#device);
      const logits = this.#pass(chunk, taken === tokens.length);
      this.#layout.advance(length);
      if (logits) return this.#read(logits);
    }
  }

  decodeStep(token: number, conditions?: TokenConditions): Promise<Float32Array> {
    return this.prefill([token], conditions && [conditions]);
  }

  truncate(position: number): void {
    this.#layout.truncate(position);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#attention.dispose();
    this.#graph.dispose();
  }

  /** One pass without a wait; logits only where asked for. */
  #pass(run: TokenRun, wantLogits: boolean): tf.Tensor2D | undefined {
    let logits: tf.Tensor2D | undefined;
    tf.tidy(() => {
      const x = this.#graph.forward(run, this.position, this.#attention);
      if (wantLogits) logits = tf.keep(this.#graph.logits(x));
    });
    return logits;
  }

  async #read(logits: tf.Tensor2D): Promise<Float32Array> {
    try {
      return await logits.data<"float32">();
    } catch (cause) {
      throw new Failure(
        "unavailable",
        `The ${this.#device} device stopped answering; go on with the other backend, or reload.`,
        { cause },
      );
    } finally {
      logits.dispose();
    }
  }
}
