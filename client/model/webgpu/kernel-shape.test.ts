import { describe, expect, it } from "vitest";
import { randomWeights } from "#model/testing/random-weights.ts";
import {
  type AdapterTraits,
  assertShape,
  type KernelShape,
  kernelShape,
  shapeCandidates,
} from "./kernel-shape.ts";
import { sources } from "./program-sources.ts";
import { createWebgpuDecoder } from "./webgpu-decoder.ts";

const DESIGN = {
  vocabulary: 3088,
  dim: 512,
  depth: 12,
  heads: 10,
  headDim: 64,
  feedForward: 2048,
  contextLength: 512,
  positions: "rotary",
} as const;

describe("kernelShape", () => {
  const adapters = [true, false].flatMap((software) =>
    [0, 4, 8, 16, 32, 64, 128].map((subgroupSize) => ({ software, subgroupSize })),
  );
  it.each(adapters)("suits %j and stays within WebGPU's default limits", (traits) => {
    for (const shape of shapeCandidates(kernelShape(traits), traits)) assertLimits(shape, traits);
  });

  it("offers other shapes on every adapter, none twice", () => {
    for (const traits of adapters) {
      const shapes = shapeCandidates(kernelShape(traits), traits).map((shape) =>
        JSON.stringify(shape.packing),
      );
      expect(shapes.length).toBeGreaterThanOrEqual(4);
      expect(new Set(shapes).size).toBe(shapes.length);
    }
  });

  function assertLimits(shape: KernelShape, traits: AdapterTraits) {
    assertShape(shape, traits);
    const sizes = { architecture: DESIGN, shape, format: "int8", slots: 768, quads: 8 } as const;
    const batches = [4, 8].map((sequences) => ({ sequences, tail: 768 }));
    const forms = [1, "tiled", ...batches] as const;
    for (const text of forms.flatMap((pass) => Object.values(sources(sizes, pass)))) {
      const threads = Number(text.match(/@workgroup_size\((\d+)\)/)?.[1]);
      expect(threads).toBeGreaterThanOrEqual(4);
      expect(threads).toBeLessThanOrEqual(256);
      let bytes = 0;
      for (const [, type, count] of text.matchAll(
        /var<workgroup>[^;]*array<(vec4f|f32|u32), (\d+)>/g,
      ))
        bytes += Number(count) * (type === "vec4f" ? 16 : 4);
      expect(bytes).toBeLessThanOrEqual(16_384);
    }
  }

  it("refuses slices that do not fit a subgroup", () => {
    const shape = kernelShape({ software: false, subgroupSize: 32 });
    expect(() => assertShape(shape, { software: false, subgroupSize: 8 })).toThrow(/subgroup of 8/);
  });
});

it("says what to do where there is no WebGPU", async () => {
  const weights = randomWeights({ ...DESIGN, vocabulary: 8, dim: 8, depth: 1, feedForward: 8 }, 1);
  await expect(createWebgpuDecoder(weights, { prefixLength: 3 })).rejects.toMatchObject({
    kind: "unsupported",
    message: expect.stringContaining("use the CPU backend"),
  });
});
