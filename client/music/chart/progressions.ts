/**
 * Chord progressions, drawn from what the training music does: a model of variable order over the first chords of
 * bars, relative to the key, and how a bar's second half goes on, in bars of one kind of metre and in all. The counts
 * stand in presets/practice.json, made by `npm run count-practice` (training/prepare/).
 */
import { assert } from "#base/assert.ts";
import { type ChartChord, type Chord, QUALITIES } from "./chart.ts";

/** Whether a key's third is major or minor. */
export type Mode = "major" | "minor";

/**
 * Successors of a context: pairs of a chord's letter and a weight 1-z (base 36). Contexts are letters, oldest first, ""
 * for any.
 */
export type Successors = Readonly<Record<string, string | undefined>>;

/** Metres whose bars hold as many chords as each other: up to 5/8; 3/8, 3/4, 6/8 and 9/8; all others. */
export const METRE_KINDS = ["two", "three", "four"] as const;

export type MetreKind = (typeof METRE_KINDS)[number];

/** The kind of metre of bars of so many steps. */
export function metreKind(steps: number): MetreKind {
  if (steps === 12 || steps === 24 || steps === 36) return "three";
  return steps <= 20 ? "two" : "four";
}

/** How chords follow each other. */
export interface Succession {
  /** The first chord of a bar after those of up to `ORDER` bars. */
  readonly bars: Successors;
  /** The chord of a bar's second half after that of its first. */
  readonly halves: Successors;
}

/** What one family of music does with chords in one mode: in all metres, and in those of each kind what is known of it. */
export interface Harmony extends Succession {
  readonly metres: Readonly<Record<MetreKind, Succession>>;
}

/** Bars that a successor may depend on. */
export const ORDER = 3;

/** A letter for each chord, none of which needs an escape. */
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#%&()*+,-.";

/** How many chords there are, "none" included. */
const CHORDS = 12 * QUALITIES.length + 1;

/** A number 0-72 for a chord relative to a tonic. */
function chordNumber(chord: Chord | "none", tonic: number): number {
  if (chord === "none") return CHORDS - 1;
  const interval = (chord.root - tonic + 12) % 12;
  return interval * QUALITIES.length + QUALITIES.indexOf(chord.quality);
}

/** The letter of a chord in the table. */
export const chordLetter = (chord: Chord | "none", tonic: number): string =>
  LETTERS[chordNumber(chord, tonic)];

/** The chord that a letter stands for in a key on `tonic`. */
export function chordOfLetter(letter: string, tonic: number): Chord | "none" {
  const number = LETTERS.indexOf(letter);
  assert(number >= 0 && number < CHORDS, `"${letter}" is no chord's letter`);
  if (number === CHORDS - 1) return "none";
  const root = (Math.floor(number / QUALITIES.length) + tonic) % 12;
  return { root, quality: QUALITIES[number % QUALITIES.length] };
}

/** Where draws come from: the next number in [0, 1). */
export type Unit = () => number;

/** Draws a letter from successors by their weights. */
function drawLetter(successors: string, unit: Unit): string {
  const weights: number[] = [];
  for (let at = 1; at < successors.length; at += 2)
    weights.push(Number.parseInt(successors[at], 36));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = unit() * total;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return successors[2 * index];
  }
  return successors[successors.length - 2];
}

/** The chord that comes after others, by the longest context that one of the tables knows, by the first that does. */
function successor(tables: readonly Successors[], before: string, unit: Unit): string {
  for (let order = Math.min(ORDER, before.length); order >= 0; order--) {
    const known = knownOf(tables, before.slice(before.length - order));
    if (known !== undefined) return drawLetter(known, unit);
  }
  throw new Error("the table of progressions knows no chord at all");
}

const knownOf = (tables: readonly Successors[], context: string): string | undefined =>
  tables.find((table) => table[context] !== undefined)?.[context];

/** Progressions of which the best is taken. */
const TRIES = 24;

/**
 * The chords of a section, two a bar, in a key on `tonic` (0-11). Of several drawn the one that begins and closes
 * best is taken: a main section begins on the tonic, a contrast elsewhere; the last bar leads back or closes.
 * @param metre kind of that of the section's bars
 */
export function drawProgression(
  harmony: Harmony,
  metre: MetreKind,
  tonic: number,
  bars: number,
  wishes: { readonly beginsOnTonic: boolean; readonly closes: boolean },
  unit: Unit,
): [ChartChord, ChartChord][] {
  const own = harmony.metres[metre];
  const tables = [own.bars, harmony.bars];
  let best = "";
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    let letters = "";
    while (letters.length < bars) letters += successor(tables, letters, unit);
    const score = judge(letters, wishes);
    if (score > bestScore) {
      best = letters;
      bestScore = score;
    }
  }
  return [...best].map((letter, bar) => {
    const chord = chordOfLetter(letter, tonic);
    const known = knownOf([own.halves, harmony.halves], letter);
    const closing = wishes.closes && bar === bars - 1;
    const second = known === undefined || closing ? letter : drawLetter(known, unit);
    return [chord, chordOfLetter(second, tonic)];
  });
}

const intervalOf = (letter: string): number | undefined => {
  const chord = chordOfLetter(letter, 0);
  return chord === "none" ? undefined : chord.root;
};

/** How well a progression serves: its ends, enough different chords, not one chord for long, no bars without. */
function judge(
  letters: string,
  { beginsOnTonic, closes }: { beginsOnTonic: boolean; closes: boolean },
): number {
  const first = intervalOf(letters[0]);
  const last = intervalOf(letters[letters.length - 1]);
  let score = 0;
  if ((first === 0) === beginsOnTonic) score += 3;
  if (closes ? last === 0 : last === 7 || last === 5 || last === 0) score += 2;
  score += Math.min(4, new Set(letters).size);
  for (let bar = 0; bar < letters.length; bar++) {
    if (intervalOf(letters[bar]) === undefined) score -= 3;
    if (bar >= 2 && letters[bar] === letters[bar - 1] && letters[bar] === letters[bar - 2])
      score -= 1;
  }
  return score;
}
