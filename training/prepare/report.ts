/** What a preparation counts: every file is kept or refused for one cause, with a few names of each. */
import { basename } from "node:path";
import { REFUSALS, type Refusal } from "#music/midi/selection.ts";
import type { FileResult } from "./worker.ts";

const EXAMPLES = 5;

/** The counts, as they are kept between runs. */
export interface Counts {
  files: number;
  bytes: number;
  kept: number;
  notes: number;
  clampedDeltas: number;
  clampedDurations: number;
  droppedNotes: number;
  /** Files refused, by cause. */
  refused: Partial<Record<Refusal, { count: number; examples: string[] }>>;
}

/** Counts of a preparation that has not begun. */
export const noCounts = (): Counts => ({
  files: 0,
  bytes: 0,
  kept: 0,
  notes: 0,
  clampedDeltas: 0,
  clampedDurations: 0,
  droppedNotes: 0,
  refused: {},
});

/** Counts a file that is kept. */
export function countKept(
  counts: Counts,
  result: Extract<FileResult, { refused: undefined }>,
): void {
  counts.files++;
  counts.bytes += result.bytes;
  counts.kept++;
  counts.notes += result.notes;
  counts.clampedDeltas += result.clampedDeltas;
  counts.clampedDurations += result.clampedDurations;
  counts.droppedNotes += result.droppedNotes;
}

/** Counts a file that is refused. */
export function countRefused(counts: Counts, cause: Refusal, path: string, bytes: number): void {
  counts.files++;
  counts.bytes += bytes;
  const entry = counts.refused[cause] ?? { count: 0, examples: [] };
  entry.count++;
  if (entry.examples.length < EXAMPLES) entry.examples.push(basename(path));
  counts.refused[cause] = entry;
}

/** The content of report.json. `seconds` adds up the runs it took. */
export function summarise(
  input: string,
  counts: Counts,
  splits: Readonly<Record<string, { pieces: number; tokens: number }>>,
  seconds: number,
) {
  const { bytes, refused, files, kept, ...notes } = counts;
  return {
    input,
    files,
    kept,
    refused: Object.fromEntries(
      (Object.keys(REFUSALS) as Refusal[]).flatMap((cause) => {
        const entry = refused[cause];
        return entry === undefined ? [] : [[cause, { reason: REFUSALS[cause], ...entry }]];
      }),
    ),
    ...notes,
    splits,
    seconds: Number(seconds.toFixed(1)),
    filesPerSecond: Math.round(files / seconds),
    megabytesPerSecond: Number((bytes / 1e6 / seconds).toFixed(1)),
  };
}
