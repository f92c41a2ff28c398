/**
 * Chords by name, as lead sheets write them: "Am", "F#dim", "G7", "Bbsus", "C5", "N.C." where there is none. Read more
 * generously than written: a colour that has no quality of its own counts with the quality it colours.
 */
import { Failure, failureOf, quoted } from "#base/failure.ts";
import { pitchClassOf } from "#music/key.ts";
import type { Chord, Quality } from "./chart.ts";

/** Names of the twelve roots as written. */
const ROOTS = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"] as const;

/** What follows the root in print. */
const SUFFIXES: Readonly<Record<Quality, string>> = {
  major: "",
  minor: "m",
  dominant: "7",
  diminished: "dim",
  suspended: "sus",
  fifth: "5",
};

const MAJOR = "(maj|Maj|ma|Ma|M|Δ|\\^)";
const MINOR = "(min|Min|mi|m|-)";
const ADDED = "(add(2|4|9|11|#11|13))";
const CHANGED = "([b#](5|9|11|13))";

/** What may follow the root, the first that matches the whole of it. */
const READINGS = (
  [
    [`${MAJOR}?${ADDED}?`, "major"],
    [`${MAJOR}(6|7|9|11|13)${CHANGED}*`, "major"],
    [`(6|69|6/9|2)${ADDED}?|[+]|aug|[b#]5`, "major"],
    [`(dim|°|o|ø)(7|9)?|${MINOR}(7|9|11)?b5`, "diminished"],
    [`${MINOR}(6|69|6/9|7|9|11|13)?${CHANGED}*${ADDED}?`, "minor"],
    [`${MINOR}${MAJOR}(7|9)`, "minor"],
    [`(7|9|11|13)?sus(2|4|24)?${ADDED}?`, "suspended"],
    [`(7|9|11|13)${CHANGED}*${ADDED}?|dom7?|(7|9)(alt|[+])|([+]|aug)(7|9)`, "dominant"],
    ["5", "fifth"],
  ] as const
).map(([suffix, quality]): [RegExp, Quality] => [new RegExp(`^(${suffix})$`), quality]);

/** A chord's name: "F#dim"; "N.C." where there is none. */
export const chordName = (chord: Chord | "none"): string =>
  chord === "none" ? "N.C." : ROOTS[chord.root] + SUFFIXES[chord.quality];

/**
 * Reads a chord's name. A bass after a slash ("C/E") is not part of the chord.
 * @throws Failure "usage" with the names that are known.
 */
export function parseChord(text: string): Chord | "none" {
  if (/^(N\.?C\.?|none)$/i.test(text.trim())) return "none";
  const match = /^([A-G])([#♯b♭]?)(.*?)(\/[A-G][#♯b♭]?)?$/.exec(text.trim());
  const suffix = match?.[3].replaceAll("♭", "b").replaceAll("♯", "#").replace(/[()]/g, "");
  const reading = READINGS.find(([pattern]) => suffix !== undefined && pattern.test(suffix));
  if (match === null || reading === undefined) {
    throw new Failure(
      "usage",
      `The chord ${quoted(text)} is not known; write one like C, Am, G7, F#dim, Bbsus, C5, or N.C. for none.`,
    );
  }
  return { root: pitchClassOf(match[1], match[2]), quality: reading[1] };
}

/** Whether a text is a chord's name. */
export const namesChord = (text: string): boolean =>
  failureOf(() => parseChord(text)) === undefined;
