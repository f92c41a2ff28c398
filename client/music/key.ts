/** Keys by name, as sets of pitch classes: a scale that has a name, or any set of degrees. */
import { assert } from "#base/assert.ts";
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

/** A tonic 0-11 (C = 0) and a scale: one of SCALES by its name, or degrees of the major scale, "1 2 b3 5 b7". */
export interface Key {
  readonly tonic: number;
  readonly scale: string;
}

const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

const SIGNS: Readonly<Record<string, number>> = { "": 0, "#": 1, "♯": 1, b: -1, "♭": -1 };

/** The pitch class 0-11 of a letter A-G, small or large, and a sign, which may be empty. */
export const pitchClassOf = (letter: string, sign: string): number =>
  (LETTERS[letter.toUpperCase()] + SIGNS[sign] + 12) % 12;

/** The interval 0-11 of a degree of the major scale, 0-6, and a sign, which may be empty. */
export const degreeInterval = (degree: number, sign: string): number =>
  (SCALES.major[degree] + SIGNS[sign] + 12) % 12;

/** Intervals of a scale above its tonic, 0-11; undefined where it has neither a known name nor degrees. */
export function intervalsOf(scale: string): readonly number[] | undefined {
  if (Object.hasOwn(SCALES, scale)) return SCALES[scale];
  const degrees = scale.split(" ").map((degree) => /^([#♯b♭]?)([1-7])$/.exec(degree));
  if (degrees.some((degree) => degree === null)) return undefined;
  return degrees.map((degree) => degreeInterval(Number(degree?.[2]) - 1, degree?.[1] ?? ""));
}

/**
 * Reads "D minor", "Bb major", "F# dorian", "C 1 2 b3 5 6"; the scale is major where none is named.
 * @throws Failure "usage" with the scales known.
 */
export function parseKey(text: string): Key {
  const match = /^([A-Ga-g])([#♯b♭]?)(?:\s+(.+))?$/.exec(text.trim());
  const scale = match?.[3]?.toLowerCase().replace(/[\s,]+/g, " ") ?? "major";
  if (match === null || intervalsOf(scale) === undefined) {
    throw new Failure(
      "usage",
      `The key "${text}" is not known; name a tonic and one of ${Object.keys(SCALES).join(", ")}, or degrees as in "C 1 2 b3 5 6".`,
    );
  }
  return { tonic: pitchClassOf(match[1], match[2]), scale };
}

/** A key's name for people: "D minor". */
export const keyName = (key: Key): string => `${TONICS[key.tonic]} ${key.scale}`;

/** Pitch classes 0-11 of a key. */
export function pitchClassesOf({ tonic, scale }: Key): readonly number[] {
  const intervals = intervalsOf(scale);
  assert(intervals !== undefined, `scale "${scale}": expected one of SCALES or degrees`);
  return intervals.map((interval) => (tonic + interval) % 12);
}

/** Whether a pitch class (0-11) belongs to a key. */
export const inKey = (key: Key, pitchClass: number): boolean =>
  pitchClassesOf(key).includes(pitchClass);

/** Whether a scale sounds minor: its third is minor and not also major. */
export function isMinorScale(scale: string): boolean {
  const intervals = intervalsOf(scale) ?? [];
  return intervals.includes(3) && !intervals.includes(4);
}
