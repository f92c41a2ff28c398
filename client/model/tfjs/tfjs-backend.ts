/**
 * Brings up a TensorFlow.js backend. Backends are imported when they are wanted, so that a page on WebGPU
 * does not load the WASM binary's glue and the other way round. tfjs has one current backend for the whole
 * realm; `activate` makes ours current again before every pass, so that decoders can share a worker.
 */
import type { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { Failure } from "#base/failure.ts";

/** Backends of tfjs that we use. */
export type TfjsBackendName = "wasm" | "webgpu";

/** URLs of the three `tfjs-backend-wasm*.wasm` files by name, or of the folder that holds them, ending in a slash. */
export type WasmPaths = Parameters<typeof setWasmPaths>[0];

/** What starting a backend may need. */
export interface BackendOptions {
  /** In Node they are found without. */
  readonly wasmPaths?: WasmPaths;
}

/** Starts a backend, once, and makes it current. @throws Failure "unsupported" where it does not run. */
export async function startBackend(name: TfjsBackendName, options: BackendOptions): Promise<void> {
  try {
    if (name === "wasm") {
      const wasm = await import("@tensorflow/tfjs-backend-wasm");
      if (options.wasmPaths !== undefined) wasm.setWasmPaths(options.wasmPaths);
      // One thread: several need a page that is cross-origin isolated, and start workers of their own.
      tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    } else {
      await import("@tensorflow/tfjs-backend-webgpu");
    }
  } catch (cause) {
    throw notRunning(name, cause);
  }
  await activate(name);
}

/** Makes a started backend current. Until the next `await`, no one else can change it. */
export async function activate(name: TfjsBackendName): Promise<void> {
  while (tf.getBackend() !== name) {
    let ok: boolean;
    try {
      ok = await tf.setBackend(name);
    } catch (cause) {
      throw notRunning(name, cause);
    }
    if (!ok) throw notRunning(name);
  }
}

function notRunning(name: TfjsBackendName, cause?: unknown): Failure {
  const remedy =
    name === "wasm"
      ? "use a browser of the last five years, and check that the .wasm files are served"
      : "use the CPU backend, or a browser with WebGPU switched on";
  return new Failure("unsupported", `The ${name} backend does not start here; ${remedy}.`, {
    cause,
  });
}
