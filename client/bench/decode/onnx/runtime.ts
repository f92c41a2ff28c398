/**
 * Loads ONNX Runtime Web: in Node the build that runs there, in a page the one with WASM alone, which is not
 * slowed by what the WebGPU build needs to wait inside of WASM. Threads are left to its own default.
 */
import type * as Ort from "onnxruntime-web";

export type { Ort };

/** How many threads ONNX Runtime takes by itself. */
export const threadsOf = (ort: typeof Ort): number => ort.env.wasm.numThreads ?? 1;

/** The WASM runtime. @param paths folder of its binaries, a URL; in Node found by itself. */
export async function wasmRuntime(paths?: string): Promise<typeof Ort> {
  const ort = await (typeof document === "undefined"
    ? import("onnxruntime-web")
    : import("onnxruntime-web/wasm"));
  return configured(ort, paths);
}

/** The WebGPU runtime; in pages only. */
export async function webgpuRuntime(paths?: string): Promise<typeof Ort> {
  return configured(await import("onnxruntime-web/webgpu"), paths);
}

function configured(ort: typeof Ort, paths?: string): typeof Ort {
  if (paths !== undefined) ort.env.wasm.wasmPaths = paths;
  ort.env.logLevel = "error";
  return ort;
}
