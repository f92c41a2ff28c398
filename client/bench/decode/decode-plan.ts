/** What the decode benchmark measures: models, decoders, places; and what it reports. Plain data, so that it
 * crosses from Node to a page and back. */
import type { Architecture } from "#model/weights/manifest.ts";

/** The sizes that ship and the design's, with rotary positions: only they can be measured after rolling. */
export const MODELS = {
  starter: size(256, 5, 4),
  band: size(256, 5, 4, 1024),
  design: size(512, 12, 10),
} as const satisfies Record<string, Architecture>;

/** Tokens that are pinned, as in the instrument: START, drums, lead. */
export const PREFIX_LENGTH = 3;

/** Where decoders are measured: tokens taken before. At "far" the window has long rolled. */
export const CONTEXTS = [
  ["start", 8],
  ["64", 64],
  ["256", 256],
  ["500", 500],
  ["far", 5000],
] as const;
export type ContextName = (typeof CONTEXTS)[number][0];

export type ModelName = keyof typeof MODELS;

/** One run: one model, decoders in turn. */
export interface DecodePlan {
  readonly model: ModelName;
  /** Names from decoders.ts. */
  readonly decoders: readonly string[];
  /** Whether these are what is measured by default; then Node leaves out WebGPU where it is emulated. */
  readonly isDefault: boolean;
  /** Steps measured at each context. */
  readonly steps: number;
  /** Why not to measure on WebGPU, if there is a reason. */
  readonly noGpu?: string;
  /** Folders of binaries, URLs; in Node they are found by themselves. */
  readonly tfjsPaths?: string;
  readonly ortPaths?: string;
}

/** Of many times, in milliseconds. */
export interface Spread {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly count: number;
}

/** Steps at one context. */
export interface ContextReport extends Spread {
  /** Tokens taken before; less than wanted at "far" where a prefill of all would take minutes. */
  readonly position: number;
  /** At "far": the same of a twin before its window is full, which took turns with it, so that a machine's drift meets both. */
  readonly twin?: Spread;
}

/** What one decoder showed. Times in milliseconds. */
export interface DecoderReport {
  readonly decoder: string;
  readonly model: ModelName;
  /** Against the float64 reference of the unrounded model, relative to the largest logit. */
  readonly error: number;
  /** The same against the reference of the same 8-bit weights, where the decoder has them. */
  readonly ownError?: number;
  /** What `ownError`, or without one `error`, had to stay under. */
  readonly tolerance: number;
  /** From weights in memory to a decoder. */
  readonly open: number;
  /** From weights in memory to the first token after the prefix: opening, prefix, one step. */
  readonly firstToken: number;
  /** A token, by what it sees. */
  readonly step: Readonly<Partial<Record<ContextName, ContextReport>>>;
  /** Of `tokens` tokens at once, from the start. */
  readonly prefill: { readonly tokens: number; readonly milliseconds: number };
  /** Of one step, where it runs on WebGPU. */
  readonly dispatches?: number;
  readonly submits?: number;
  /** Bytes of weights that a step reads. */
  readonly weightBytes: number;
  /** Bytes that opening and first use added. */
  readonly deviceBytes: number;
  readonly wasmBytes: number;
  readonly note?: string;
}

/** Weights read once and nothing else, taking turns with the decoders. */
export interface LimitReport {
  readonly on: "cpu" | "gpu";
  readonly bytes: number;
  readonly time: Spread;
}

/** Sequences decoded together. */
export interface BatchReport {
  readonly decoder: string;
  readonly model: ModelName;
  /** A step of so many sequences, and of one, taking turns. */
  readonly sequences: number;
  readonly together: Spread;
  readonly one: Spread;
}

/** What one model showed in one place. */
export interface ModelReport {
  readonly model: ModelName;
  readonly decoders: readonly DecoderReport[];
  readonly limits: readonly LimitReport[];
  readonly batches: readonly BatchReport[];
  /** JavaScript's heap with all decoders open, garbage included, where something tells. */
  readonly heapBytes?: number;
  /** What was asked for and cannot run here, and why. */
  readonly left: readonly { readonly decoder: string; readonly why: string }[];
}

/** The shipped model from weights in the browser's cache: medians, in milliseconds. */
export interface FirstTokenReport {
  readonly backend: string;
  readonly model: string;
  /** To verified weights in memory. */
  readonly load: number;
  /** To the logits of the first token. */
  readonly firstToken: number;
}

/** What one place showed. */
export interface PlaceReport {
  /** "node" or "chromium". */
  readonly place: string;
  /** The WebGPU adapter, by name. */
  readonly adapter: string;
  readonly models: readonly ModelReport[];
  /** In a browser, where all that is measured by default was asked for. */
  readonly firstTokens?: readonly FirstTokenReport[];
}

function size(dim: number, depth: number, heads: number, contextLength = 512): Architecture {
  return {
    vocabulary: 3088,
    dim,
    depth,
    heads,
    headDim: 64,
    feedForward: 4 * dim,
    contextLength,
    positions: "rotary",
  };
}
