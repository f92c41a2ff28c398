/** What the decode benchmark measures: models, decoders, places; and what it reports. Plain data, so that it
 * crosses from Node to a page and back. */
import type { Architecture } from "#model/manifest.ts";

/** The two sizes that ship, with rotary positions: only they can be measured after rolling. */
export const MODELS = {
  starter: size(256, 6, 4),
  design: size(512, 12, 10),
} as const satisfies Record<string, Architecture>;

/** Decoders that are measured against each other. */
export const DECODERS = ["own webgpu", "tfjs webgpu", "tfjs wasm"] as const;

export type ModelName = keyof typeof MODELS;
export type DecoderName = (typeof DECODERS)[number];

/** One run: one model, decoders in turn. */
export interface DecodePlan {
  readonly model: ModelName;
  readonly decoders: readonly DecoderName[];
  /** Steps measured at each context. */
  readonly steps: number;
  /** Folder of the tfjs WASM binaries; in Node found by itself. */
  readonly wasmPaths?: string;
}

/** Of many times, in milliseconds. */
export interface Spread {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** What one decoder showed. Times in milliseconds. */
export interface DecoderReport {
  readonly decoder: DecoderName;
  readonly model: ModelName;
  /** Against the reference, relative to the largest logit. */
  readonly error: number;
  /** From weights in memory to a decoder, kernels compiled. */
  readonly open: number;
  /** Time of the first three tokens, the prefix. */
  readonly firstTokens: number;
  /** A token, by what it sees: "64", "256", "500", "rolled". */
  readonly step: Readonly<Record<string, Spread>>;
  /** 256 tokens at once. */
  readonly prefill256: Spread;
  /** Of one step, where it runs on WebGPU. */
  readonly dispatches?: number;
  readonly submits?: number;
  /** Bytes of weights that a step reads. */
  readonly weightBytes: number;
}

/** What one place showed. */
export interface PlaceReport {
  /** "node" or "chromium". */
  readonly place: string;
  /** The WebGPU adapter, by name. */
  readonly adapter: string;
  readonly reports: readonly DecoderReport[];
}

function size(dim: number, depth: number, heads: number): Architecture {
  return {
    vocabulary: 3088,
    dim,
    depth,
    heads,
    headDim: 64,
    feedForward: 4 * dim,
    contextLength: 512,
    positions: "rotary",
  };
}
