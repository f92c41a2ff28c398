/**
 * Which composed notes still count. Each retake has a number and a step from which it takes back;
 * notes of an earlier take that were on their way count only before that step.
 */

import type { ComposedNotes } from "#engine/compose/composition.ts";
import type { Note } from "#music/note.ts";

/** The takes ordered and not yet heard of. */
export class Takes {
  #newest = 0;
  #retakes: { readonly take: number; readonly step: number }[] = [];

  /** A new piece began as take `take`: nothing of earlier ones counts. */
  begin(take: number): void {
    this.#newest = take;
    this.#retakes = [{ take, step: Number.NEGATIVE_INFINITY }];
  }

  /** Take `take` was ordered to begin at `step`. */
  retake(take: number, step: number): void {
    this.#newest = take;
    this.#retakes.push({ take, step });
  }

  /** The notes of a batch that were not taken back since they were composed. */
  valid(composed: ComposedNotes): readonly Note[] {
    if (composed.take >= this.#newest) {
      this.#retakes = [];
      return composed.notes;
    }
    const limit = this.#retakes
      .filter((retake) => retake.take > composed.take)
      .reduce((least, retake) => Math.min(least, retake.step), Number.POSITIVE_INFINITY);
    return composed.notes.filter((note) => note.onset < limit);
  }
}
