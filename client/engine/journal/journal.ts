/** What was played, kept from the first note on, so that a take can be saved after the fact. */
import { MetreMap } from "#music/metre.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes, endOfNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";

/** The notes handed to players, and the tempos and metres they had. */
export class Journal {
  #notes: Note[] = [];
  #tempos: TempoPoint[] = [];
  #metres = new MetreMap();

  /** Notes heard, in the order they were handed out. */
  get notes(): readonly Note[] {
    return this.#notes;
  }

  /** A note was handed to a player. */
  add(note: Note): void {
    this.#notes.push(note);
  }

  /** The tempo is `tempo` from `step` on. */
  setTempo(step: number, tempo: number): void {
    while (this.#tempos.length > 0 && this.#tempos[this.#tempos.length - 1].step >= step) {
      this.#tempos.pop();
    }
    this.#tempos.push({ step, tempo });
  }

  /** The metres of the piece, as far as they are known. */
  setMetres(metres: MetreMap): void {
    this.#metres = metres;
  }

  /** Playing stopped at `step`: what lies later was not heard, what sounded ends there. */
  cut(step: number): void {
    const end = Math.ceil(step);
    this.#notes = this.#notes
      .filter((note) => note.onset < end)
      .map((note) =>
        note.onset + note.duration > end ? { ...note, duration: end - note.onset } : note,
      );
  }

  /** What was heard before, of a piece that goes on. */
  restore({ notes, tempos, metres }: Prime): void {
    this.#notes = [...notes];
    this.#tempos = [...tempos];
    this.#metres = new MetreMap(metres);
  }

  /** The tempos so far. */
  get tempos(): readonly TempoPoint[] {
    return this.#tempos;
  }

  /** Forgets everything; a new piece begins. */
  clear(): void {
    this.#notes = [];
    this.#tempos = [];
    this.#metres = new MetreMap();
  }

  /** What was heard, with its metres and tempos. */
  get music(): Prime {
    const notes = canonicalNotes(this.#notes);
    return { notes, metres: this.#metres.until(endOfNotes(notes)).points, tempos: this.#tempos };
  }

  /** The take as a Standard MIDI File. */
  toMidi(title: string): Uint8Array {
    const notes = canonicalNotes(this.#notes);
    const metres = this.#metres.until(endOfNotes(notes));
    return writeMidi(notes, { tempos: this.#tempos, metres, title });
  }
}
