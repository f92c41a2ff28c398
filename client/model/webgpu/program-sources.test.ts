/** Every text is compiled by Dawn, on its null backend: an adapter with all features, halves included, and no GPU. */
import { beforeAll, describe, expect, it } from "vitest";
import { create, globals } from "webgpu";
import { kernelShape, shapeCandidates } from "./kernel-shape.ts";
import { type ProgramSizes, sources } from "./program-sources.ts";

const STARTER = {
  vocabulary: 3088,
  dim: 256,
  depth: 6,
  heads: 4,
  headDim: 64,
  feedForward: 1024,
  contextLength: 512,
  positions: "rotary",
} as const;

// Held for as long as its device is used, or Dawn goes with it.
let gpu: GPU;
let device: GPUDevice;
beforeAll(async () => {
  Object.assign(globalThis, globals);
  gpu = create(["backend=null"]);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error("Dawn has no null backend here");
  device = await adapter.requestDevice({ requiredFeatures: ["subgroups", "shader-f16"] });
});

/** What the compiler has against a text, or undefined. */
async function complaint(code: string): Promise<string | undefined> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code });
  device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  return (await device.popErrorScope())?.message;
}

const adapters = {
  software: { software: true, subgroupSize: 4 },
  "software without subgroups": { software: true, subgroupSize: 0 },
  "GPU of 32": { software: false, subgroupSize: 32 },
  "GPU without subgroups": { software: false, subgroupSize: 0 },
};

describe.each(["f32", "f16", "f16 packed", "int8"] as const)("sources in %s", (format) => {
  it.each(Object.entries(adapters))("compile for %s", async (_, traits) => {
    for (const shape of shapeCandidates(kernelShape(traits), traits)) {
      const sizes: ProgramSizes = { architecture: STARTER, shape, format, slots: 768, quads: 8 };
      for (const pass of [1, "tiled", { sequences: 4, tail: 768 }] as const)
        for (const [name, text] of Object.entries(sources(sizes, pass)))
          expect([name, await complaint(text)]).toEqual([name, undefined]);
    }
  });
});

it("sources of models with biases compile", async () => {
  const architecture = { ...STARTER, positions: "absolute", biases: true } as const;
  for (const traits of Object.values(adapters)) {
    const shape = kernelShape(traits);
    const sizes = { architecture, shape, format: "int8", slots: 768, quads: 1 } as const;
    for (const pass of [1, "tiled"] as const)
      for (const [name, text] of Object.entries(sources(sizes, pass)))
        expect([name, await complaint(text)]).toEqual([name, undefined]);
  }
});

it("what does not compile is found", async () => {
  const shape = kernelShape(adapters.software);
  const sizes = { architecture: STARTER, shape, format: "f16", slots: 768, quads: 8 } as const;
  const { up } = sources(sizes, 1);
  expect(await complaint(up.replace("enable f16;", ""))).toMatch(/f16/);
});
