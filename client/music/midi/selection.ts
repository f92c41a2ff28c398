/**
 * Which files teach the model, and why others do not: the same judgement for data preparation and
 * for `inspect`. Causes are ordered as they are checked; a file is refused for the first that holds.
 */

import { skylineLead } from "#music/chart/skyline.ts";
import { DRUMS } from "#music/instrument.ts";
import { type MetreMap, stepsOf } from "#music/metre.ts";
import { type Piece, pieceOf } from "#music/piece.ts";
import { shortenRests } from "#music/tokens/rests.ts";
import type { Arrangement } from "./arrangement.ts";

/** Largest file taken for training, in bytes. */
export const LARGEST_TRAINING_FILE = 250_000;
/** Fewest notes a piece may have. */
export const FEWEST_NOTES = 100;
/** Share of notes without a clear instrument from which a file is refused. */
export const UNCLEAR_SHARE = 0.02;
/** Fewest distinct melodic onsets; below that it is one endless chord. */
export const FEWEST_ONSETS = 16;
/** The outro is announced this many bars before the last onset. */
export const OUTRO_BARS = 2;

/** Why a file is refused. */
export const REFUSALS = {
  "too-large": "over 250 KB",
  unreadable: "not a readable MIDI file",
  "unclear-instruments": "notes on channels that name no program, or only programs of no class",
  "too-short": "under 100 notes",
  "no-melody": "no melodic instrument",
  "one-chord": "one endless chord",
  duplicate: "the same notes as a file before it",
  "near-copy": "the same song as a piece that is held out",
} as const;

export type Refusal = keyof typeof REFUSALS;

/** The refusal that holds for an arrangement, or undefined where it may teach. */
export function judge(arrangement: Arrangement): Refusal | undefined {
  const { counts, notes } = arrangement;
  if (counts.unclear > counts.notes * UNCLEAR_SHARE) return "unclear-instruments";
  if (counts.notes > 0 && counts.unmapped === counts.notes) return "unclear-instruments";
  if (notes.length < FEWEST_NOTES) return "too-short";
  const melodic = notes.filter((note) => note.instrument !== DRUMS);
  if (melodic.length === 0) return "no-melody";
  if (new Set(melodic.map((note) => note.onset)).size < FEWEST_ONSETS) return "one-chord";
  return undefined;
}

/** A piece to learn from, with its metres. */
export interface TrainingPiece extends Piece {
  readonly metres: MetreMap;
}

/**
 * The piece that is learned from an arrangement: led in by less than a bar, no rest longer than a time token can say,
 * led by the instrument that holds most of its skyline, its outro marked.
 */
export function trainingPiece(arrangement: Arrangement): TrainingPiece {
  const start = arrangement.metres.barAt(arrangement.notes[0]?.onset ?? 0).start;
  const { notes, metres } = shortenRests({
    notes: arrangement.notes.map((note) => ({ ...note, onset: note.onset - start })),
    metres: arrangement.metres.from(start),
  });
  const lead = skylineLead(notes);
  const piece = { ...pieceOf(notes), ...(lead === undefined ? {} : { lead }), metres };
  const last = piece.notes.at(-1)?.onset ?? 0;
  const outro = last - OUTRO_BARS * stepsOf(metres.barAt(last).metre);
  const outroAt = piece.notes.findIndex((note) => note.onset >= outro);
  return outroAt > 0 ? { ...piece, outroAt } : piece;
}
