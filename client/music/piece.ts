/** A piece as the model knows it: a heading and notes in canonical order. */
import { DRUMS, type Instrument } from "./instrument.ts";
import type { Note } from "./note.ts";

/** A piece. `notes` are canonical (see `canonicalNotes`). */
export interface Piece {
  /** The lead: the first melodic instrument to play; in training pieces, who holds most of the skyline. */
  readonly lead: Instrument;
  readonly drums: boolean;
  readonly notes: readonly Note[];
  /** Index of the note before which the outro is announced; undefined where it never is. */
  readonly outroAt?: number;
}

/** Canonical order: onset, then pitch descending, then instrument. */
export const compareNotes = (a: Note, b: Note): number =>
  a.onset - b.onset || b.pitch - a.pitch || a.instrument - b.instrument;

/**
 * Sorts notes into canonical order and makes each instrument's key sound once at a time: of two
 * notes that begin together the longer stays, and a note still sounding when its key is struck
 * again is shortened to that onset. A MIDI file could not tell such notes apart either.
 */
export function canonicalNotes(notes: readonly Note[]): Note[] {
  const sorted = [...notes].sort((a, b) => compareNotes(a, b) || b.duration - a.duration);
  const sounding = new Map<number, number>(); // instrument and pitch -> index in kept
  const kept: Note[] = [];
  for (const note of sorted) {
    const key = note.instrument * 128 + note.pitch;
    const index = sounding.get(key);
    if (index !== undefined) {
      const earlier = kept[index];
      if (earlier.onset === note.onset) continue;
      if (earlier.onset + earlier.duration > note.onset) {
        kept[index] = { ...earlier, duration: note.onset - earlier.onset };
      }
    }
    sounding.set(key, kept.length);
    kept.push(note);
  }
  return kept;
}

/**
 * A piece around notes: canonical order, the lead as the first melodic instrument to play.
 * Notes that hold only drums get `fallbackLead`.
 */
export function pieceOf(notes: readonly Note[], fallbackLead: Instrument = 0): Piece {
  const canonical = canonicalNotes(notes);
  const first = canonical.find((note) => note.instrument !== DRUMS);
  return {
    lead: first?.instrument ?? fallbackLead,
    drums: canonical.some((note) => note.instrument === DRUMS),
    notes: canonical,
  };
}

/** Onset just past the last sounding step, 0 for no notes. */
export const endOfNotes = (notes: readonly Note[]): number =>
  notes.reduce((end, note) => Math.max(end, note.onset + note.duration), 0);
