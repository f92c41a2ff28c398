/**
 * The kernel shape that is fastest on this very adapter for this very model: whole steps are timed on buffers of the
 * model's size (zeros, since times do not depend on values), before the weights themselves take the memory. By the
 * clock of the page and not by timestamp queries, which browsers coarsen and which leave out what recording costs.
 *
 * The first visit may find that compilers need longer than there is time. Then nothing is remembered, and the next
 * visit, whose compilers have caches, tries again.
 */
import { AssertionError } from "#base/assert.ts";
import { describeError } from "#base/failure.ts";
import type { TextStore } from "../text-store.ts";
import type { TokenRun } from "../token-run.ts";
import { CommandPlan } from "./command-plan.ts";
import { accepted, DeviceMemory } from "./device-memory.ts";
import type { DeviceBlock } from "./device-weights.ts";
import { fastest } from "./fastest.ts";
import { type AdapterTraits, type KernelShape, shapeCandidates } from "./kernel-shape.ts";
import { extents, type MatrixName, type ProgramSizes } from "./program-sources.ts";
import { decodeProgramsFor } from "./programs.ts";
import type { TokenRecords } from "./token-record.ts";
import { matrixBytes } from "./weight-format.ts";

/** Steps that are timed together, so that the queue is never empty in between. */
const STEPS = 8;
/** Part of a key; goes up when kernels change so that other shapes may be best. */
const VERSION = 1;

/** How to look for a shape. */
export interface Tuning {
  readonly store: TextStore;
  /** Milliseconds for compilers, and as many for the trials; by default 150 each. */
  readonly budget?: number;
  /** By default `performance.now`. */
  readonly now?: () => number;
  /** Adapters that run on the CPU keep their shape unless this is true: their times are mostly noise. */
  readonly software?: boolean;
  /** Told, in a sentence, why nothing was tried or remembered. */
  readonly report?: (note: string) => void;
}

/** What is looked for: all that decides times but the shape. */
export interface TuningTask {
  readonly device: GPUDevice;
  readonly traits: AdapterTraits;
  /** With the shape to beat. */
  readonly sizes: ProgramSizes;
  readonly records: TokenRecords;
}

/** The best shape known or found. Whatever the outside world does, there is one: that of `sizes`. */
export async function tunedShape(task: TuningTask, tuning: Tuning): Promise<KernelShape> {
  const { shape } = task.sizes;
  if (task.traits.software && !tuning.software) return shape;
  try {
    const candidates = shapeCandidates(shape, task.traits);
    const key = keyOf(task);
    const known = await tuning.store.get(key);
    const remembered = candidates.find((candidate) => textOf(candidate) === known);
    if (remembered) return remembered;
    const { index, sure } = await tryAll(task, candidates, tuning);
    if (sure) await tuning.store.set(key, textOf(candidates[index]));
    return candidates[index];
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    tuning.report?.(`The GPU's kernels keep their usual shape (${describeError(error)}).`);
    return shape;
  }
}

function keyOf({ device, sizes }: TuningTask): string {
  const { vendor, architecture, device: name, description } = device.adapterInfo;
  const { shape, ...model } = sizes;
  const adapter = [vendor, architecture, name, description, shape.subgroups];
  return JSON.stringify([VERSION, adapter, model]);
}

const textOf = ({ packing }: KernelShape): string => JSON.stringify(packing);

async function tryAll(task: TuningTask, candidates: readonly KernelShape[], tuning: Tuning) {
  const { budget = 150, now = () => performance.now() } = tuning;
  const { device, sizes, records } = task;
  const compiled = await within(
    budget,
    Promise.all(
      candidates.map(async (shape) => {
        const its = { ...sizes, shape };
        return { its, programs: await decodeProgramsFor(device, its) };
      }),
    ),
  );
  if (compiled === undefined) return { index: 0, sure: false };
  const memory = new DeviceMemory(device);
  try {
    const ways = await accepted(device, () => {
      const weights = zeroWeights(
        memory,
        compiled.map(({ its }) => its),
      );
      let caches: CommandPlan["caches"] | undefined;
      return compiled.map(({ its, programs }) => {
        const room = { tokens: 1, sequences: 1, ...(caches && { caches }) };
        const plan = new CommandPlan(memory, weights, programs, its, records, room);
        caches = plan.caches;
        return async () => {
          const start = now();
          for (let step = 0; step < STEPS; step++) plan.submit({ tokens: [0] }, 0, true);
          await device.queue.onSubmittedWorkDone();
          return now() - start;
        };
      });
    });
    return await fastest(ways, { budget, now });
  } finally {
    memory.dispose();
  }
}

/** Buffers as large as any of these shapes needs. */
function zeroWeights(memory: DeviceMemory, all: readonly ProgramSizes[]) {
  const { architecture, format } = all[0];
  const { dim, depth, feedForward, heads, headDim, vocabulary, biases } = architecture;
  const zeros = (name: MatrixName) => {
    const bytes = all.map((sizes) => matrixBytes(extents(sizes)[name], format));
    return memory.storage(Math.max(...bytes) / 4);
  };
  const blocks = Array.from(
    { length: depth },
    (): DeviceBlock => ({
      qkv: zeros("qkv"),
      out: zeros("out"),
      up: zeros("up"),
      upBias: memory.storage(feedForward),
      down: zeros("down"),
      downBias: memory.storage(dim),
      ...(biases && {
        qkvBias: memory.storage(3 * heads * headDim),
        outBias: memory.storage(dim),
      }),
    }),
  );
  const embedding = {
    rows: ({ tokens }: TokenRun) => new Float32Array(tokens.length * dim),
  };
  const logitsBias = biases ? memory.storage(4 * Math.ceil(vocabulary / 4)) : undefined;
  return { embedding, blocks, logits: zeros("logits"), logitsBias, matrixBytes: 0 };
}

/** The value if it comes within so many milliseconds. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
