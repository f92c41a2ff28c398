/**
 * Music that is given and not drawn: a bar that goes round, a part that stays as it is, bars of a human that repeat, bars
 * that come back. It enters the piece note by note where it stands, so that the model hears it as it hears everything, and
 * what is drawn is drawn around it. Where it lies is plain data in the settings: a replay gives the same.
 */
import { assert } from "#base/assert.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes, compareNotes } from "#music/piece.ts";
import { MAX_DELTA, MAX_DURATION } from "#music/tokens/vocabulary.ts";

/** See the header. Steps are the piece's. */
export interface GivenMusic {
  /** Where it begins, and a cycle of it. */
  readonly from: number;
  /** Where it ends; it never does where undefined. */
  readonly until?: number;
  /** It begins anew after so many steps, positive. */
  readonly cycle: number;
  /** Of one cycle, their onsets from its beginning; canonical, none sounds past its end. */
  readonly notes: readonly Note[];
  /** Nothing else sounds meanwhile: nothing is drawn, and what is given and not alone waits. */
  readonly alone: boolean;
  /** The model goes on from it as though it followed what the piece was before this step. */
  readonly after?: number;
}

/** A note that is given, where it stands, and the music it belongs to. */
export interface GivenNote {
  readonly note: Note;
  readonly of: GivenMusic;
}

/** What begins within steps of a piece, counted from the first of them, as a layer has it. */
export const cutOut = (notes: readonly Note[], from: number, until: number): readonly Note[] =>
  canonicalNotes(
    notes
      .filter(({ onset }) => onset >= from && onset < until)
      .map((note) => ({
        ...note,
        onset: note.onset - from,
        duration: Math.min(note.duration, until - note.onset, MAX_DURATION),
      })),
  );

/** Whether some of it may sound in [from, until). */
export const reaches = (music: GivenMusic, from: number, until: number): boolean =>
  music.from < until && (music.until ?? Number.POSITIVE_INFINITY) > from;

/** All that is given to one piece. */
export class GivenNotes {
  readonly #all: readonly GivenMusic[];

  constructor(all: readonly GivenMusic[]) {
    for (const { cycle } of all)
      assert(Number.isInteger(cycle) && cycle > 0, `cycle ${cycle}: expected a positive integer`);
    this.#all = all;
  }

  /**
   * The first note behind another, by canonical order, that begins at `from` or later; undefined where none is within
   * reach of a time token.
   */
  next(behind: Note | undefined, from: number): GivenNote | undefined {
    let first: GivenNote | undefined;
    const start = Math.max(from, behind?.onset ?? 0);
    for (const of of this.#all)
      for (const note of notesFrom(of, start)) {
        const isFirst = first === undefined || compareNotes(note, first.note) < 0;
        const isBehind = behind === undefined || compareNotes(note, behind) > 0;
        if (isFirst && isBehind && (of.alone || !this.isAloneAt(note.onset))) first = { note, of };
      }
    return first;
  }

  /** Whether nothing may be drawn at a step. */
  isAloneAt(step: number): boolean {
    return this.#all.some((of) => of.alone && covers(of, step));
  }

  /** The first step at `step` or later from which on nothing may be drawn; infinity where there is none. */
  aloneFrom(step: number): number {
    const starts = this.#all
      .filter(({ alone, until = Number.POSITIVE_INFINITY }) => alone && until > step)
      .map(({ from }) => Math.max(from, step));
    return Math.min(Number.POSITIVE_INFINITY, ...starts);
  }

  /** The first step at `step` or later at which something may be drawn; infinity where there is none. */
  openFrom(step: number): number {
    const alone = this.#all.find((of) => of.alone && covers(of, step));
    return alone === undefined ? step : this.openFrom(alone.until ?? Number.POSITIVE_INFINITY);
  }
}

const covers = ({ from, until = Number.POSITIVE_INFINITY }: GivenMusic, step: number): boolean =>
  step >= from && step < until;

/** What begins at a step or later, as far as a time token reaches, by onset. */
function* notesFrom(of: GivenMusic, start: number): Generator<Note> {
  const { from, until = Number.POSITIVE_INFINITY, cycle, notes } = of;
  const end = Math.min(until, start + MAX_DELTA);
  const first = Math.max(0, Math.floor((start - from) / cycle));
  for (let begins = from + first * cycle; begins < end; begins += cycle)
    for (const note of notes) {
      const onset = begins + note.onset;
      if (onset >= start && onset < end) yield { ...note, onset };
    }
}
