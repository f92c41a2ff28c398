/**
 * How many notes a bar may hold, kept as a debt (a leaky bucket): a note costs `NOTE_COST`, each step pays
 * `density`. Once more is owed than a beat pays, the next onset waits; a chord that has begun may be finished. So
 * chords stay whole and the pulse grows thinner, where a limit on every note would smear chords over the grid.
 * grammar-program.ts says the same in WGSL, which is why all of it is integers.
 */
import { assert } from "#base/assert.ts";
import { STEPS_PER_BAR, STEPS_PER_QUARTER } from "./units.ts";

/** What a note costs: a bar of steps pays for `density` notes. */
export const NOTE_COST = STEPS_PER_BAR;

/** Steps whose pay may be owed before an onset waits. */
export const FREE_STEPS = STEPS_PER_QUARTER;

/** The longest that an onset waits, in steps, so that no hole is heard: more is not owed. */
export const LONGEST_SPACING = STEPS_PER_BAR / 2;

/** The debt of one piece. */
export class DensityLimit {
  /** Notes a bar, a positive integer. */
  readonly density: number;
  #debt = 0;

  /** @param debt what was owed before; more than can be owed is forgiven. */
  constructor(density: number, debt = 0) {
    assert(Number.isInteger(density) && density > 0, `density ${density}: expected notes a bar`);
    this.density = density;
    this.#owe(debt);
  }

  /** What is owed, at most `(FREE_STEPS + LONGEST_SPACING) * density`. */
  get debt(): number {
    return this.#debt;
  }

  /** Steps until another onset may begin, at most `LONGEST_SPACING`. */
  get spacing(): number {
    return Math.max(0, Math.ceil(this.#debt / this.density) - FREE_STEPS);
  }

  /** A note was struck, so many steps after the one before. */
  push(steps: number): void {
    this.#owe(Math.max(0, this.#debt - steps * this.density) + NOTE_COST);
  }

  #owe(debt: number): void {
    this.#debt = Math.min(debt, (FREE_STEPS + LONGEST_SPACING) * this.density);
  }
}
