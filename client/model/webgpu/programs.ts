/**
 * All compute programs of one model on one device, compiled asynchronously before they are needed and kept for
 * the next decoder, with the bind group layouts that the two forms of a program (one token, a tile) share.
 */
import {
  type BatchSizes,
  type ProgramName,
  type ProgramSizes,
  sources,
} from "./program-sources.ts";

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
/** The same in architectures with biases, where these have one. */
const BINDINGS_WITH_BIASES: typeof BINDINGS = {
  ...BINDINGS,
  qkv: "rrrwwwr",
  out: "rrrwr",
  logits: "rrrwr",
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
  /** For one token of each sequence of a batch, compiled at the first call. */
  forBatch(batch: BatchSizes): Promise<Pipelines>;
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

/** Only those for passes of one token, for whoever wants no more of them than a trial. */
export async function decodeProgramsFor(
  device: GPUDevice,
  sizes: ProgramSizes,
): Promise<Pick<Programs, "layouts" | "decode" | "tiled">> {
  const layouts = bindGroupLayouts(device, sizes);
  const decode = await pipelines(device, layouts, "trial", sources(sizes, 1));
  return { layouts, decode, tiled: undefined };
}

async function compile(device: GPUDevice, sizes: ProgramSizes): Promise<Programs> {
  const layouts = bindGroupLayouts(device, sizes);
  const oneToken = sources(sizes, 1);
  const decode = await pipelines(device, layouts, "decode", oneToken);
  const batches = new Map<string, Promise<Pipelines>>();
  const programs = {
    layouts,
    decode,
    whenTiled: tiledPipelines(device, layouts, sizes, oneToken, decode),
    tiled: undefined as Pipelines | undefined,
    forBatch(batch: BatchSizes): Promise<Pipelines> {
      const key = `batch of ${batch.sequences}, tails of ${batch.tail}`;
      const made = batches.get(key) ?? pipelines(device, layouts, key, sources(sizes, batch));
      batches.set(key, made);
      made.catch(() => batches.delete(key));
      return made;
    },
  };
  programs.whenTiled.then(
    (tiled) => {
      programs.tiled = tiled;
    },
    // Whoever needs them awaits `whenTiled` and is told.
    () => undefined,
  );
  return programs;
}

type Layouts = Programs["layouts"];

/** Those whose text is that of `decode` are not compiled again. */
async function tiledPipelines(
  device: GPUDevice,
  layouts: Layouts,
  sizes: ProgramSizes,
  oneToken: Record<ProgramName, string>,
  decode: Pipelines,
): Promise<Pipelines> {
  const texts = sources(sizes, "tiled");
  const changed = Object.entries(texts).filter(
    ([name, text]) => oneToken[name as ProgramName] !== text,
  );
  return { ...decode, ...(await pipelines(device, layouts, "tiled", Object.fromEntries(changed))) };
}

async function pipelines(
  device: GPUDevice,
  layouts: Layouts,
  form: string,
  texts: Partial<Record<ProgramName, string>>,
): Promise<Pipelines> {
  const made = Object.entries(texts).map(async ([name, code]) => {
    const label = `${name} ${form}`;
    const pipeline = await device.createComputePipelineAsync({
      label,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layouts[name as ProgramName]] }),
      compute: { module: device.createShaderModule({ label, code }), entryPoint: "main" },
    });
    return [name, pipeline] as const;
  });
  return Object.fromEntries(await Promise.all(made)) as Pipelines;
}

function bindGroupLayouts(device: GPUDevice, { architecture }: ProgramSizes): Layouts {
  const bindings = architecture.biases ? BINDINGS_WITH_BIASES : BINDINGS;
  return mapPrograms((name) => bindGroupLayout(device, name, bindings[name]));
}

function bindGroupLayout(
  device: GPUDevice,
  name: ProgramName,
  bindings: Bindings,
): GPUBindGroupLayout {
  const entries = [...bindings].map((access, binding) => ({
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
