/** The note of given music that is next in a piece, and what may be drawn before it. */
import type { TokenRun } from "#model/token-run.ts";
import type { Note } from "#music/note.ts";
import type { GivenNotes } from "./given-music.ts";
import type { PieceHistory } from "./piece-history.ts";
import { recalledRun } from "./recalled-run.ts";

/** Tokens of the past that music is given after, at most. */
const PAST_TOKENS = 300;

/** See the header. */
export interface DueNote {
  readonly note: Note;
  /** Nothing may be drawn from this step on; infinity where all may that comes before the note. */
  readonly drawnBefore: number;
  /** Nothing is drawn before it at all. */
  readonly atOnce: boolean;
  /** The model sees this before the note, and not what really was. */
  readonly past?: TokenRun;
}

/** @param from no event may begin before this step */
export function dueNote(piece: PieceHistory, given: GivenNotes, from: number): DueNote | undefined {
  const newest = piece.events.at(-1)?.note;
  let next = given.next(newest, from);
  // A key that still sounds goes on.
  while (next !== undefined && !piece.isFree(next.note)) next = given.next(next.note, from);
  if (next === undefined) return undefined;
  const { note, of } = next;
  const place = Math.max(from, newest?.onset ?? 0);
  const begins = newest === undefined || newest.onset < of.from;
  const past =
    of.after !== undefined && begins ? recalledRun(piece, 0, of.after, PAST_TOKENS) : undefined;
  return {
    note,
    drawnBefore: given.aloneFrom(place),
    atOnce: given.isAloneAt(place),
    ...(past === undefined || past.tokens.length === 0 ? {} : { past }),
  };
}
