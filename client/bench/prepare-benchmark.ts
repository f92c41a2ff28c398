/**
 * `npm run bench -- prepare [--in DIR] [--workers N]`: data preparation as a person runs it, in a process of its
 * own, in files and megabytes a second. Without --in a folder of generated pieces is read. Correct first: a report
 * that does not account for every file is not timed. The first run warms the disk's cache.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { assert } from "#base/assert.ts";
import { describeError, Failure } from "#base/failure.ts";
import { Random } from "#base/random.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import type { Benchmark } from "./benchmark.ts";

const COMMAND = resolve(import.meta.dirname, "../../training/prepare/main.ts");
const GENERATED = { files: 400, notes: 2500 };
const RUNS = 2;

/** What the benchmark reads of the preparation's report. */
interface Report {
  readonly files: number;
  readonly kept: number;
  readonly refused: Readonly<Record<string, { count: number }>>;
  readonly notes: number;
  readonly seconds: number;
  readonly filesPerSecond: number;
  readonly megabytesPerSecond: number;
}

export const prepareBenchmark: Benchmark = {
  usage: "[--in DIR] [--workers N]",
  async run(args, report) {
    const { folder: given, workers } = options(args);
    const scratch = await mkdtemp(join(tmpdir(), "cadenza-bench-"));
    try {
      const folder = given ?? (await generate(scratch, report));
      let last: Report | undefined;
      for (let run = 0; run < RUNS; run++) {
        report(`prepare: ${run === 0 ? "warm-up" : "measured"}`);
        last = await prepare(folder, join(scratch, `out-${run}`), workers);
      }
      assert(last !== undefined, "no run");
      const { files, kept, notes, seconds, filesPerSecond, megabytesPerSecond } = last;
      return {
        table: [
          `${files} files, ${kept} kept, ${notes} notes, ${workers} threads, one run after one to warm up:`,
          `${filesPerSecond} files/s, ${megabytesPerSecond} MB/s, ${seconds} s`,
        ],
        json: {
          benchmark: "prepare",
          workers,
          files,
          kept,
          notes,
          seconds,
          filesPerSecond,
          megabytesPerSecond,
        },
      };
    } finally {
      await rm(scratch, { recursive: true });
    }
  },
};

async function prepare(folder: string, out: string, workers: number): Promise<Report> {
  const args = ["--import", "tsx", COMMAND, "--in", folder, "--out", out];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    "--workers",
    String(workers),
  ]).catch((error) => {
    throw new Failure("usage", `The preparation failed: ${error.stderr ?? describeError(error)}`);
  });
  const result: Report = JSON.parse(stdout);
  const refused = Object.values(result.refused).reduce((sum, { count }) => sum + count, 0);
  assert(
    result.kept + refused === result.files && result.kept > 0,
    `${result.files} files, but ${result.kept} kept and ${refused} refused`,
  );
  return result;
}

async function generate(scratch: string, report: (line: string) => void): Promise<string> {
  report(`prepare: ${GENERATED.files} generated files`);
  for (let file = 0; file < GENERATED.files; file++) {
    const random = new Random(file);
    const notes = Array.from(
      { length: GENERATED.notes },
      (_, i): Note => ({
        instrument: random.integer(12),
        pitch: 36 + random.integer(48),
        velocity: 90,
        onset: 2 * (i >> 1),
        duration: 1,
      }),
    );
    await writeFile(join(scratch, `${file}.mid`), writeMidi(notes));
  }
  return scratch;
}

function options(args: readonly string[]): { folder: string | undefined; workers: number } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        in: { type: "string" },
        workers: { type: "string", default: String(availableParallelism()) },
      },
    });
    const workers = Number(values.workers);
    if (!Number.isInteger(workers) || workers < 1 || workers > 64) {
      throw new Failure("usage", `--workers ${values.workers} must be a whole number from 1 to 64`);
    }
    return { folder: values.in, workers };
  } catch (error) {
    const cause = describeError(error);
    throw new Failure("usage", `${cause}; the prepare benchmark takes --in and --workers.`);
  }
}
