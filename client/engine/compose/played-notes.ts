/**
 * Notes that a human plays while music is composed enter the piece where they were struck: its past from the first of
 * them on that it does not know yet is written anew, with what was composed there.
 */
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { MAX_DURATION, velocityBucket } from "#music/tokens/vocabulary.ts";

/** What a human played: from a step on, all of it. A key still held lasts as long as it was heard. */
export interface PlayedNotes {
  readonly from: number;
  readonly notes: readonly Note[];
}

/** A past from a step on. */
export interface RewrittenPast {
  readonly from: number;
  /** Canonical, none before `from`. */
  readonly notes: readonly Note[];
}

/** What tells notes of one piece apart. */
export const noteKey = ({ onset, instrument, pitch }: Note): number =>
  onset * 1536 + instrument * 128 + pitch;

/**
 * The past before `step` with what was played; undefined where the piece knows all of it.
 * @param past its notes, by onset @param isPlayed whether a human played one of them
 */
export function rewrittenPast(
  past: readonly Note[],
  isPlayed: (note: Note) => boolean,
  played: PlayedNotes,
  step: number,
): RewrittenPast | undefined {
  const within = (note: Note) => note.onset >= played.from && note.onset < step;
  const heard = played.notes.filter(within).map(asTokensSay);
  const known = past.filter((note) => within(note) && isPlayed(note));
  const difference = firstDifference(known, heard);
  if (difference === undefined) return undefined;
  const from = reachBack(past, heard, difference);
  const struck = new Set(heard.map(noteKey));
  const kept = past.filter((note) => {
    const isStale = isPlayed(note) && note.onset >= played.from;
    return note.onset >= from && note.onset < step && !isStale && !struck.has(noteKey(note));
  });
  return { from, notes: canonicalNotes([...kept, ...heard.filter(({ onset }) => onset >= from)]) };
}

/** Which notes of a piece a human played. */
export class PlayedMemory {
  #keys: ReadonlySet<number> = new Set();

  /** Whether a human played a note of the piece. */
  has(note: Note): boolean {
    return this.#keys.has(noteKey(note));
  }

  /** See `rewrittenPast`; what was played is known from then on. */
  rewritten(past: readonly Note[], played: PlayedNotes, step: number): RewrittenPast | undefined {
    const keys = this.#keys;
    this.#keys = new Set([...keys, ...played.notes.map(noteKey)]);
    return rewrittenPast(past, (note) => keys.has(noteKey(note)), played, step);
  }

  /** Of the notes that are remembered, it stays known who played them. */
  forgetAllBut(notes: readonly Note[]): void {
    this.#keys = new Set(notes.map(noteKey).filter((key) => this.#keys.has(key)));
  }

  clone(): PlayedMemory {
    const other = new PlayedMemory();
    other.#keys = this.#keys;
    return other;
  }
}

/** A key that still sounds is struck anew: its note ends there, so that it has to be written anew, too. */
function reachBack(past: readonly Note[], struck: readonly Note[], from: number): number {
  const cut = past.filter((note) => cutBy(note, struck)).map(({ onset }) => onset);
  return Math.min(from, ...cut);
}

/** Whether a note sounds when its key is struck again. */
const cutBy = (note: Note, struck: readonly Note[]): boolean =>
  struck.some(
    ({ instrument, pitch, onset }) =>
      instrument === note.instrument &&
      pitch === note.pitch &&
      onset > note.onset &&
      onset < note.onset + note.duration,
  );

const asTokensSay = (note: Note): Note => ({
  ...note,
  duration: Math.min(MAX_DURATION, Math.max(1, note.duration)),
});

/** The earliest onset of a note that only one of two lists has; lengths and buckets of velocity count. */
function firstDifference(known: readonly Note[], heard: readonly Note[]): number | undefined {
  const name = (note: Note) => `${noteKey(note)} ${note.duration} ${velocityBucket(note.velocity)}`;
  const onlyIn = (notes: readonly Note[], others: readonly Note[]) => {
    const names = new Set(others.map(name));
    return notes.filter((note) => !names.has(name(note))).map(({ onset }) => onset);
  };
  const different = [...onlyIn(known, heard), ...onlyIn(heard, known)];
  return different.length === 0 ? undefined : Math.min(...different);
}
