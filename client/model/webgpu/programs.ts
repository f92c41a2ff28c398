/**
 * All compute programs of one model on one adapter, compiled asynchronously before the first step, with the
 * bind group layouts that the two forms of a program (one token, a tile of tokens) share.
 */
import { normEpsilon } from "../folded-weights.ts";
import type { Architecture } from "../manifest.ts";
import { attentionProgram } from "./attention-program.ts";
import type { KernelShape } from "./kernel-shape.ts";
import { logitsProgram } from "./logits-program.ts";
import type { ProductSpec } from "./matrix-product.ts";
import { type PackedExtent, packedExtent } from "./packed-matrix.ts";
import { qkvProgram } from "./qkv-program.ts";
import { residualProgram } from "./residual-program.ts";
import { upProgram } from "./up-program.ts";

/** Names of the programs, in the order in which a layer runs them; logits come last. */
export type ProgramName = "qkv" | "attention" | "out" | "up" | "down" | "logits";

/** Access to each binding, by number: read or write. */
type Bindings = string;
const BINDINGS: Readonly<Record<ProgramName, Bindings>> = {
  qkv: "rrrwww",
  attention: "rrrrw",
  out: "rrrw",
  up: "rrrwr",
  down: "rrrwr",
  logits: "rrrw",
};

/** One program, ready to run. */
export interface Program {
  readonly layout: GPUBindGroupLayout;
  /** For a pass of one token. */
  readonly decode: GPUComputePipeline;
  /** For a pass of several. */
  readonly tiled: GPUComputePipeline;
}

/** What the programs are made for. */
export interface ProgramSizes {
  readonly architecture: Architecture;
  readonly shape: KernelShape;
  /** Slots of a cache, a multiple of 4. */
  readonly slots: number;
  /** See `TokenRecords.quads`. */
  readonly quads: number;
}

/** Extents of the matrices, by program. */
export function extents({
  architecture,
  shape,
}: ProgramSizes): Record<Exclude<ProgramName, "attention">, PackedExtent> {
  const { dim, heads, headDim, feedForward, vocabulary } = architecture;
  const inner = heads * headDim;
  const extent = (inputs: number, outputs: number) => packedExtent(inputs, outputs, shape.packing);
  return {
    qkv: extent(dim, 3 * inner),
    out: extent(inner, dim),
    up: extent(dim, feedForward),
    down: extent(feedForward, dim),
    logits: extent(dim, vocabulary),
  };
}

/** WGSL of every program, for one token and for several. */
export function sources(
  sizes: ProgramSizes,
): Record<ProgramName, { readonly decode: string; readonly tiled: string }> {
  const { architecture, shape, slots, quads } = sizes;
  const extent = extents(sizes);
  const norm = normEpsilon(architecture);
  const both = (name: Exclude<ProgramName, "attention">, source: (spec: ProductSpec) => string) => {
    const normed = name === "qkv" || name === "up" || name === "logits";
    const spec = { extent: extent[name], shape, ...(normed && { norm }) };
    return {
      decode: source({ ...spec, tokens: "decode" }),
      tiled: source({ ...spec, tokens: name === "logits" ? "decode" : "tiled" }),
    };
  };
  const attention = attentionProgram(shape, { architecture, slots, quads });
  return {
    qkv: both("qkv", (spec) => qkvProgram(spec, { architecture, slots, quads })),
    attention: { decode: attention, tiled: attention },
    out: both("out", (spec) => residualProgram(spec, quads, false)),
    up: both("up", (spec) => upProgram(spec, quads)),
    down: both("down", (spec) => residualProgram(spec, quads, true)),
    logits: both("logits", (spec) => logitsProgram(spec, quads)),
  };
}

/** Compiles all programs. Rejects with what the compiler says. */
export async function compilePrograms(
  device: GPUDevice,
  sizes: ProgramSizes,
): Promise<Record<ProgramName, Program>> {
  const compiled = Object.entries(sources(sizes)).map(async ([name, { decode, tiled }]) => {
    const entries = [...BINDINGS[name as ProgramName]].map((access, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: access === "w" ? ("storage" as const) : ("read-only-storage" as const) },
    }));
    const layout = device.createBindGroupLayout({ label: name, entries });
    const pipeline = (code: string, form: string) =>
      device.createComputePipelineAsync({
        label: `${name} ${form}`,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: {
          module: device.createShaderModule({ label: `${name} ${form}`, code }),
          entryPoint: "main",
        },
      });
    const forOne = pipeline(decode, "decode");
    const forMany = tiled === decode ? forOne : pipeline(tiled, "tiled");
    return [name, { layout, decode: await forOne, tiled: await forMany }] as const;
  });
  return Object.fromEntries(await Promise.all(compiled)) as Record<ProgramName, Program>;
}
