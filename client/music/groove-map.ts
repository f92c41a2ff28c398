/** Which groove holds from which step on, as tempos and metres do: what was played so stays as it was heard. */
import { type Groove, played, STRAIGHT, sameGroove } from "./groove.ts";
import type { MetreMap } from "./metre.ts";
import type { Note } from "./note.ts";
import { canonicalNotes } from "./piece.ts";

/** A groove from a step (may be fractional) on. */
export interface GroovePoint extends Groove {
  readonly step: number;
}

/** Steps to grooves. Immutable. */
export class GrooveMap {
  /** Ascending by step, none that changes nothing. */
  readonly points: readonly GroovePoint[];

  /** @param points ascending by step; straight until the first */
  constructor(points: readonly GroovePoint[] = []) {
    this.points = points;
  }

  /** What holds at a step. */
  at(step: number): Groove {
    return this.points.findLast((point) => point.step <= step) ?? STRAIGHT;
  }

  /** The same until `step`; from there on one groove alone. */
  changedFrom(step: number, groove: Groove): GrooveMap {
    const before = new GrooveMap(this.points.filter((point) => point.step < step));
    if (sameGroove(before.at(step), groove)) return before;
    return new GrooveMap([...before.points, { ...groove, step }]);
  }

  /** A note as it is played; see groove.ts. */
  played(note: Note, metres: MetreMap): Note {
    return played(note, this.at(note.onset), metres);
  }

  /** Notes as they are played, by onset. Where the groove changed, none rings into the next of its key. */
  playedAll(notes: readonly Note[], metres: MetreMap): readonly Note[] {
    if (this.points.length === 0) return notes;
    return canonicalNotes(notes.map((note) => this.played(note, metres)));
  }
}
