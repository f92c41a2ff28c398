/**
 * How many notes a whole note may hold, kept as a debt (a leaky bucket): a note costs `NOTE_COST`, each step pays
 * `density`. A limit on how fast notes come: bars have no part in it, so no metre moves it. Once more is owed than a beat pays, the next onset waits, and the chord of this one may grow to
 * `longestChord` and no further. So the pulse grows thinner and chords stay chords, where a limit on every note
 * would smear them over the grid; nothing is ever forgiven, so the density holds.
 * grammar-program.ts says the same in WGSL, which is why all of it is integers.
 */
import { assert } from "#base/assert.ts";
import { STEPS_PER_QUARTER, STEPS_PER_WHOLE } from "#music/units.ts";

/** What a note costs: the steps of a whole note pay for `density` notes. */
export const NOTE_COST = STEPS_PER_WHOLE;

/** Steps whose pay may be owed before an onset waits. */
export const FREE_STEPS = STEPS_PER_QUARTER;

/** Notes that a chord may always have, and the share of a whole note's notes that it may have beyond them. */
export const CHORD = { notes: 2, divisor: 6 } as const;

/** The debt of one piece. */
export class DensityLimit {
  /** Notes a whole note, a positive integer. */
  readonly density: number;
  #debt: number;
  /** Notes of the newest onset. */
  #chord: number;

  /** @param before the limit that held until now; what is owed stays owed. */
  constructor(density: number, before?: DensityLimit) {
    assert(
      Number.isInteger(density) && density > 0,
      `density ${density}: expected notes a whole note`,
    );
    this.density = density;
    this.#debt = before?.debt ?? 0;
    this.#chord = before?.chord ?? 0;
  }

  /** What is owed, 0 or more. */
  get debt(): number {
    return this.#debt;
  }

  /** How many notes the newest onset has. */
  get chord(): number {
    return this.#chord;
  }

  /** Steps until another onset may begin. */
  get spacing(): number {
    return Math.max(0, Math.ceil(this.#debt / this.density) - FREE_STEPS);
  }

  /** Whether another note may join the newest onset. */
  get mayJoin(): boolean {
    const longestChord = CHORD.notes + Math.floor(this.density / CHORD.divisor);
    return this.spacing === 0 || this.#chord < longestChord;
  }

  /** A note was struck, so many steps after the one before. */
  push(steps: number): void {
    this.#debt = Math.max(0, this.#debt - steps * this.density) + NOTE_COST;
    this.#chord = steps > 0 ? 1 : this.#chord + 1;
  }
}
