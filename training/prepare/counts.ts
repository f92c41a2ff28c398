/** What a preparation counts: every file is kept or refused for one cause, with a few names of each. */
import { basename } from "node:path";
import type { Refusal } from "#music/midi/selection.ts";

const EXAMPLES = 5;

/** What a piece adds to the counts. */
export interface PieceCounts {
  notes: number;
  clampedDeltas: number;
  clampedDurations: number;
  droppedNotes: number;
}

/** The counts, as they are kept between runs. */
export interface Counts extends PieceCounts {
  files: number;
  bytes: number;
  kept: number;
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
export function countKept(counts: Counts, piece: PieceCounts, bytes: number): void {
  counts.files++;
  counts.bytes += bytes;
  addPiece(counts, piece, 1);
}

/** Counts a kept piece out again whose song is held out in another piece. */
export function countLeftOut(counts: Counts, piece: PieceCounts, path: string): void {
  addPiece(counts, piece, -1);
  addRefused(counts, "near-copy", path);
}

function addPiece(counts: Counts, piece: PieceCounts, times: 1 | -1): void {
  counts.kept += times;
  counts.notes += times * piece.notes;
  counts.clampedDeltas += times * piece.clampedDeltas;
  counts.clampedDurations += times * piece.clampedDurations;
  counts.droppedNotes += times * piece.droppedNotes;
}

/** Counts a file that is refused. */
export function countRefused(counts: Counts, cause: Refusal, path: string, bytes: number): void {
  counts.files++;
  counts.bytes += bytes;
  addRefused(counts, cause, path);
}

function addRefused(counts: Counts, cause: Refusal, path: string): void {
  const entry = counts.refused[cause] ?? { count: 0, examples: [] };
  entry.count++;
  if (entry.examples.length < EXAMPLES) entry.examples.push(basename(path));
  counts.refused[cause] = entry;
}
