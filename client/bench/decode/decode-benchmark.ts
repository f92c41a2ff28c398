/**
 * `npm run bench -- decode`: milliseconds a token of our decoders beside tfjs' ops and ONNX Runtime Web, in Node
 * and in Chromium, on one machine in one run; last what of it meets the bars. See measure.ts for how, LOG.md for
 * what was learned.
 */
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import type { Benchmark } from "../benchmark.ts";
import { type DecodePlan, MODELS, type ModelName, type PlaceReport } from "./decode-plan.ts";
import { decodeTable } from "./decode-table.ts";
import { DECODERS, DEFAULT_DECODERS } from "./decoders.ts";
import { type ChromiumOptions, runInChromium } from "./in-chromium.ts";
import { runInNode } from "./in-node.ts";
import { verdicts, verdictTable } from "./verdict.ts";

const PLACES = ["node", "chromium"] as const;
const USAGE =
  '[--in node,chromium] [--model design,starter,band] [--decoders "own,tfjs wasm,ort wasm int8"] [--steps 40]';

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
    const bars = verdicts(reports);
    return {
      table: [...reports.flatMap(decodeTable), ...verdictTable(bars)],
      json: {
        benchmark: "decode",
        date: new Date().toISOString().slice(0, 10),
        places: reports,
        bars,
      },
    };
  },
};

function choose(args: readonly string[]): Choice {
  const options = {
    in: { type: "string", default: PLACES.join() },
    model: { type: "string", default: "design" },
    decoders: { type: "string", default: "" },
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
  const isDefault = values.decoders === "";
  const decoders = isDefault ? DEFAULT_DECODERS : decodersOf(values.decoders);
  const models = list("model", values.model, Object.keys(MODELS)) as ModelName[];
  return {
    places: list("in", values.in, PLACES) as Choice["places"],
    plans: models.map((model) => ({ model, decoders, isDefault, steps })),
  };
}

/** Decoders whose names begin with what is asked for. */
function decodersOf(value: string): string[] {
  const known = Object.keys(DECODERS);
  const wanted = value.split(",");
  const unknown = wanted.find((start) => !known.some((name) => name.startsWith(start)));
  if (unknown !== undefined)
    throw new Failure(
      "usage",
      `--decoders ${unknown}: expected names, or how they begin, of ${known.join(", ")}.`,
    );
  // A whole name means that one alone: "ort wasm int8" is not "ort wasm int8 blocks".
  return known.filter((name) =>
    wanted.some((start) => (known.includes(start) ? name === start : name.startsWith(start))),
  );
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
