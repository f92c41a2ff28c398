/** Notes from outside, the browser's store or a link: only those that a piece could hold are any. The store has them as a text. */

import { isJson, isWhole } from "#base/json.ts";
import { cutOut } from "#engine/compose/given-music.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import { packedNotes, unpackedNotes } from "./packed-notes.ts";

/** Steps and notes of the longest music that goes round or comes back. */
const LONGEST = { steps: 32 * STEPS_PER_WHOLE, notes: 2048 } as const;

/** Whether a value is a note. @param latest step at which it may begin, and the steps that it may last */
export function isNote(value: unknown, latest: number): value is Note {
  if (!isJson(value)) return false;
  const { instrument, pitch, velocity, onset, duration } = value;
  return (
    isWhole(instrument, 0, INSTRUMENTS.length - 1) &&
    isWhole(pitch, 0, 127) &&
    isWhole(velocity, 1, 127) &&
    isWhole(onset, 0, latest) &&
    isWhole(duration, 1, latest)
  );
}

/** Notes as they are kept: the first of them, where there are more than can be. */
export const storedNotes = (notes: readonly Note[]): string =>
  packedNotes(notes.slice(0, LONGEST.notes));

/** Steps, and what of kept notes lies in them; undefined where nothing does. */
export function keptNotes(steps: unknown, said: unknown) {
  const notes: unknown = typeof said === "string" ? unpackedNotes(said) : said;
  if (!isWhole(steps, 1, LONGEST.steps) || !Array.isArray(notes)) return undefined;
  const known = notes.slice(0, LONGEST.notes).filter((note) => isNote(note, LONGEST.steps));
  const within = cutOut(known, 0, steps);
  return within.length === 0 ? undefined : { steps, notes: within };
}
