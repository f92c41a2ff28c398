/** The decode benchmark for people: what each decoder showed in each place. */
import {
  CONTEXTS,
  type ContextReport,
  type DecoderReport,
  type ModelReport,
  type PlaceReport,
} from "./decode-plan.ts";

const NAME = 22;
const WIDE = 15;
const NARROW = 11;

/** Lines of one place. */
export function decodeTable({ place, adapter, models, firstTokens = [] }: PlaceReport): string[] {
  return [
    ...models.flatMap((report) => modelTable(`${place}, ${adapter}, ${report.model}`, report)),
    ...firstTokens.map(
      ({ backend, model, load, firstToken }) =>
        `${model} on ${backend}: first token ${short(firstToken)} ms after the weights were asked of the cache, ${short(load)} ms of it to load and verify them`,
    ),
  ];
}

function modelTable(
  title: string,
  { decoders, limits, batches, left, heapBytes }: ModelReport,
): string[] {
  const contexts = CONTEXTS.map(([name]) => name);
  const far = Math.max(...decoders.map(({ step }) => step.far?.position ?? 0));
  const head = contexts.map((name) => (name === "far" ? `at ${far}` : `at ${name}`));
  return [
    "",
    title,
    row("ms a token: p50/p95", head, WIDE),
    ...decoders.map(({ decoder, step }) =>
      row(
        decoder,
        contexts.map((name) => cell(step[name], name === "far" ? far : undefined)),
        WIDE,
      ),
    ),
    ...limits.map(({ on, bytes, time }) =>
      row(
        `read ${megabytes(bytes)} MB, ${on}`,
        contexts.map((name) => (name === "500" ? `${short(time.p50)}/${short(time.p95)}` : "")),
        WIDE,
      ),
    ),
    "",
    row(
      "",
      [
        ...["prefill", "open", "1st token", "dispatches", "weights", "device", "wasm", "error"],
        "own error",
      ],
      NARROW,
    ),
    row("", ["ms (tokens)", "ms", "ms", "in submits", "MB read", "MB", "MB", "relative"], NARROW),
    ...decoders.map((report) => row(report.decoder, facts(report), NARROW)),
    ...decoders.flatMap(({ decoder, note }) => (note ? [`${decoder}: ${note}`] : [])),
    ...batches.map(
      ({ decoder, sequences, together, one }) =>
        `${decoder}: ${sequences} sequences in ${short(together.p50)} ms a step, one in ${short(one.p50)} ms`,
    ),
    ...(heapBytes === undefined
      ? []
      : [`JavaScript's heap with all of them open, garbage included: ${megabytes(heapBytes)} MB`]),
    ...left.map(({ decoder, why }) => `${decoder}: not here. ${why}`),
  ];
}

function cell(report: ContextReport | undefined, usual: number | undefined): string {
  if (!report) return "-";
  const where = usual !== undefined && report.position !== usual ? ` (${report.position})` : "";
  return `${short(report.p50)}/${short(report.p95)}${where}`;
}

function facts(report: DecoderReport): string[] {
  const { prefill, dispatches, submits, error, ownError } = report;
  return [
    `${short(prefill.milliseconds)} (${prefill.tokens})`,
    short(report.open),
    short(report.firstToken),
    dispatches === undefined ? "-" : `${dispatches} in ${submits}`,
    megabytes(report.weightBytes),
    megabytes(report.deviceBytes),
    megabytes(report.wasmBytes),
    error.toExponential(1),
    ownError === undefined ? "" : ownError.toExponential(1),
  ];
}

const short = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
const megabytes = (bytes: number): string => short(bytes / 1e6).replace(/^0\.00$/, "0");

function row(name: string, cells: readonly string[], width: number): string {
  return [name.padEnd(NAME), ...cells.map((text) => text.padStart(width))].join(" ").trimEnd();
}
