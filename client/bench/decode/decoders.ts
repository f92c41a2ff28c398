/**
 * Every decoder that can be measured, ours and others', by name; a new one is one more entry in `DECODERS`. What
 * it takes to open one, and what it must agree with before it is timed.
 */
import { Failure } from "#base/failure.ts";
import type { Decoder } from "#model/decoder.ts";
import {
  F16_RELATIVE_ERROR,
  F32_RELATIVE_ERROR,
  INT8_RELATIVE_ERROR,
} from "#model/testing/tolerances.ts";
import { createTfjsDecoder } from "#model/tfjs/tfjs-decoder.ts";
import { createWasmDecoder } from "#model/wasm/wasm-decoder.ts";
import { sharedDevice } from "#model/webgpu/device.ts";
import { createWebgpuDecoder } from "#model/webgpu/webgpu-decoder.ts";
import type { WeightFormat } from "#model/webgpu/weight-format.ts";
import type { Weights } from "#model/weights/weights.ts";
import { type DecodePlan, PREFIX_LENGTH } from "./decode-plan.ts";
import type { Float } from "./onnx/graph.ts";
import type { LinearName } from "./onnx/linear.ts";
import { createOrtWasmDecoder } from "./onnx/wasm-decoder.ts";
import { createOrtWebgpuDecoder } from "./onnx/webgpu-decoder.ts";

/** A decoder ready to be measured. */
export interface Opened {
  readonly decoder: Decoder;
  /** Bytes of weights that a step reads. */
  readonly weightBytes: number;
  /** For decoders that cannot roll: see `leap` in onnx/. */
  readonly leap?: (position: number) => void;
  /** Milliseconds of opening that a user would not wait: making a file that would be there. */
  readonly uncounted?: number;
  readonly note?: string;
}

/** One way to decode. */
export interface DecoderEntry {
  /** What has to be right: the model itself, or the same model with its matrices rounded to 8 bits. */
  readonly oracle: "reference" | "quantised reference";
  /** Relative error that is allowed. */
  readonly tolerance: number;
  /** Whether it runs on WebGPU. */
  readonly gpu: boolean;
  /** @throws Failure "unsupported" where it does not run here. */
  open(weights: Weights, plan: DecodePlan): Promise<Opened>;
}

/** Weights and activations in 8 bits, against the model itself: what ONNX Runtime's own quantisation costs. */
const QUANTISED_PEER_ERROR = 5e-2;

/** All decoders, by name. */
export const DECODERS: Readonly<Record<string, DecoderEntry>> = {
  "own webgpu f32": ownWebgpu("f32"),
  "own webgpu f16": ownWebgpu("f16"),
  "own webgpu int8": ownWebgpu("int8"),
  "own wasm int8": {
    oracle: "quantised reference",
    tolerance: INT8_RELATIVE_ERROR,
    gpu: false,
    open: async (weights) => ({
      decoder: await createWasmDecoder(weights, { prefixLength: PREFIX_LENGTH }),
      weightBytes: matrixNumbers(weights),
    }),
  },
  "tfjs webgpu": tfjs("webgpu"),
  "tfjs wasm": tfjs("wasm"),
  "ort webgpu f32": ortWebgpu("f32"),
  "ort webgpu f16": ortWebgpu("f16"),
  "ort wasm f32": ortWasm("f32", F32_RELATIVE_ERROR),
  "ort wasm int8": ortWasm("int8 dynamic", QUANTISED_PEER_ERROR),
  "ort wasm int8 blocks": ortWasm("int8 blocks", QUANTISED_PEER_ERROR),
};

/** What is measured unless something else is asked for. Blocks are left out: they are five times as slow. */
export const DEFAULT_DECODERS = Object.keys(DECODERS).filter((name) => !name.endsWith("blocks"));

function ownWebgpu(format: WeightFormat): DecoderEntry {
  return {
    oracle: format === "int8" ? "quantised reference" : "reference",
    tolerance: { f32: F32_RELATIVE_ERROR, f16: F16_RELATIVE_ERROR, int8: INT8_RELATIVE_ERROR }[
      format
    ],
    gpu: true,
    open: async (weights, { isDefault }) => {
      const device = await sharedDevice();
      if (isDefault && format === "f16" && !device.features.has("shader-f16"))
        throw new Failure(
          "unsupported",
          "The adapter has no shader-f16, so halves are unpacked by hand; name it to measure it all the same.",
        );
      const options = { prefixLength: PREFIX_LENGTH, weights: format };
      const decoder = await createWebgpuDecoder(weights, options);
      return { decoder, weightBytes: decoder.stepCost.weightBytes };
    },
  };
}

function tfjs(backend: "webgpu" | "wasm"): DecoderEntry {
  return {
    oracle: "reference",
    tolerance: F32_RELATIVE_ERROR,
    gpu: backend === "webgpu",
    open: async (weights, { tfjsPaths }) => {
      // Opens the device first, so that all share one, with the same features.
      if (backend === "webgpu") await sharedDevice();
      const decoder = await createTfjsDecoder(weights, {
        backend,
        prefixLength: PREFIX_LENGTH,
        ...(tfjsPaths !== undefined && { wasmPaths: tfjsPaths }),
      });
      return { decoder, weightBytes: 4 * matrixNumbers(weights) };
    },
  };
}

function ortWasm(linear: LinearName, tolerance: number): DecoderEntry {
  return {
    oracle: "reference",
    tolerance,
    gpu: false,
    open: async (weights, { ortPaths }) => {
      const options = { prefixLength: PREFIX_LENGTH, linear, ...(ortPaths && { ortPaths }) };
      const decoder = await createOrtWasmDecoder(weights, options);
      const { weightBytes, threads, written } = decoder;
      return {
        decoder,
        weightBytes,
        leap: (position) => decoder.leap(position),
        uncounted: written,
        note: `threads: ${threads}`,
      };
    },
  };
}

function ortWebgpu(float: Float): DecoderEntry {
  return {
    oracle: "reference",
    tolerance: float === "f16" ? F16_RELATIVE_ERROR : F32_RELATIVE_ERROR,
    gpu: true,
    open: async (weights, { ortPaths }) => {
      if (typeof document === "undefined")
        throw new Failure(
          "unsupported",
          "ONNX Runtime Web offers no WebGPU in Node; see it in Chromium.",
        );
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) throw new Failure("unsupported", "There is no WebGPU here.");
      if (float === "f16" && !adapter.features.has("shader-f16"))
        throw new Failure("unsupported", "The adapter has no shader-f16, which this needs.");
      const options = { float, linear: float, ...(ortPaths && { ortPaths }) };
      const decoder = await createOrtWebgpuDecoder(weights, options);
      return {
        decoder,
        weightBytes: decoder.weightBytes,
        leap: (position) => decoder.leap(position),
        uncounted: decoder.written,
      };
    },
  };
}

/** Numbers of all matrices that a token is multiplied with. */
function matrixNumbers({ architecture }: Weights): number {
  const { dim, depth, heads, headDim, feedForward, vocabulary } = architecture;
  return depth * (4 * dim * heads * headDim + 2 * dim * feedForward) + dim * vocabulary;
}
