/**
 * The soak (soak.ts) of own WebGPU kernels, on devices of its own whose buffers are counted and which are lost now
 * and then.
 */
import { QuantisedReference } from "../reference/quantised-reference.ts";
import { ReferenceModel } from "../reference/reference-model.ts";
import { createWebgpuDecoder } from "../webgpu/webgpu-decoder.ts";
import { countedBuffers } from "./counted-buffers.ts";
import { type SoakedModel, type SoakReport, soak, soakedWeights } from "./soak.ts";
import { F32_RELATIVE_ERROR, INT8_RELATIVE_ERROR } from "./tolerances.ts";

const alive = new Set<GPUBuffer>();

/** A device of its own, whose buffers are counted. */
async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice({ requiredFeatures: ["subgroups"] });
  countedBuffers(device, alive);
  return device;
}

/** Soaks a small model for `steps` tokens. `buffers`: those left behind once all is closed. */
export async function soakWebgpu(
  model: SoakedModel,
  format: "f32" | "int8",
  steps: number,
): Promise<SoakReport & { buffers: number }> {
  const weights = soakedWeights(model);
  const devices: GPUDevice[] = [];
  const report = await soak(
    {
      weights,
      make: async (options) => {
        const device = await openDevice();
        devices.push(device);
        const decoder = await createWebgpuDecoder(weights, { ...options, device, weights: format });
        return { decoder, lose: () => device.destroy() };
      },
      ...(format === "f32"
        ? { oracle: new ReferenceModel(weights, 3), tolerance: F32_RELATIVE_ERROR }
        : { oracle: new QuantisedReference(weights, 3), tolerance: INT8_RELATIVE_ERROR }),
      alive: () => ({
        buffers: alive.size,
        bytes: [...alive].reduce((sum, { size }) => sum + size, 0),
      }),
    },
    steps,
    3,
  );
  for (const device of devices) device.destroy();
  return { ...report, buffers: alive.size };
}
