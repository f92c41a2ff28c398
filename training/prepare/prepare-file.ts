/** One MIDI file to one training piece, or the cause of its refusal. Pure, so that workers can run it. */
import { Failure } from "#base/failure.ts";
import { describe } from "#music/chart/describe.ts";
import { DRUMS } from "#music/instrument.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { MidiSong } from "#music/midi/midi-song.ts";
import {
  judge,
  LARGEST_TRAINING_FILE,
  type Refusal,
  trainingPiece,
} from "#music/midi/selection.ts";
import type { Note } from "#music/note.ts";
import { tokenize } from "#music/tokens/tokenizer.ts";
import { chartRecords } from "./chart-records.ts";
import { melodicRuns } from "./melodic-runs.ts";
import { pitchCensus } from "./same-notes.ts";

/** What became of a file. */
export type Prepared =
  | { readonly refused: Refusal }
  | {
      readonly refused: undefined;
      readonly tokens: Uint16Array;
      /** The chart of its bars (see chart-records.ts). */
      readonly chart: Uint8Array;
      /** Hashes of its melodic runs (see melodic-runs.ts). */
      readonly runs: Uint32Array;
      /** Melodic onsets and intervals on the grid: equal for copies, transpositions, other tempo or programs. */
      readonly fingerprint: Int32Array;
      /** How often each pitch is struck: equal for the same also off the grid (see same-notes.ts). */
      readonly census: Uint32Array;
      readonly notes: number;
      readonly clampedDeltas: number;
      readonly clampedDurations: number;
      readonly droppedNotes: number;
    };

/** Prepares a file's bytes. Never throws for what is in them. */
export function prepareFile(bytes: Uint8Array): Prepared {
  if (bytes.length > LARGEST_TRAINING_FILE) return { refused: "too-large" };
  let song: MidiSong;
  try {
    song = readMidi(bytes);
  } catch (error) {
    if (error instanceof Failure) return { refused: "unreadable" };
    throw error;
  }
  const arrangement = arrange(song);
  const refused = judge(arrangement);
  if (refused !== undefined) return { refused };
  const piece = trainingPiece(arrangement);
  const { tokens, clampedDeltas, clampedDurations } = tokenize(piece);
  return {
    refused: undefined,
    tokens: Uint16Array.from(tokens),
    chart: chartRecords(describe(piece.notes, piece.metres), piece.metres),
    runs: melodicRuns(piece.notes),
    fingerprint: fingerprint(arrangement.notes),
    census: pitchCensus(song),
    notes: piece.notes.length,
    clampedDeltas,
    clampedDurations,
    droppedNotes: arrangement.counts.unmapped,
  };
}

function fingerprint(notes: readonly Note[]): Int32Array {
  const melodic = notes.filter((note) => note.instrument !== DRUMS);
  const first = melodic[0];
  return Int32Array.from(
    new Set(melodic.map((note) => (note.onset - first.onset) * 256 + (note.pitch - first.pitch))),
  );
}
