/**
 * The music known: what was played (kept for a while, for the eye) and what is composed and not
 * yet played. Notes are ordered by onset. `composedUntil` is the onset of the newest event: no
 * later event can begin before it, so the music is complete up to there.
 */
import type { Note } from "#music/note.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";

/** Played notes kept for display, in steps: more than the roll ever shows. */
export const PAST_STEPS = 16 * STEPS_PER_WHOLE;

/** Notes from the recent past to the end of what is composed. */
export class Plan {
  #notes: Note[] = [];
  /** Index of the first note not yet handed to a player. */
  #next = 0;
  #composedUntil = 0;
  #isWhole = false;

  /** Every note known, by onset; a live view, do not keep it. */
  get notes(): readonly Note[] {
    return this.#notes;
  }

  /** Steps up to which the music is complete. */
  get composedUntil(): number {
    return this.#composedUntil;
  }

  /** Whether nothing comes after it: the piece ends at `composedUntil`. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether notes wait to be handed out. */
  get hasNext(): boolean {
    return this.#next < this.#notes.length;
  }

  /** Adds composed notes, in order. */
  add(notes: readonly Note[]): void {
    for (const note of notes) {
      this.#notes.push(note);
      this.#composedUntil = Math.max(this.#composedUntil, note.onset);
    }
  }

  /** Adds a note that is heard already: it is not handed out. */
  addHeard(note: Note): void {
    const after = this.#notes.findIndex(({ onset }) => onset > note.onset);
    const index = Math.min(after < 0 ? this.#notes.length : after, this.#next);
    this.#notes.splice(index, 0, note);
    this.#next++;
  }

  /** A note that was added as heard is another: it went on. */
  replaceHeard(note: Note, by: Note): void {
    const index = this.#notes.indexOf(note);
    if (index >= 0) this.#notes[index] = by;
  }

  /** The piece ends at `step`: all its notes were added. */
  endAt(step: number): void {
    this.#composedUntil = step;
    this.#isWhole = true;
  }

  /** Takes the notes that begin before `step` and were not taken yet. */
  take(step: number): readonly Note[] {
    const first = this.#next;
    while (this.#next < this.#notes.length && this.#notes[this.#next].onset < step) this.#next++;
    return this.#notes.slice(first, this.#next);
  }

  /** Hands the notes from `step` on out again: what a stop cut short. */
  rewind(step: number): void {
    const index = this.#notes.findIndex((note) => note.onset >= step);
    this.#next = index < 0 ? this.#notes.length : Math.min(this.#next, index);
  }

  /** Forgets what is planned from `step` on and not yet handed out. */
  dropFrom(step: number): void {
    let index = this.#notes.findIndex((note) => note.onset >= step);
    if (index < 0) index = this.#notes.length;
    this.#notes.length = Math.max(index, this.#next);
    this.#composedUntil = this.#notes.at(-1)?.onset ?? 0;
    this.#isWhole = false;
  }

  /** Forgets what was played more than `PAST_STEPS` before `step`. */
  forgetBefore(step: number): void {
    const index = this.#notes.findIndex((note) => note.onset + note.duration >= step - PAST_STEPS);
    // In batches: cutting the head of a long list at every tick would be work for nothing.
    if (index < 256) return;
    const count = Math.min(index, this.#next);
    this.#notes.splice(0, count);
    this.#next -= count;
  }

  /** Forgets everything. */
  clear(): void {
    this.#notes = [];
    this.#next = 0;
    this.#composedUntil = 0;
    this.#isWhole = false;
  }
}
