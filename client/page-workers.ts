/** The threads of the page, and the binaries that they load; the build names all by their content. */
import type { Milliseconds } from "#base/brand.ts";
import type { WasmPaths } from "#model/tfjs/tfjs-backend.ts";
import { DecoderClient } from "#worker/decoder-client.ts";

/** Of TensorFlow.js, for browsers without SIMD. */
export const TFJS_BINARIES: WasmPaths = {
  "tfjs-backend-wasm.wasm": new URL(
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
    import.meta.url,
  ).href,
  "tfjs-backend-wasm-simd.wasm": new URL(
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    import.meta.url,
  ).href,
  "tfjs-backend-wasm-threaded-simd.wasm": new URL(
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm",
    import.meta.url,
  ).href,
};

/** Calls `run` every `interval`, in hidden tabs too. */
export const ticker = (run: () => void, interval: Milliseconds): void => {
  const worker = new Worker(new URL("./worker/ticker-worker.ts", import.meta.url), {
    type: "module",
  });
  worker.onmessage = run;
  worker.postMessage(interval);
};

/** A thread that composes; whoever opens it disposes it. */
export const openClient = (): DecoderClient =>
  new DecoderClient(
    new Worker(new URL("./worker/decoder-worker.ts", import.meta.url), { type: "module" }),
  );
