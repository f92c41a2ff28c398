/**
 * `npm run bench -- decode`: milliseconds a token of our kernels beside tfjs' ops, in Node and in Chromium, on
 * one machine in one run. See measure.ts for how, LOG.md for what was learned.
 */
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import type { Benchmark } from "../benchmark.ts";
import {
  DECODERS,
  type DecodePlan,
  type DecoderName,
  MODELS,
  type ModelName,
  type PlaceReport,
} from "./decode-plan.ts";
import { decodeTable } from "./decode-table.ts";
import { type ChromiumOptions, runInChromium } from "./in-chromium.ts";
import { runInNode } from "./in-node.ts";

const PLACES = ["node", "chromium"] as const;
const USAGE =
  '[--in node,chromium] [--model starter,design] [--decoders "own webgpu,tfjs webgpu,tfjs wasm"] [--steps 40]';

interface Choice {
  readonly places: readonly (typeof PLACES)[number][];
  readonly plans: readonly DecodePlan[];
}

export const decodeBenchmark: Benchmark = {
  usage: USAGE,
  async run(args, report) {
    const { places, plans } = choose(args);
    const browser = await chromiumOptions();
    const reports: PlaceReport[] = [];
    for (const place of places)
      reports.push(
        place === "node"
          ? await runInNode(plans, browser?.path, report)
          : await runInChromium(plans, browser ?? noChromium(), report),
      );
    return {
      table: reports.flatMap(decodeTable),
      json: { benchmark: "decode", date: new Date().toISOString().slice(0, 10), places: reports },
    };
  },
};

function choose(args: readonly string[]): Choice {
  const options = {
    in: { type: "string", default: PLACES.join() },
    model: { type: "string", default: Object.keys(MODELS).join() },
    decoders: { type: "string", default: DECODERS.join() },
    steps: { type: "string", default: "40" },
  } as const;
  let values: Record<keyof typeof options, string>;
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    const [problem] = describeError(error).split(/\. |\n/);
    throw new Failure("usage", `${problem}; use: npm run bench -- decode ${USAGE}`);
  }
  const steps = Number(values.steps);
  if (!Number.isInteger(steps) || steps < 1)
    throw new Failure("usage", `--steps ${values.steps}: expected a positive integer.`);
  const decoders = list("decoders", values.decoders, DECODERS) as DecoderName[];
  const models = list("model", values.model, Object.keys(MODELS)) as ModelName[];
  return {
    places: list("in", values.in, PLACES) as Choice["places"],
    plans: models.map((model) => ({ model, decoders, steps })),
  };
}

function list(option: string, value: string, known: readonly string[]): string[] {
  const chosen = value.split(",");
  const unknown = chosen.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Failure("usage", `--${option} ${unknown}: expected some of ${known.join(", ")}.`);
  return chosen;
}

/** Where Chromium is, and how to start it. */
async function chromiumOptions(): Promise<ChromiumOptions | undefined> {
  const { findChromium, CHROMIUM_FLAGS } = await import("../../../chromium.ts");
  try {
    return { path: findChromium(), flags: CHROMIUM_FLAGS };
  } catch {
    // Node may still have a GPU of its own; whoever needs Chromium is told by `noChromium`.
    return undefined;
  }
}

function noChromium(): never {
  throw new Failure(
    "unsupported",
    "There is no Chromium to measure in; install one, name it in CHROMIUM_PATH, or use --in node.",
  );
}
