/** Figures of one measurement, and the line that says them. */
import type { Spread } from "../decode/decode-plan.ts";
import { spread } from "../decode/spread.ts";

/** What came out of one measurement. */
export interface Measured {
  readonly line: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** p50 and p95 of seconds, in whole milliseconds. */
export function timesOf(seconds: readonly number[]): Pick<Spread, "p50" | "p95"> {
  const { p50, p95 } = spread(seconds);
  return { p50: Math.round(1000 * p50), p95: Math.round(1000 * p95) };
}

/** 0.917 for 11 of 12; undefined of none. */
export const shareOf = (some: number, all: number): number | undefined =>
  all === 0 ? undefined : Math.round((1000 * some) / all) / 1000;
