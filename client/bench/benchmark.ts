/** What a benchmark is, and which there are. A new one is one more entry in `BENCHMARKS`. */

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

/** All benchmarks by name, loaded when they are wanted. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  decode: async () => (await import("./decode/decode-benchmark.ts")).decodeBenchmark,
  music: async () => (await import("./music/music-benchmark.ts")).musicBenchmark,
  prepare: async () => (await import("./prepare-benchmark.ts")).prepareBenchmark,
  render: async () => (await import("./render-benchmark.ts")).renderBenchmark,
  schedule: async () => (await import("./schedule-benchmark.ts")).scheduleBenchmark,
  server: async () => (await import("./server/server-benchmark.ts")).serverBenchmark,
};
