/**
 * A section, or bars, kept as they were heard: their chart and, as far as they had been heard by then, their notes. Called
 * back, they come note for note or are composed anew to their chart; chords and notes move with the key.
 */
import { DRUMS } from "../instrument.ts";
import type { Key } from "../key.ts";
import type { Metre } from "../metre.ts";
import type { Note } from "../note.ts";
import { canonicalNotes } from "../piece.ts";
import { NATURAL_RANGES } from "../rules/natural-ranges.ts";
import { type ChartBar, movedBy } from "./chart.ts";
import { parseChart } from "./chart-file.ts";

/** Whole bars of one metre, as they sounded. */
export interface HeardBars {
  readonly metre: Metre;
  readonly steps: number;
  /** At least one; canonical, their onsets from its beginning, none sounds past its end. */
  readonly notes: readonly Note[];
}

/** See the header. Plain data. */
export interface Mark {
  readonly name: string;
  /** Of the key it was kept in, 0-11; it moves with the key where it is known. */
  readonly tonic: number | undefined;
  /** Its bars as chart-file.ts writes them. */
  readonly chart: string;
  /** Of these bars the first, or all; undefined where none was heard. */
  readonly heard?: HeardBars;
}

/** Semitones upwards by which what is written in one key moves in another, 0-11. */
export const wayOf = (
  tonic: number | undefined,
  moves: boolean,
  chosen: Key | undefined,
): number =>
  moves && tonic !== undefined && chosen !== undefined ? (chosen.tonic - tonic + 12) % 12 : 0;

/** Its bars, in the key that was chosen. */
export function barsOfMark(mark: Mark, moves: boolean, chosen: Key | undefined) {
  const way = wayOf(mark.tonic, moves, chosen);
  return parseChart(mark.chart).bars.map(({ begins: _, ...bar }): Partial<ChartBar> => {
    const { chords } = bar;
    const moved = chords && ([movedBy(chords[0], way), movedBy(chords[1], way)] as const);
    return { ...bar, ...(moved && { chords: moved }), section: mark.name };
  });
}

/** Its notes, in the key that was chosen, moved the shorter way; none where none was heard. */
export function notesOfMark(mark: Mark, moves: boolean, chosen: Key | undefined): readonly Note[] {
  const { tonic, heard } = mark;
  const notes = heard?.notes ?? [];
  const way = wayOf(tonic, moves, chosen);
  const by = way > 6 ? way - 12 : way;
  return by === 0 ? notes : canonicalNotes(notes.map((note) => movedNote(note, by)));
}

/** The drums stay; what would leave its instrument's range moves on by an octave into it. */
function movedNote(note: Note, by: number): Note {
  if (note.instrument === DRUMS) return note;
  const [lowest, highest] = NATURAL_RANGES[note.instrument];
  const pitch = note.pitch + by;
  if (by > 0) return { ...note, pitch: pitch > highest ? pitch - 12 : pitch };
  return { ...note, pitch: pitch < lowest ? pitch + 12 : pitch };
}
