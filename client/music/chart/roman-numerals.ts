/**
 * Chords as degrees of a key: "ii V7 I", "bVII", "vii°". Capitals are major, small letters minor, what follows is read
 * as after a chord's root. A bare degree is that of the key's own scale ("VI" in A minor is F); one with a sign counts
 * from the major scale, as jazz writes it ("bVI" in A minor is F, too).
 */
import { Failure } from "#base/failure.ts";
import { degreeInterval, intervalsOf, isMinorScale, type Key, SCALES } from "#music/key.ts";
import type { Chord } from "./chart.ts";
import { chordName, namesChord, parseChord } from "./chord-names.ts";

const DEGREES = ["i", "ii", "iii", "iv", "v", "vi", "vii"];

const NUMERAL = /^([b♭#♯]?)(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)(?![IViv])(.*)$/;

/** Suffixes that say the third themselves, or leave it out: no "m" goes before them. */
const SAYS_THIRD = /^(dim|°|o|ø|sus|m(?!a)|-|5)/;

/** Whether a word is a degree: what follows it is what may follow a chord's root. */
export function isNumeral(word: string): boolean {
  const match = NUMERAL.exec(word);
  return match !== null && namesChord(`C${suffixOf(match)}`);
}

/** What a numeral's chord has after its root: a small one is minor where it does not say so itself. */
function suffixOf([, , degree, suffix]: RegExpExecArray): string {
  const small = degree === degree.toLowerCase();
  return (small && !SAYS_THIRD.test(suffix) ? "m" : "") + suffix;
}

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
  const [, sign, degree] = match;
  const above = intervalOf(DEGREES.indexOf(degree.toLowerCase()), sign, key);
  const root = chordName({ root: (key.tonic + above) % 12, quality: "major" });
  return parseChord(root + suffixOf(match)) as Chord;
}

/** Semitones above the tonic, 0-12. */
function intervalOf(degree: number, sign: string, { scale }: Key): number {
  if (sign !== "") return degreeInterval(degree, sign);
  const own = intervalsOf(scale) ?? [];
  // A scale of five or six tones has no degree of its own for each numeral.
  const counted = own.length === 7 ? own : SCALES[isMinorScale(scale) ? "minor" : "major"];
  return counted[degree];
}
