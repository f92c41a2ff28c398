/**
 * Measures decoders on one model, in Node and in a page alike: first that each agrees with the reference, then
 * its times. Decoders take turns step by step, so that whatever else the machine does meets all of them, and
 * ratios hold even where times do not.
 */
import { assert } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import type { Decoder } from "#model/decoder.ts";
import { randomWeights } from "#model/random-weights.ts";
import { ReferenceModel } from "#model/reference/reference-model.ts";
import { createTfjsDecoder } from "#model/tfjs/tfjs-decoder.ts";
import { F32_RELATIVE_ERROR, relativeError } from "#model/tolerances.ts";
import { sharedDevice } from "#model/webgpu/device.ts";
import { createWebgpuDecoder } from "#model/webgpu/webgpu-decoder.ts";
import type { Weights } from "#model/weights.ts";
import { countCommands } from "./count-commands.ts";
import {
  type DecodePlan,
  type DecoderName,
  type DecoderReport,
  MODELS,
  type Spread,
} from "./decode-plan.ts";

const PREFIX_LENGTH = 3;
const CHECKED_TOKENS = 6;
const WARM_UP = 2;
/** Milliseconds after which a slow decoder has been measured enough at one context. */
const ENOUGH = 15_000;
/** Steps that are measured all the same. */
const FEWEST = 3;
/** Tokens before the measured ones, by name of the context; the last is far past the ring's end. */
const CONTEXTS = { "64": 64, "256": 256, "500": 500, rolled: 900 } as const;

interface Candidate {
  readonly name: DecoderName;
  readonly decoder: Decoder;
  readonly report: { -readonly [K in keyof DecoderReport]: DecoderReport[K] };
  readonly steps: Record<string, Spread>;
}

/** Opens, checks and measures what the plan names. Throws if a decoder is wrong. */
export async function measureDecoders(
  plan: DecodePlan,
  progress: (line: string) => void,
): Promise<DecoderReport[]> {
  const architecture = MODELS[plan.model];
  const weights = randomWeights(architecture, 1);
  const random = new Random(2);
  const tokens = Array.from({ length: 1024 }, () => random.integer(architecture.vocabulary));
  const expected = new ReferenceModel(weights, PREFIX_LENGTH).onePass(
    tokens.slice(0, CHECKED_TOKENS),
  );
  const candidates: Candidate[] = [];
  for (const name of plan.decoders) {
    const opened = await open(name, weights, plan, tokens);
    opened.report.error = await check(opened.decoder, tokens, expected);
    progress(
      `${plan.model}, ${name}: agrees with the reference to ${opened.report.error.toExponential(1)}`,
    );
    candidates.push(opened);
  }
  for (const [context, length] of Object.entries(CONTEXTS)) {
    const times = await measureContext(candidates, tokens, length, plan.steps);
    candidates.forEach((candidate, i) => {
      candidate.steps[context] = times[i];
      progress(
        `${plan.model}, ${candidate.name}: ${times[i].p50.toFixed(1)} ms a token at ${context}`,
      );
    });
  }
  for (const { decoder, report } of candidates) {
    const times: number[] = [];
    for (let i = 0; i < 3 && (times[0] ?? 0) < ENOUGH; i++) {
      decoder.truncate(0);
      times.push(await timed(() => decoder.prefill(tokens.slice(0, 256))));
    }
    report.prefill256 = spread(times);
  }
  for (const { decoder } of candidates) decoder.dispose();
  return candidates.map(({ report }) => report);
}

async function open(
  name: DecoderName,
  weights: Weights,
  { model, wasmPaths }: DecodePlan,
  tokens: readonly number[],
): Promise<Candidate> {
  const start = performance.now();
  const decoder = await make(name, weights, wasmPaths);
  const open = performance.now() - start;
  const firstTokens = await timed(() => decoder.prefill(tokens.slice(0, PREFIX_LENGTH)));
  const counted = name === "tfjs wasm" ? {} : await countCommands(() => decoder.decodeStep(1));
  const steps: Record<string, Spread> = {};
  const { dim, depth, heads, headDim, feedForward, vocabulary } = weights.architecture;
  const layer = 4 * dim * heads * headDim + 2 * dim * feedForward;
  const weightBytes = 4 * (depth * layer + dim * vocabulary);
  const zero = { error: 0, prefill256: spread([0]) };
  const report = {
    decoder: name,
    model,
    open,
    firstTokens,
    step: steps,
    weightBytes,
    ...zero,
    ...counted,
  };
  return { name, decoder, report, steps };
}

async function make(name: DecoderName, weights: Weights, wasmPaths?: string): Promise<Decoder> {
  if (name === "own webgpu") return createWebgpuDecoder(weights, { prefixLength: PREFIX_LENGTH });
  const backend = name === "tfjs wasm" ? "wasm" : "webgpu";
  // Opens the device first, so that all share one, with the same features.
  if (backend === "webgpu") await sharedDevice();
  return createTfjsDecoder(weights, {
    backend,
    prefixLength: PREFIX_LENGTH,
    ...(wasmPaths !== undefined && { wasmPaths }),
  });
}

/** The largest error in steps and in one prefill. */
async function check(
  decoder: Decoder,
  tokens: readonly number[],
  expected: readonly ArrayLike<number>[],
): Promise<number> {
  decoder.truncate(0);
  let error = 0;
  for (const [i, logits] of expected.entries())
    error = Math.max(error, relativeError(await decoder.decodeStep(tokens[i]), logits));
  decoder.truncate(0);
  const logits = await decoder.prefill(tokens.slice(0, expected.length));
  error = Math.max(error, relativeError(logits, expected[expected.length - 1]));
  assert(
    error < F32_RELATIVE_ERROR,
    `a decoder is off by ${error}, more than ${F32_RELATIVE_ERROR}`,
  );
  return error;
}

async function measureContext(
  candidates: readonly Candidate[],
  tokens: readonly number[],
  length: number,
  steps: number,
): Promise<Spread[]> {
  for (const { decoder } of candidates) {
    const missing = length - decoder.position;
    if (missing < 0) decoder.truncate(length);
    else if (missing > 0) await decoder.prefill(tokens.slice(decoder.position, length));
    for (let i = 0; i < WARM_UP; i++) await decoder.decodeStep(tokens[i]);
    decoder.truncate(length);
  }
  const times = candidates.map((): number[] => []);
  const spent = candidates.map(() => 0);
  for (let i = 0; i < steps; i++)
    for (const [k, { decoder }] of candidates.entries()) {
      if (spent[k] > ENOUGH && i >= FEWEST) continue;
      const time = await timed(() => decoder.decodeStep(tokens[length + (i % 8)]));
      times[k].push(time);
      spent[k] += time;
    }
  for (const { decoder } of candidates) decoder.truncate(length);
  return times.map(spread);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { min: sorted[0], p50: at(0.5), p95: at(0.95), max: sorted[sorted.length - 1] };
}
