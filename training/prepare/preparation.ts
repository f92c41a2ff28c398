/**
 * A preparation from its files to its report. Files are taken in order; every few batches what is
 * written is made a checkpoint. Once all are read, songs are told apart and the pieces go to their
 * splits. A run that finds a checkpoint goes on from it and writes the same bytes as a run that was
 * never stopped.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "#base/failure.ts";
import { RECORD_BYTES } from "./chart-records.ts";
import {
  beginning,
  Journal,
  type PieceRecord,
  readState,
  removeCheckpoint,
  replaceFile,
  type State,
  writeState,
} from "./checkpoint.ts";
import { countKept, countRefused } from "./counts.ts";
import type { Input } from "./find-files.ts";
import { KnownPieces } from "./known-pieces.ts";
import { Progress } from "./progress.ts";
import { summarise } from "./report.ts";
import { Spool } from "./spool.ts";
import type { FileResult } from "./worker.ts";
import { readInOrder } from "./worker-pool.ts";
import { writeSplits } from "./write-splits.ts";

/** Files from one checkpoint to the next: about a second. */
const CHECKPOINT_FILES = 256;

/** What a preparation is asked to do. */
export interface PreparationSettings {
  readonly out: string;
  readonly workers: number;
  /** Begins anew whatever the folder holds. */
  readonly again: boolean;
}

/**
 * Prepares `input`, or goes on where a killed run of the same files was. Returns the report, or
 * the report that is there already.
 * @throws Failure "usage" where the folder holds the preparation of other files.
 */
export async function prepare(input: Input, settings: PreparationSettings): Promise<unknown> {
  const { out, again } = settings;
  mkdirSync(out, { recursive: true });
  const reportPath = join(out, "report.json");
  if (!again) {
    const state = readState(out);
    if (state !== undefined) {
      if (state.input !== input.identity) throw otherFiles(out, "an unfinished preparation");
      return await run(input, settings, state);
    }
    if (existsSync(reportPath)) {
      const report = JSON.parse(readFileSync(reportPath, "utf8"));
      if (report.input !== input.identity) throw otherFiles(out, "the preparation");
      process.stderr.write(`${out} holds these files already; --again prepares them anew.\n`);
      return report;
    }
  }
  // The state goes first: from here on the folder holds this preparation, whatever else lies in it.
  const state = beginning(input.identity);
  writeState(out, state);
  rmSync(reportPath, { force: true });
  return await run(input, settings, state);
}

const otherFiles = (out: string, what: string): Failure =>
  new Failure(
    "usage",
    `${out} holds ${what} of other files; name another folder with --out, or replace it with --again.`,
  );

async function run(
  input: Input,
  { out, workers }: PreparationSettings,
  state: State,
): Promise<unknown> {
  const { files, identity } = input;
  const started = performance.now();
  const { counts } = state;
  const begun = counts.files;
  const spool = new Spool(out);
  const pieces: PieceRecord[] = [];
  const known = new KnownPieces(files);
  const journal = new Journal(out, state.bytes, (piece) => {
    known.add(piece);
    pieces.push(piece);
    spool.recall(piece);
  });
  spool.cut();
  if (begun > 0) process.stderr.write(`Going on after ${begun} of ${files.length} files.\n`);

  const take = (result: FileResult): void => {
    const file = counts.files;
    const { path } = files[file];
    if (result.refused !== undefined) {
      countRefused(counts, result.refused, path, result.bytes);
      return;
    }
    const { hash, census, tokens, chart, runs } = result;
    if (known.isCopy({ hash, census, file })) {
      countRefused(counts, "duplicate", path, result.bytes);
      return;
    }
    const { notes, clampedDeltas, clampedDurations, droppedNotes } = result;
    const piece = {
      ...{ hash, census, file },
      ...{ length: tokens.length, records: chart.length / RECORD_BYTES, runs: runs.length },
      counts: { notes, clampedDeltas, clampedDurations, droppedNotes },
    };
    known.add(piece);
    pieces.push(piece);
    journal.add(piece);
    spool.add({ tokens, chart, runs });
    countKept(counts, piece.counts, result.bytes);
  };
  const seconds = (): number => (performance.now() - started) / 1000;
  const checkpoint = (): void => {
    spool.sync();
    const bytes = journal.sync();
    writeState(out, { ...state, counts, bytes, seconds: state.seconds + seconds() });
  };

  const progress = new Progress(process.stderr);
  let saved = begun;
  await readInOrder(files.slice(begun), workers, (_, results) => {
    for (const result of results) take(result);
    if (counts.files - saved >= CHECKPOINT_FILES) {
      checkpoint();
      saved = counts.files;
    }
    progress.show({ files: counts.files, total: files.length, begun, seconds: seconds() });
  });
  progress.end();
  checkpoint();
  journal.close();

  const written = writeSplits(out, input, pieces, spool, counts);
  const report = summarise(identity, counts, written, state.seconds + seconds());
  replaceFile(join(out, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  removeCheckpoint(out);
  spool.remove();
  return report;
}
