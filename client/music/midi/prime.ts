/**
 * Music to go on from: a file's notes from the bar in which they begin, in the metres and tempos of the file. What the
 * file says of time after its last note belongs to no music and is left out, and so is a count-in.
 */
import type { GroovePoint } from "#music/groove-map.ts";
import type { MetrePoint } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes } from "#music/piece.ts";
import { TempoMap, type TempoPoint } from "#music/tempo-map.ts";
import type { Arrangement } from "./arrangement.ts";

/** Notes from step 0 on and how they lie in time; data, so that it can cross to a worker. */
export interface Prime {
  /** Canonical; the first begins in bar 0. */
  readonly notes: readonly Note[];
  /** See `MetreMap`; 4/4 where empty. */
  readonly metres: readonly MetrePoint[];
  /** See `TempoMap`; 120 BPM where empty. */
  readonly tempos: readonly TempoPoint[];
  /** See `GrooveMap`; straight where undefined. A file's notes stand as they were played. */
  readonly grooves?: readonly GroovePoint[];
}

/** What a file gives to go on from. @param arrangement with notes */
export function primeOf({ notes, metres, tempos }: Arrangement): Prime {
  const { start } = metres.barAt(notes[0].onset);
  const moved = notes.map((note) => ({ ...note, onset: note.onset - start }));
  const end = endOfNotes(moved);
  const first = { step: 0, tempo: new TempoMap(tempos).tempoAt(start) };
  const later = tempos.flatMap(({ step, tempo }) =>
    step > start && step < start + end ? [{ step: step - start, tempo }] : [],
  );
  return { notes: moved, metres: metres.from(start).until(end).points, tempos: [first, ...later] };
}

/** The tempo in force where the first note begins, to a hundredth: files count in whole microseconds. */
export const openingTempo = ({ notes, tempos }: Prime): number =>
  Math.round(100 * new TempoMap(tempos).tempoAt(notes[0]?.onset ?? 0)) / 100;
