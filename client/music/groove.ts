/**
 * Groove: where notes on the grid are played, and how hard. Swing moves the second of a pair late, humanising every note a
 * little, by chance that depends on the note alone. Applied where notes leave (players, files): tokens, history and plan
 * stay on the grid. Shares of swing as drum machines count them (50 even, 67 triplets; Linn, "Swing", 2013); unevenness
 * grows with the length of a step, as players' does (Repp, "Sensorimotor synchronization", 2005).
 */
import { openUnit, threefryWord } from "#base/random.ts";
import type { MetreMap } from "./metre.ts";
import type { Note } from "./note.ts";

/** A manner to play what stands on the grid. */
export interface Groove {
  /** The part of a pair that its first note takes: 0.5 is even, up to 0.75. */
  readonly swing: number;
  /** Steps of such a pair: two eighths, or two sixteenths. */
  readonly pair: number;
  /** How uneven onsets and velocities are, 0-1. */
  readonly human: number;
  readonly seed: number;
}

/** As it is written. */
export const STRAIGHT: Groove = { swing: 0.5, pair: 8, human: 0, seed: 0 };

export const sameGroove = (a: Groove, b: Groove): boolean =>
  a.swing === b.swing && a.pair === b.pair && a.human === b.human && a.seed === b.seed;

/** The most that a note comes early or late, in steps: under half of one, so that none overtakes the next of its key. */
const MOST_STEPS = 0.45;
/** How much of that a player's notes have in common, where they begin together. */
const TOGETHER = 0.8;
/** The most that a velocity is moved. */
const MOST_VELOCITY = 12;
/** Keeps these numbers apart from those of drawing. */
const STREAM = 0x67726f76;

/** A note as it is played: onset and duration may lie between steps. Two of one key that touch still do. */
export function played(note: Note, groove: Groove, metres: MetreMap): Note {
  if (groove.swing === STRAIGHT.swing && groove.human === 0) return note;
  const onset = playedAt(note, note.onset, groove, metres);
  const end = playedAt(note, note.onset + note.duration, groove, metres);
  const softer = MOST_VELOCITY * groove.human * chance(groove.seed, note.onset, keyOf(note), 1);
  const velocity = Math.min(127, Math.max(1, Math.round(note.velocity - softer)));
  return { ...note, velocity, onset, duration: end - onset };
}

/** Where a step of a note's key is played, 0 or later. */
function playedAt(note: Note, step: number, groove: Groove, metres: MetreMap): number {
  const { human, seed } = groove;
  const own = (key: number) => chance(seed, step, key, 0);
  const late =
    human === 0 ? 0 : TOGETHER * own(note.instrument) + (1 - TOGETHER) * own(keyOf(note));
  return swung(Math.max(0, step + MOST_STEPS * human * late), groove, metres);
}

/** Where a step (may lie between two) is played in a swing. Beats that no whole number of pairs fills stay even. */
export function swung(step: number, { swing, pair }: Groove, metres: MetreMap): number {
  const start = pairAt(step, pair, metres);
  if (start === undefined) return step;
  const at = (step - start) / pair;
  return start + pair * (at < 0.5 ? 2 * swing * at : 1 - 2 * (1 - swing) * (1 - at));
}

/** The step that is played there: `swung` the other way round. */
export function unswung(step: number, { swing, pair }: Groove, metres: MetreMap): number {
  const start = pairAt(step, pair, metres);
  if (start === undefined) return step;
  const at = (step - start) / pair;
  return start + pair * (at < swing ? at / (2 * swing) : 1 - (1 - at) / (2 * (1 - swing)));
}

/** Where the pair around a step begins; undefined where its beat has none. */
function pairAt(step: number, pair: number, metres: MetreMap): number | undefined {
  if (step < 0) return undefined;
  const { start, end } = metres.beatAt(step);
  return (end - start) % pair === 0 ? start + pair * Math.floor((step - start) / pair) : undefined;
}

/** An instrument's number is below all of these. */
const keyOf = ({ instrument, pitch }: Note): number => (instrument + 1) * 128 + pitch;

/** A number in (-1, 1), more likely near 0, that depends on nothing else. */
function chance(seed: number, step: number, key: number, use: number): number {
  const unit = (half: number) =>
    openUnit(threefryWord(seed, STREAM, step, 4 * key + 2 * use + half));
  return unit(0) - unit(1);
}
