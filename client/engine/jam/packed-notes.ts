/**
 * Notes as a text, for the browser's store: nine digits of base 36 each where JSON takes some seventy letters. Marks and what goes
 * round hold thousands of notes, eight banks hold them once more, and what a page may keep ends at five million letters.
 */
import type { Note } from "#music/note.ts";

/** Digits of each field, in their order. */
const DIGITS = { onset: 2, duration: 2, instrument: 1, pitch: 2, velocity: 2 } as const;
const FIELDS = Object.entries(DIGITS) as [keyof Note, number][];
const LETTERS = FIELDS.reduce((sum, [, digits]) => sum + digits, 0);

/** @param notes that begin and last less than 1,296 steps */
export const packedNotes = (notes: readonly Note[]): string =>
  notes
    .flatMap((note) =>
      FIELDS.map(([name, digits]) => note[name].toString(36).padStart(digits, "0")),
    )
    .join("");

/** The notes of a text; what is none has fields that are no numbers, to be seen by whoever reads them. */
export const unpackedNotes = (text: string): Record<keyof Note, number>[] =>
  Array.from({ length: Math.floor(text.length / LETTERS) }, (_, index) => {
    let at = index * LETTERS;
    const read = FIELDS.map(([name, digits]) => {
      const value = Number.parseInt(text.slice(at, at + digits), 36);
      at += digits;
      return [name, value] as const;
    });
    return Object.fromEntries(read) as Record<keyof Note, number>;
  });
