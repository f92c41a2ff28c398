/**
 * Which composed notes still count. Each retake has a number and a step from which it takes back;
 * notes of an earlier revision that were on their way count only before that step.
 */

import type { ComposedNotes } from "#engine/compose/composition.ts";
import type { Note } from "#music/note.ts";

/** The revisions ordered and not yet heard of. */
export class Revisions {
  #newest = 0;
  #retakes: { readonly revision: number; readonly step: number }[] = [];

  /** A new piece began as revision `revision`: nothing of earlier ones counts. */
  begin(revision: number): void {
    this.#newest = revision;
    this.#retakes = [{ revision, step: Number.NEGATIVE_INFINITY }];
  }

  /** Revision `revision` was ordered to begin at `step`. */
  retake(revision: number, step: number): void {
    this.#newest = revision;
    this.#retakes.push({ revision, step });
  }

  /** Whether nothing was ordered after a revision. */
  isNewest(revision: number): boolean {
    return revision >= this.#newest;
  }

  /** The notes of a batch that were not taken back since they were composed. */
  valid(composed: ComposedNotes): readonly Note[] {
    if (composed.revision >= this.#newest) {
      this.#retakes = [];
      return composed.notes;
    }
    const limit = this.#retakes
      .filter((retake) => retake.revision > composed.revision)
      .reduce((least, retake) => Math.min(least, retake.step), Number.POSITIVE_INFINITY);
    return composed.notes.filter((note) => note.onset < limit);
  }
}
