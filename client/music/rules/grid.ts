/**
 * The places in a bar where notes may begin. Steps are 1/32 notes, so triplets are not on them; where music in triplets
 * is written in steps each falls on the nearest, and so do these grids. Off the grid nothing begins: time moves on.
 */
import type { MetreMap } from "#music/metre.ts";

/** Places within a period of so many steps, the first at 0. */
const PLACES = {
  "1/4": [8, [0]],
  "1/4 triplets": [16, [0, 5, 11]],
  "1/8": [4, [0]],
  "1/8 triplets": [8, [0, 3, 5]],
  "1/16": [2, [0]],
  "1/32": [1, [0]],
} as const satisfies Record<string, readonly [period: number, places: readonly number[]]>;

export type GridName = keyof typeof PLACES;

/** Every grid, the coarsest first; the last leaves all steps. */
export const GRIDS = Object.keys(PLACES) as readonly GridName[];

/** See the header; counted from each bar's beginning. */
export class Grid {
  readonly #metres: MetreMap;
  readonly #period: number;
  readonly #places: readonly number[];

  constructor(name: GridName, metres: MetreMap) {
    [this.#period, this.#places] = PLACES[name];
    this.#metres = metres;
  }

  /** Whether a note may begin at a step. */
  holds(step: number): boolean {
    return this.#places.includes(this.#metres.phaseAt(step) % this.#period);
  }

  /** The first step after `step` at which that may change. */
  changesAfter(step: number): number {
    if (this.#period === 1) return Number.POSITIVE_INFINITY;
    const { start, steps } = this.#metres.barAt(step);
    const begun = step - ((step - start) % this.#period);
    const places = [...this.#places.flatMap((place) => [place, place + 1]), this.#period];
    const next = Math.min(...places.map((place) => begun + place).filter((place) => place > step));
    return Math.min(next, start + steps);
  }
}
