import { expect, it } from "vitest";
import { randomWeights } from "./random-weights.ts";
import { ReferenceModel } from "./reference/reference-model.ts";
import { soak } from "./soak.ts";
import { F32_RELATIVE_ERROR } from "./tolerances.ts";
import { createWebgpuDecoder } from "./webgpu/webgpu-decoder.ts";

/** Fewer than in Node: a step on an emulated GPU takes milliseconds. */
const STEPS = 2000;

const alive = new Set<GPUBuffer>();

/** A device of its own, whose buffers are counted. */
async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice({ requiredFeatures: ["subgroups"] });
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.delete(buffer);
      destroy();
    };
    alive.add(buffer);
    return buffer;
  };
  return device;
}

it.each(["rotary", "absolute"] as const)(
  "a soak of own kernels, %s: right over lost devices, and no buffer is left behind",
  async (positions) => {
    const weights = randomWeights(
      {
        vocabulary: 60,
        dim: 16,
        depth: 2,
        heads: 2,
        headDim: 8,
        feedForward: 32,
        contextLength: 48,
        positions,
      },
      1,
    );
    const devices: GPUDevice[] = [];
    const report = await soak(
      {
        weights,
        make: async (options) => {
          const device = await openDevice();
          devices.push(device);
          const decoder = await createWebgpuDecoder(weights, {
            ...options,
            device,
            weights: "f32",
          });
          return { decoder, lose: () => device.destroy() };
        },
        oracle: new ReferenceModel(weights, 3),
        tolerance: F32_RELATIVE_ERROR,
        alive: () => ({
          buffers: alive.size,
          bytes: [...alive].reduce((sum, { size }) => sum + size, 0),
        }),
        lossShare: 0.05,
      },
      STEPS,
      3,
    );
    for (const device of devices) device.destroy();
    expect(alive.size).toBe(0);
    expect(report.losses).toBeGreaterThanOrEqual(3);
    expect(report.checks).toBeGreaterThan(30);
    expect(report.otherDraws).toBe(0);
  },
);
