/** Figures of one measurement, and the line that says them. */

/** What came out of one measurement. */
export interface Measured {
  readonly line: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The value below which a share of them lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.ceil(share * ascending.length) - 1] ?? Number.NaN;
}

/** p50 and p95 of seconds, in whole milliseconds. */
export function timesOf(seconds: readonly number[]): {
  readonly p50: number;
  readonly p95: number;
} {
  const at = (share: number) => Math.round(1000 * quantile(seconds, share));
  return { p50: at(0.5), p95: at(0.95) };
}

/** 0.917 for 11 of 12; undefined of none. */
export const shareOf = (some: number, all: number): number | undefined =>
  all === 0 ? undefined : Math.round((1000 * some) / all) / 1000;
