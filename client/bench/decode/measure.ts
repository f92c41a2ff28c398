/**
 * Measures decoders on one model, in Node and in a page alike: first that each agrees with its reference, then its
 * times, all of them in turns. See spread.ts for the turns, contestant.ts for what is done to one.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { sharedDevice } from "#model/webgpu/device.ts";
import { WebgpuDecoder } from "#model/webgpu/webgpu-decoder.ts";
import { measureBatch } from "./batch.ts";
import { Contestant } from "./contestant.ts";
import {
  type BatchReport,
  CONTEXTS,
  type ContextName,
  type DecodePlan,
  type LimitReport,
  MODELS,
  type ModelReport,
} from "./decode-plan.ts";
import { DECODERS } from "./decoders.ts";
import { cpuRead } from "./limit/cpu-read.ts";
import { gpuRead } from "./limit/gpu-read.ts";
import type { MemoryWatch } from "./memory-watch.ts";
import { Oracles } from "./oracles.ts";
import { takeTurns } from "./spread.ts";

/** Where the prefill is timed, on the way to this context; where batches and limits take their turns. */
const PREFILL_BEFORE: ContextName = "256";
const BATCHES_AT: ContextName = "256";
const LIMITS_AT: ContextName = "500";
/** Where decoders of ours take turns with a twin whose window is not yet full by so many tokens: is a token as fast? */
const TWINS_AT: ContextName = "far";
const TWIN_SHORT_BY = 12;
/** Contexts that slow decoders leave out. */
const NOT_IF_SLOW: readonly ContextName[] = ["64", "256"];
const TURNS = { inARow: 5, enough: 2000, fewest: 2 } as const;

/** A reading of weights, and what it cost. */
interface Limit {
  readonly on: LimitReport["on"];
  readonly bytes: number;
  readonly read: () => Promise<void>;
  readonly dispose: () => void;
}

/** Opens, checks and measures what the plan names. Throws if a decoder is wrong. */
export async function measureModel(
  plan: DecodePlan,
  memory: MemoryWatch,
  progress: (line: string) => void,
): Promise<ModelReport> {
  const { model, steps } = plan;
  const weights = randomWeights(MODELS[model], 1);
  const random = new Random(2);
  const tokens = Array.from({ length: 1024 }, () => random.integer(MODELS[model].vocabulary));
  const oracles = new Oracles(weights, tokens);
  const open = (name: string) => Contestant.open(name, plan, weights, tokens, oracles, memory);
  const contestants: Contestant[] = [];
  const left: { decoder: string; why: string }[] = [];
  for (const name of plan.decoders) {
    if (plan.noGpu !== undefined && DECODERS[name].gpu) {
      left.push({ decoder: name, why: plan.noGpu });
      continue;
    }
    try {
      const opened = await open(name);
      contestants.push(opened);
      const { error, firstToken } = opened.report;
      progress(
        `${model}, ${name}: off by ${error.toExponential(1)}, first token after ${firstToken.toFixed(0)} ms`,
      );
    } catch (error) {
      if (!(error instanceof Failure && error.kind === "unsupported")) throw error;
      left.push({ decoder: name, why: error.message });
    }
  }
  const { heapBytes } = memory.use;
  const limits = await openLimits(contestants);
  let reports: LimitReport[] = [];
  const batches: BatchReport[] = [];
  for (const [context, position] of CONTEXTS) {
    const here: Contestant[] = [];
    for (const contestant of contestants) {
      if (context === PREFILL_BEFORE) {
        await contestant.measurePrefill();
        const { tokens, milliseconds } = contestant.report.prefill;
        progress(
          `${model}, ${contestant.name}: ${milliseconds.toFixed(0)} ms to take ${tokens} tokens`,
        );
      }
      if (contestant.isSlow && NOT_IF_SLOW.includes(context)) continue;
      if (await contestant.moveTo(position)) here.push(contestant);
    }
    const twins = new Map<Contestant, Contestant>();
    if (context === TWINS_AT)
      for (const contestant of here)
        if (contestant.name.startsWith("own")) twins.set(contestant, await open(contestant.name));
    for (const twin of twins.values())
      assert(
        await twin.moveTo(MODELS[model].contextLength - TWIN_SHORT_BY),
        `the twin of ${twin.name} stays behind`,
      );
    const reading = context === LIMITS_AT ? limits : [];
    const decoders = [...here, ...twins.values()];
    const works = [...decoders.map((each) => each.step()), ...reading.map(({ read }) => read)];
    const times = await takeTurns(works, { ...TURNS, runs: steps });
    const timesOf = new Map(decoders.map((each, i) => [each, times[i]]));
    const twinTimes = (each: Contestant) => {
      const twin = twins.get(each);
      return twin && timesOf.get(twin);
    };
    for (const each of here) each.keep(context, timesOf.get(each)!, twinTimes(each));
    for (const twin of twins.values()) twin.dispose();
    if (reading.length > 0)
      reports = limits.map(({ on, bytes }, i) => ({
        on,
        bytes,
        time: times[decoders.length + i],
      }));
    if (context === BATCHES_AT)
      for (const { name, opened, isSlow } of here)
        if (opened.decoder instanceof WebgpuDecoder && !isSlow)
          batches.push(await measureBatch(name, model, opened.decoder, { ...TURNS, runs: steps }));
    const summary = here.map(({ name }, i) => `${name} ${times[i].p50.toFixed(1)}`);
    progress(`${model}, ms a token at ${context}: ${summary.join(", ")}`);
  }
  for (const each of [...contestants, ...limits]) each.dispose();
  const decoders = contestants.map(({ report }) => report);
  return { model, decoders, limits: reports, batches, left, ...(heapBytes && { heapBytes }) };
}

/** A reading for every amount of weights that decoders of ours read. */
async function openLimits(contestants: readonly Contestant[]): Promise<Limit[]> {
  const limits: Limit[] = [];
  for (const { name, opened } of contestants) {
    const bytes = opened.weightBytes;
    if (name.startsWith("own wasm"))
      limits.push({ on: "cpu", bytes, read: await cpuRead(bytes), dispose: () => undefined });
    if (name.startsWith("own webgpu"))
      limits.push({ on: "gpu", bytes, ...(await gpuRead(await sharedDevice(), bytes)) });
  }
  return limits;
}
