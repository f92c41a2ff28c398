/** The decode benchmark for people: a table of times a place, and how many times faster our kernels are. */
import type { DecoderReport, PlaceReport, Spread } from "./decode-plan.ts";

const COLUMNS = [22, 15, 15, 15, 15, 9, 9, 9, 10, 8];

/** Lines of one place. */
export function decodeTable({ place, adapter, reports }: PlaceReport): string[] {
  const head = ["p50/p95/max in ms", "at 64", "at 256", "at 500", "rolled"];
  const more = ["prefill256", "open", "first 3", "dispatches", "MB read"];
  return [
    "",
    `${place}, ${adapter}`,
    row([...head, ...more]),
    ...reports.map((report) => row(cells(report))),
    ...ratios(reports),
  ];
}

function cells(report: DecoderReport): string[] {
  const spread = ["64", "256", "500", "rolled"].map((context) => {
    const { p50, p95, max } = report.step[context];
    return `${short(p50)}/${short(p95)}/${short(max)}`;
  });
  const { dispatches, submits } = report;
  return [
    `${report.model}, ${report.decoder}`,
    ...spread,
    short(report.prefill256.p50),
    short(report.open),
    short(report.firstTokens),
    dispatches === undefined ? "-" : `${dispatches} in ${submits}`,
    short(report.weightBytes / 1e6),
  ];
}

/** The others' times over ours, of the median and of the least: the least says more on a busy machine. */
function ratios(reports: readonly DecoderReport[]): string[] {
  return reports
    .filter(({ decoder }) => decoder === "own webgpu")
    .flatMap((own) =>
      reports
        .filter(({ model, decoder }) => model === own.model && decoder !== own.decoder)
        .map((other) => {
          const step = times(other.step["500"], own.step["500"]);
          const prefill = times(other.prefill256, own.prefill256);
          return `${own.model}: ${other.decoder} over our kernels: a token at 500 ${step}; prefill ${prefill}`;
        }),
    );
}

function times(other: Spread, own: Spread): string {
  return `${(other.p50 / own.p50).toFixed(2)} x (least ${(other.min / own.min).toFixed(2)} x)`;
}

const short = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => cell.padEnd(COLUMNS[i] + 1))
    .join(" ")
    .trimEnd();
}
