/** What was played, kept from the first note on, so that a take can be saved after the fact. */
import type { Groove } from "#music/groove.ts";
import { GrooveMap } from "#music/groove-map.ts";
import { MetreMap } from "#music/metre.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Prime } from "#music/midi/prime.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes, endOfNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";

/** The notes handed to players, on the grid, and the tempos, metres and grooves they had. */
export class Journal {
  #notes: Note[] = [];
  #tempos: TempoPoint[] = [];
  #metres = new MetreMap();
  #grooves = new GrooveMap();

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

  /** Notes from `step` on are played in a groove. */
  setGroove(step: number, groove: Groove): void {
    this.#grooves = this.#grooves.changedFrom(step, groove);
  }

  /** How notes are played. */
  get grooves(): GrooveMap {
    return this.#grooves;
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
  restore({ notes, tempos, metres, grooves }: Prime): void {
    this.#notes = [...notes];
    this.#tempos = [...tempos];
    this.#metres = new MetreMap(metres);
    this.#grooves = new GrooveMap(grooves);
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
    this.#grooves = new GrooveMap();
  }

  /** What was heard, with its metres and tempos. */
  get music(): Prime {
    const notes = canonicalNotes(this.#notes);
    const metres = this.#metres.until(endOfNotes(notes)).points;
    return { notes, metres, tempos: this.#tempos, grooves: this.#grooves.points };
  }

  /** The take as a Standard MIDI File. */
  toMidi(title: string): Uint8Array {
    const { notes, metres, ...time } = this.music;
    return writeMidi(notes, { ...time, metres: new MetreMap(metres), title });
  }
}
