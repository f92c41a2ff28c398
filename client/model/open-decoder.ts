/**
 * Chooses what runs the model here, and says why in plain words. Backends are tried in order of speed; one
 * that is not there, or does not start, costs a note and not the music. A new backend is one more entry in
 * `BACKENDS`.
 */
import { Failure } from "#base/failure.ts";
import { type Remark, remark } from "#base/remark.ts";
import type { BackendName, Decoder } from "./decoder.ts";
import type { TextStore } from "./text-store.ts";
import type { WasmPaths } from "./tfjs/tfjs-backend.ts";
import { createTfjsDecoder } from "./tfjs/tfjs-decoder.ts";
import { hasSimd } from "./wasm/kernel.ts";
import { createWasmDecoder } from "./wasm/wasm-decoder.ts";
import type { Tuning } from "./webgpu/tuned-shape.ts";
import { createWebgpuDecoder } from "./webgpu/webgpu-decoder.ts";
import type { Weights } from "./weights/weights.ts";

/** What a backend needs to make a decoder. */
export interface DecoderOptions {
  /** Tokens pinned at the start of the sequence. */
  readonly prefixLength: number;
  /** Where the tfjs WASM binaries are; in Node they are found without. */
  readonly wasmPaths?: WasmPaths;
  /** Remembers how kernels are best laid out on this machine; without it they are laid out as usual. */
  readonly shapes?: TextStore;
}

/** One way to run a model. */
export interface DecoderBackend {
  readonly name: BackendName;
  /** Why it should not be chosen here, or undefined if nothing speaks against it. */
  whyNot(): Promise<Remark | undefined>;
  /** @throws Failure where it does not start. */
  make(weights: Weights, options: DecoderOptions): Promise<Decoder>;
}

/** How to choose. */
export interface OpenOptions extends DecoderOptions {
  /** Tried first, whatever speaks against it. */
  readonly prefer?: BackendName;
  /** Fastest first; by default all that there are. */
  readonly backends?: readonly DecoderBackend[];
}

/** A decoder, and why no faster backend runs it; the caller disposes it. */
export interface OpenedDecoder {
  readonly decoder: Decoder;
  readonly remarks: readonly Remark[];
}

/** All backends, fastest first. */
export const BACKENDS: readonly DecoderBackend[] = [
  {
    name: "webgpu",
    whyNot: () => whyNoGpu(globalThis.navigator?.gpu),
    make: (weights, { prefixLength, shapes }) =>
      // The same weights on every adapter, so that a seed plays the same notes.
      createWebgpuDecoder(weights, { prefixLength, weights: "int8", ...tuned(shapes) }),
  },
  {
    name: "wasm",
    whyNot: async () => (hasSimd() ? undefined : remark("no-simd", {})),
    make: (weights, { prefixLength }) => createWasmDecoder(weights, { prefixLength }),
  },
  {
    name: "tfjs",
    whyNot: async () => undefined,
    make: (weights, options) => createTfjsDecoder(weights, { ...options, backend: "wasm" }),
  },
];

/** Kernels are laid out for this very adapter where it can be remembered how; nobody has to be told of it. */
function tuned(store: TextStore | undefined): { tuning?: Tuning } {
  return store === undefined ? {} : { tuning: { store, report: (note) => console.info(note) } };
}

/**
 * A decoder on the fastest backend that starts here.
 * @throws Failure "unsupported" with every backend's reason if none does; whatever is not a `Failure`.
 */
export async function openDecoder(weights: Weights, options: OpenOptions): Promise<OpenedDecoder> {
  const { prefer, backends = BACKENDS } = options;
  const preferred = backends.filter(({ name }) => name === prefer);
  const others = backends.filter(({ name }) => name !== prefer);
  const remarks: Remark[] = [];
  if (prefer && preferred.length === 0) remarks.push(remark("unknown-backend", { name: prefer }));
  for (const backend of [...preferred, ...others]) {
    const whyNot = backend.name === prefer ? undefined : await backend.whyNot();
    if (whyNot !== undefined) {
      remarks.push(whyNot);
      continue;
    }
    try {
      return { decoder: await backend.make(weights, options), remarks };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      remarks.push(error.remark);
    }
  }
  const reasons = remarks.map(({ code, parameters }) =>
    "sentence" in parameters ? parameters.sentence : `${code}.`,
  );
  throw new Failure("unsupported", `Nothing here can run the model: ${reasons.join(" ")}`);
}

/** Why not to use WebGPU. @param gpu `navigator.gpu` where there is one. */
export async function whyNoGpu(gpu: GPU | undefined): Promise<Remark | undefined> {
  if (!gpu) return remark("no-webgpu", {});
  const adapter = await gpu.requestAdapter();
  if (!adapter) return remark("no-graphics-adapter", {});
  const { architecture = "", description = "" } = adapter.info ?? {};
  // Chromium without a GPU emulates one on the CPU, which is slower than the CPU itself.
  if (adapter.info?.isFallbackAdapter || /swiftshader|llvmpipe/i.test(architecture + description))
    return remark("webgpu-emulated", {});
  return undefined;
}
