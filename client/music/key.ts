/** Keys by name, as sets of pitch classes. */
import { Failure } from "#base/failure.ts";

/** The scales a key can be named with; intervals in semitones above the tonic. */
export const SCALES: Readonly<Record<string, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
  "melodic minor": [0, 2, 3, 5, 7, 9, 11],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  locrian: [0, 1, 3, 5, 6, 8, 10],
  "major pentatonic": [0, 2, 4, 7, 9],
  "minor pentatonic": [0, 3, 5, 7, 10],
  blues: [0, 3, 5, 6, 7, 10],
};

/** Names of the twelve tonics as shown. */
export const TONICS = ["C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"] as const;

/** A tonic 0-11 (C = 0) and the name of a scale. */
export interface Key {
  readonly tonic: number;
  readonly scale: string;
}

const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/**
 * Reads "D minor", "Bb major", "F# dorian"; the scale is major where none is named.
 * @throws Failure "usage" with the scales known.
 */
export function parseKey(text: string): Key {
  const match = /^([A-Ga-g])([#♯b♭]?)(?:\s+(.+))?$/.exec(text.trim());
  const scale = match?.[3]?.toLowerCase().replace(/\s+/g, " ") ?? "major";
  if (match === null || !Object.hasOwn(SCALES, scale)) {
    throw new Failure(
      "usage",
      `The key "${text}" is not known; name a tonic and one of ${Object.keys(SCALES).join(", ")}.`,
    );
  }
  const sign = match[2] === "" ? 0 : match[2] === "#" || match[2] === "♯" ? 1 : -1;
  return { tonic: (LETTERS[match[1].toUpperCase()] + sign + 12) % 12, scale };
}

/** A key's name for people: "D minor". */
export const keyName = (key: Key): string => `${TONICS[key.tonic]} ${key.scale}`;

/** Whether a pitch class (0-11) belongs to a key. */
export const inKey = (key: Key, pitchClass: number): boolean =>
  SCALES[key.scale].includes((pitchClass - key.tonic + 12) % 12);
