/**
 * `npm run bench -- server [--server dist/server/main.js]`: a built server under attack. Each attack
 * has a server of its own on a free port of this machine; all of it takes about three minutes.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { describeError, Failure } from "#base/failure.ts";
import type { Benchmark } from "../benchmark.ts";
import { evict, holdConnections, rebind, stallHealth, waitForTurn } from "./attacks.ts";
import { BUILT, withServer } from "./built-server.ts";

export const serverBenchmark: Benchmark = {
  usage: "[--server dist/server/main.js]",
  async run(args, report) {
    const entry = entryOf(args);
    const against = async <T>(name: string, attack: (origin: string) => Promise<T>): Promise<T> => {
      report(`server: ${name}`);
      return await withServer(entry, attack);
    };
    const health = await against("full queue, four uploaders", stallHealth);
    const turn = await against("a small render beside a long one", waitForTurn);
    const eviction = await against("64 pairs of posting and deleting", evict);
    const slow = await against("60 clients that never end", holdConnections);
    const foreign = await against("a foreign host name", rebind);
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    return {
      table: [
        `/healthz, ${health.waiting} jobs taken, ${health.uploads} uploads of 1 MB in 10 s: ` +
          `p50 ${ms(health.p50)}, p99 ${ms(health.p99)}, max ${ms(health.max)} (${health.probes} probes)`,
        `small render beside one of ten minutes: ${turn.done ? "done" : "not done"} after ${turn.seconds.toFixed(1)} s`,
        `another's result after ${eviction.pairs} pairs of posting and deleting: ${eviction.kept ? "kept" : "gone"}`,
        `clients that never end their request: ${slow.held} of 60 held after ${slow.seconds.toFixed(0)} s`,
        `a foreign host name is answered ${foreign}`,
      ],
      json: { benchmark: "server", health, turn, eviction, slow, foreign },
    };
  },
};

function entryOf(args: readonly string[]): string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { server: { type: "string", default: BUILT } },
    });
    return resolve(values.server);
  } catch (error) {
    throw new Failure("usage", `${describeError(error)}; the server benchmark takes --server.`);
  }
}
