/** A composition source on a machine of a certain speed, in the time that a test lets pass. */
import { Emitter } from "#base/emitter.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import type { Note } from "#music/note.ts";

/** Steps from one note to the next. */
const EVERY = 2;

/** Tokens of a full band's step; it is told that so many were drawn. */
const TOKENS_A_STEP = (3 * 45) / 32;

/** Every note carries in its pitch the revision under which it was composed, so that it can be told whose it is. */
export class PacedSource implements CompositionSource {
  readonly composed = new Emitter<ComposedNotes>();
  readonly failed = new Emitter<Error>();
  /** The piece as the composer remembers it. */
  readonly piece: Note[] = [];
  readonly retakes: { step: number; settings: CompositionSettings; revision: number }[] = [];
  /** Steps composed a second. */
  stepsPerSecond: number;
  /** Seconds that an order waits for what is being drawn. */
  latency = 0.03;
  #revision = 0;
  #until = 0;
  #next = 0;
  /** Seconds of composing that are left to spend; below 0 an order is waited for. */
  #budget = 0;

  constructor(stepsPerSecond: number) {
    this.stepsPerSecond = stepsPerSecond;
  }

  begin(): number {
    this.piece.length = 0;
    this.#next = 0;
    this.#until = 0;
    return ++this.#revision;
  }

  composeUntil(step: number): void {
    this.#until = step;
  }

  retake(step: number, settings: CompositionSettings): number {
    this.retakes.push({ step, settings, revision: ++this.#revision });
    while (this.piece.length > 0 && this.piece[this.piece.length - 1].onset >= step)
      this.piece.pop();
    this.#next = Math.min(this.#next, Math.ceil(step / EVERY) * EVERY);
    this.#budget = -this.latency;
    return this.#revision;
  }

  /** So many seconds pass. */
  pass(duration: number): void {
    this.#budget += duration;
    const cost = EVERY / this.stepsPerSecond;
    const notes: Note[] = [];
    while (this.#next < this.#until && this.#budget >= cost) {
      this.#budget -= cost;
      const note = {
        instrument: 0,
        pitch: this.#revision % 128,
        velocity: 90,
        onset: this.#next,
        duration: 2,
      };
      notes.push(note);
      this.#next += EVERY;
    }
    if (this.#next >= this.#until) this.#budget = Math.min(this.#budget, 0);
    if (notes.length === 0) return;
    this.piece.push(...notes);
    const milliseconds = notes.length * cost * 1000;
    const tokens = notes.length * EVERY * TOKENS_A_STEP;
    this.composed.emit({ revision: this.#revision, notes, tokens, milliseconds });
  }

  dispose(): void {
    this.#until = 0;
  }
}
