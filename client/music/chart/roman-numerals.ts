/**
 * Chords as degrees of a key: "ii V7 I", "bVII", "vii°". Capitals are major, small letters minor, what follows is read
 * as after a chord's root. A bare degree is that of the key's own scale ("VI" in A minor is F); one with a sign counts
 * from the major scale, as jazz writes it ("bVI" in A minor is F, too).
 */
import { Failure } from "#base/failure.ts";
import { degreeInterval, intervalsOf, isMinorScale, type Key, SCALES } from "#music/key.ts";
import type { Chord } from "./chart.ts";
import { chordName, parseChord } from "./chord-names.ts";

const DEGREES = ["i", "ii", "iii", "iv", "v", "vi", "vii"];

const NUMERAL = /^([b♭#♯]?)(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)(?![IViv])(.*)$/;

/** Suffixes that say the third themselves, or leave it out: no "m" goes before them. */
const SAYS_THIRD = /^(dim|°|o|ø|sus|m(?!aj)|-|5)/;

/** Whether a word is meant as a degree. */
export const isNumeral = (word: string): boolean => NUMERAL.test(word);

/**
 * The chord of a degree in a key.
 * @throws Failure "usage" where there is no key, or what follows the degree is not known
 */
export function parseNumeral(word: string, key: Key | undefined): Chord {
  const match = NUMERAL.exec(word);
  if (match === null) {
    throw new Failure("usage", `"${word}" is no degree; write one like ii, V7 or bVII.`);
  }
  if (key === undefined) {
    throw new Failure(
      "usage",
      `"${word}" is a degree and there is no key; name one, or the chord.`,
    );
  }
  const [, sign, degree, suffix] = match;
  const small = degree === degree.toLowerCase();
  const third = small && !SAYS_THIRD.test(suffix) ? "m" : "";
  const above = intervalOf(DEGREES.indexOf(degree.toLowerCase()), sign, key);
  const root = chordName({ root: (key.tonic + above) % 12, quality: "major" });
  return parseChord(root + third + suffix) as Chord;
}

/** Semitones above the tonic, 0-12. */
function intervalOf(degree: number, sign: string, { scale }: Key): number {
  if (sign !== "") return degreeInterval(degree, sign);
  const own = intervalsOf(scale) ?? [];
  // A scale of five or six tones has no degree of its own for each numeral.
  const counted = own.length === 7 ? own : SCALES[isMinorScale(scale) ? "minor" : "major"];
  return counted[degree];
}
