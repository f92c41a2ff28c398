/**
 * The WebGPU device that TensorFlow.js and our kernels share. If tfjs has none yet, we open it and hand it to
 * tfjs, because tfjs itself would not ask for subgroups; if tfjs was first, its device is taken as it is.
 * A device that was lost is replaced on the next call.
 */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { Failure } from "#base/failure.ts";

const WANTED_FEATURES: readonly GPUFeatureName[] = ["subgroups", "shader-f16", "timestamp-query"];

/** Limits that tfjs raises to what the adapter has; our kernels live within the defaults. */
const RAISED_LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** The device is gone: everything on it too. Open a decoder anew; it gets a new device if there is one. */
export class DeviceLost extends Failure {
  /** @param detail what the browser says about it. */
  constructor(detail: string, options?: ErrorOptions) {
    super(
      "unavailable",
      `The GPU was lost (${detail}); open the model again, or go on with the CPU backend.`,
      options,
    );
  }
}

const lost = new WeakSet<GPUDevice>();
let opening: Promise<GPUDevice> | undefined;

/** The shared device, opened at the first call. @throws Failure "unsupported" where there is no WebGPU. */
export function sharedDevice(): Promise<GPUDevice> {
  opening = (opening ?? Promise.reject(new Error("none yet")))
    .then(alive, () => open())
    .catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
  return opening;
}

function alive(device: GPUDevice): GPUDevice | Promise<GPUDevice> {
  return lost.has(device) ? open() : device;
}

async function open(): Promise<GPUDevice> {
  if (globalThis.navigator?.gpu === undefined) throw noWebgpu();
  let webgpu: typeof import("@tensorflow/tfjs-backend-webgpu");
  try {
    webgpu = await import("@tensorflow/tfjs-backend-webgpu");
  } catch (cause) {
    throw noWebgpu(cause);
  }
  const ofTfjs = (tf.engine().registry.webgpu as WebGPUBackend | undefined)?.device;
  if (ofTfjs !== undefined) {
    watch(ofTfjs);
    // `lost` is settled before this when the device is gone already.
    await Promise.resolve();
    if (!lost.has(ofTfjs)) return ofTfjs;
  }
  const device = await request();
  watch(device);
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new webgpu.WebGPUBackend(device, device.adapterInfo), 3);
  return device;
}

async function request(): Promise<GPUDevice> {
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) throw noWebgpu();
    return await adapter.requestDevice({
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]])),
    });
  } catch (cause) {
    throw cause instanceof Failure ? cause : noWebgpu(cause);
  }
}

function watch(device: GPUDevice): void {
  void device.lost.then(() => lost.add(device));
}

function noWebgpu(cause?: unknown): Failure {
  return new Failure(
    "unsupported",
    "There is no WebGPU here; use the CPU backend, or a browser with WebGPU switched on.",
    { cause },
  );
}
