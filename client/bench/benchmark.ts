/** What a benchmark is; which there are stands in benchmark-list.ts. */

/** One benchmark, run by hand: correct first, then warm, then measured. */
export interface Benchmark {
  /** Usage after the name, one line. */
  readonly usage: string;
  /**
   * Measures. Progress goes to stderr through `report`; the returned lines are the table.
   * @param args what follows the name on the command line. @throws Failure "usage" where they make no sense.
   */
  run(args: readonly string[], report: (line: string) => void): Promise<BenchmarkResult>;
}

/** What came out. */
export interface BenchmarkResult {
  /** For people. */
  readonly table: readonly string[];
  /** For programs: printed as the last line. */
  readonly json: unknown;
}
