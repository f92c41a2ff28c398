/**
 * `npm run prepare-data -- --in DIR... --out DIR [--workers N]`: folders of MIDI files to token
 * files for the trainer, with a report that accounts for every file. Results are taken in the
 * order of the sorted paths whatever the threads do, so the output depends on the input alone.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { describeError, Failure } from "#base/failure.ts";
import { REFUSALS, type Refusal } from "#music/selection.ts";
import { SPLITS, SplitWriter, splitOf } from "./split-writer.ts";
import type { FileResult } from "./worker.ts";

const BATCH_FILES = 32;
/** Batches that wait at a thread, so that it never idles. */
const BATCHES_PER_WORKER = 3;
/** Batches under way or waiting for an earlier one, a thread: bounds memory. */
const BATCHES_AHEAD = 12;
const EXAMPLES = 5;

interface MidiFile {
  readonly path: string;
  readonly source: number;
}

function findFiles(roots: readonly string[]): { files: MidiFile[]; sources: string[] } {
  const sources: string[] = [];
  const files: MidiFile[] = [];
  for (const root of roots) {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.midi?$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of entries) {
      const parts = relative(root, path).split(sep);
      const source = parts.length > 1 ? parts[0] : basename(root);
      let index = sources.indexOf(source);
      if (index < 0) index = sources.push(source) - 1;
      files.push({ path, source: index });
    }
  }
  return { files, sources };
}

class Report {
  readonly #started = performance.now();
  readonly refused = new Map<Refusal, { count: number; examples: string[] }>();
  files = 0;
  bytes = 0;
  kept = 0;
  notes = 0;
  clampedDeltas = 0;
  clampedDurations = 0;
  droppedNotes = 0;
  #shownTenth = 0;

  refuse(cause: Refusal, path: string): void {
    const entry = this.refused.get(cause) ?? { count: 0, examples: [] };
    entry.count++;
    if (entry.examples.length < EXAMPLES) entry.examples.push(basename(path));
    this.refused.set(cause, entry);
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** A line that rewrites itself in a terminal; elsewhere one line for each tenth. */
  progress(total: number): void {
    const tenth = Math.floor((10 * this.files) / total);
    const terminal = process.stderr.isTTY;
    if (!terminal && tenth === this.#shownTenth) return;
    this.#shownTenth = tenth;
    const rate = (this.files / this.seconds).toFixed(0);
    const percent = ((100 * this.files) / total).toFixed(1);
    const line = `${percent} %, ${this.files} of ${total} files, ${rate} files/s`;
    process.stderr.write(terminal ? `\r${line}   ` : `${line}\n`);
  }
}

async function prepare(roots: readonly string[], out: string, workerCount: number): Promise<void> {
  const { files, sources } = findFiles(roots);
  if (files.length === 0) {
    throw new Failure(
      "not-found",
      "No .mid file was found; name a folder that holds some with --in.",
    );
  }
  mkdirSync(out, { recursive: true });
  const writers = Object.fromEntries(SPLITS.map((split) => [split, new SplitWriter(out, split)]));
  const report = new Report();
  const seen = new Set<string>();
  const take = (file: MidiFile, result: FileResult): void => {
    report.files++;
    report.bytes += result.bytes;
    if (result.refused !== undefined) {
      report.refuse(result.refused, file.path);
      return;
    }
    if (seen.has(result.hash)) {
      report.refuse("duplicate", file.path);
      return;
    }
    seen.add(result.hash);
    report.kept++;
    report.notes += result.notes;
    report.clampedDeltas += result.clampedDeltas;
    report.clampedDurations += result.clampedDurations;
    report.droppedNotes += result.droppedNotes;
    writers[splitOf(result.hash)].add(result.tokens, file.source);
  };
  await inOrder(files, workerCount, (batch, results) => {
    for (const [index, file] of batch.entries()) take(file, results[index]);
    report.progress(files.length);
  });
  if (process.stderr.isTTY) process.stderr.write("\n");
  for (const writer of Object.values(writers)) writer.finish(sources);
  const summary = {
    files: report.files,
    kept: report.kept,
    refused: Object.fromEntries(
      [...report.refused].map(([cause, entry]) => [cause, { reason: REFUSALS[cause], ...entry }]),
    ),
    notes: report.notes,
    clampedDeltas: report.clampedDeltas,
    clampedDurations: report.clampedDurations,
    droppedNotes: report.droppedNotes,
    splits: Object.fromEntries(
      SPLITS.map((split) => [
        split,
        { pieces: writers[split].pieces, tokens: writers[split].tokens },
      ]),
    ),
    seconds: Number(report.seconds.toFixed(1)),
    filesPerSecond: Math.round(report.files / report.seconds),
    megabytesPerSecond: Number((report.bytes / 1e6 / report.seconds).toFixed(1)),
  };
  writeFileSync(join(out, "report.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
  process.stdout.write(`${JSON.stringify(summary)}\n`);
}

/** Runs batches on threads and hands their results over in order; few batches are ever in memory. */
async function inOrder(
  files: readonly MidiFile[],
  workerCount: number,
  take: (batch: readonly MidiFile[], results: readonly FileResult[]) => void,
): Promise<void> {
  const batchCount = Math.ceil(files.length / BATCH_FILES);
  const batchOf = (id: number) => files.slice(id * BATCH_FILES, (id + 1) * BATCH_FILES);
  const waiting = new Map<number, readonly FileResult[]>();
  const idle: Worker[] = [];
  let sent = 0;
  let taken = 0;
  const workers = Array.from({ length: workerCount }, startWorker);
  for (let i = 0; i < BATCHES_PER_WORKER; i++) idle.push(...workers);
  try {
    await new Promise<void>((resolve, reject) => {
      const feed = (): void => {
        while (sent < batchCount && sent - taken < BATCHES_AHEAD * workerCount && idle.length > 0) {
          const id = sent++;
          idle.shift()?.postMessage({ id, paths: batchOf(id).map((file) => file.path) });
        }
      };
      for (const worker of workers) {
        worker.on("error", reject);
        worker.on("message", ({ id, results }: { id: number; results: FileResult[] }) => {
          try {
            idle.push(worker);
            waiting.set(id, results);
            for (let next = waiting.get(taken); next !== undefined; next = waiting.get(taken)) {
              waiting.delete(taken);
              take(batchOf(taken++), next);
            }
            if (taken === batchCount) resolve();
            else feed();
          } catch (error) {
            reject(error);
          }
        });
      }
      feed();
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A thread that runs worker.ts; tsx's loader is registered first, since threads do not inherit it. */
function startWorker(): Worker {
  const target = JSON.stringify(new URL("./worker.ts", import.meta.url).href);
  return new Worker(
    `import("tsx/esm/api").then(({ register }) => { register(); return import(${target}); });`,
    {
      eval: true,
    },
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      in: { type: "string", multiple: true },
      out: { type: "string" },
      workers: { type: "string", default: String(availableParallelism()) },
    },
    allowPositionals: true,
  });
  const roots = [...(values.in ?? []), ...positionals];
  const workers = Number(values.workers);
  if (roots.length === 0 || values.out === undefined) {
    throw new Failure(
      "usage",
      "Name folders of MIDI files with --in DIR... and a folder with --out DIR.",
    );
  }
  for (const root of roots) {
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Failure("usage", `${root} is not a folder; name one that holds MIDI files.`);
    }
  }
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) {
    throw new Failure("usage", `--workers ${values.workers} must be a whole number from 1 to 64.`);
  }
  await prepare(roots, values.out, workers);
}

main().catch((error) => {
  process.stderr.write(`${describeError(error)}\n`);
  const usage =
    error instanceof Failure ? error.kind === "usage" : error?.code?.startsWith("ERR_PARSE_ARGS");
  process.exitCode = usage ? 2 : 1;
});
