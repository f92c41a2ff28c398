/** What was played, kept from the first note on, so that a take can be saved after the fact. */
import { noteKey } from "#engine/compose/played-notes.ts";
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
  /** Keys of the notes that a human played, see `noteKey`. */
  readonly #byHand = new Set<number>();
  #cuts: number[] = [];
  #leftOut: number[] = [];

  /** Notes heard, in the order they were handed out. */
  get notes(): readonly Note[] {
    return this.#notes;
  }

  /** A note was handed to a player. */
  add(note: Note): void {
    this.#notes.push(note);
  }

  /** A human's note is over. */
  addPlayed(note: Note): void {
    this.#byHand.add(noteKey(note));
    this.add(note);
  }

  /** Those of the notes that a human played. */
  played(): readonly Note[] {
    return this.#notes.filter((note) => this.#byHand.has(noteKey(note)));
  }

  /** A note came too late to be heard. */
  leaveOut(note: Note): void {
    this.#leftOut.push(noteKey(note));
  }

  /** Keys of the notes that came too late, see `noteKey`. */
  get leftOut(): readonly number[] {
    return this.#leftOut;
  }

  /** Steps at which playing stopped. */
  get cuts(): readonly number[] {
    return this.#cuts;
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
    this.#cuts.push(end);
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
    this.#byHand.clear();
    this.#cuts = [];
    this.#leftOut = [];
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
