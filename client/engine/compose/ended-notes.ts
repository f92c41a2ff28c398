/** What is left of notes where a piece ends. */
import type { Note } from "#music/note.ts";

/** The notes that begin before a step, ringing no longer than to it. */
export const endedAt = (notes: readonly Note[], step: number): readonly Note[] =>
  notes
    .filter(({ onset }) => onset < step)
    .map((note) =>
      note.onset + note.duration > step ? { ...note, duration: step - note.onset } : note,
    );
