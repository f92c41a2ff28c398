/**
 * All compute programs of one model on one device, compiled asynchronously before they are needed and kept for
 * the next decoder, with the bind group layouts that the two forms of a program (one token, a tile) share.
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
import { subgroupAttentionProgram } from "./subgroup-attention-program.ts";
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

/** Pipelines of all programs in one form. */
export type Pipelines = Readonly<Record<ProgramName, GPUComputePipeline>>;

/** The programs of one model on one device; any number of decoders may share them. */
export interface Programs {
  readonly layouts: Readonly<Record<ProgramName, GPUBindGroupLayout>>;
  /** For passes of one token. */
  readonly decode: Pipelines;
  /** For passes of several. They compile while the first steps already run, and may be awaited. */
  readonly whenTiled: Promise<Pipelines>;
  /** The same, once they are there. */
  readonly tiled: Pipelines | undefined;
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
  const { by, threads } = shape.attention;
  const program = by === "subgroup" ? subgroupAttentionProgram : attentionProgram;
  const attention = program({ architecture, slots, quads }, threads);
  return {
    qkv: both("qkv", (spec) => qkvProgram(spec, { architecture, slots, quads })),
    attention: { decode: attention, tiled: attention },
    out: both("out", (spec) => residualProgram(spec, quads, false)),
    up: both("up", (spec) => upProgram(spec, quads)),
    down: both("down", (spec) => residualProgram(spec, quads, true)),
    logits: both("logits", (spec) => logitsProgram(spec, quads)),
  };
}

const compiled = new WeakMap<GPUDevice, Map<string, Promise<Programs>>>();

/** The programs for these sizes, compiled at the first call. Rejects with what the compiler says. */
export function programsFor(device: GPUDevice, sizes: ProgramSizes): Promise<Programs> {
  const ofDevice = compiled.get(device) ?? new Map<string, Promise<Programs>>();
  compiled.set(device, ofDevice);
  const key = JSON.stringify(sizes);
  const programs = ofDevice.get(key) ?? compile(device, sizes);
  ofDevice.set(key, programs);
  programs.catch(() => ofDevice.delete(key));
  return programs;
}

async function compile(device: GPUDevice, sizes: ProgramSizes): Promise<Programs> {
  const texts = sources(sizes);
  const layouts = mapPrograms((name) => bindGroupLayout(device, name));
  const pipelines = async (form: "decode" | "tiled", known?: Pipelines): Promise<Pipelines> => {
    const made = mapPrograms((name) => {
      const { decode, tiled } = texts[name];
      if (known && tiled === decode) return known[name];
      return device.createComputePipelineAsync({
        label: `${name} ${form}`,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layouts[name]] }),
        compute: {
          module: device.createShaderModule({ label: `${name} ${form}`, code: texts[name][form] }),
          entryPoint: "main",
        },
      });
    });
    const ready = await Promise.all(Object.values(made));
    return mapPrograms((name) => ready[Object.keys(made).indexOf(name)]);
  };
  const decode = await pipelines("decode");
  const whenTiled = pipelines("tiled", decode);
  const programs = { layouts, decode, whenTiled, tiled: undefined as Pipelines | undefined };
  whenTiled.then(
    (tiled) => {
      programs.tiled = tiled;
    },
    // Whoever needs them awaits `whenTiled` and is told.
    () => undefined,
  );
  return programs;
}

function bindGroupLayout(device: GPUDevice, name: ProgramName): GPUBindGroupLayout {
  const entries = [...BINDINGS[name]].map((access, binding) => ({
    binding,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: access === "w" ? ("storage" as const) : ("read-only-storage" as const) },
  }));
  return device.createBindGroupLayout({ label: name, entries });
}

function mapPrograms<T>(make: (name: ProgramName) => T): Record<ProgramName, T> {
  const names = Object.keys(BINDINGS) as ProgramName[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<ProgramName, T>;
}
