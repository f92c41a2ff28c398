/** Which benchmarks there are. A new one is one more entry. */
import type { Benchmark } from "./benchmark.ts";

/** All benchmarks by name, loaded when they are wanted. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<Benchmark>>> = {
  decode: async () => (await import("./decode/decode-benchmark.ts")).decodeBenchmark,
  hour: async () => (await import("./hour/hour-benchmark.ts")).hourBenchmark,
  live: async () => (await import("./live/live-benchmark.ts")).liveBenchmark,
  music: async () => (await import("./music/music-benchmark.ts")).musicBenchmark,
  prepare: async () => (await import("./prepare-benchmark.ts")).prepareBenchmark,
  "real-bars": async () => (await import("./music/real-bars-benchmark.ts")).realBarsBenchmark,
  render: async () => (await import("./render-benchmark.ts")).renderBenchmark,
  roll: async () => (await import("./roll-benchmark.ts")).rollBenchmark,
  schedule: async () => (await import("./schedule-benchmark.ts")).scheduleBenchmark,
  server: async () => (await import("./server/server-benchmark.ts")).serverBenchmark,
};
