/**
 * The key that chords are in: the one whose scale holds them best, each by its length; its root and third in the scale,
 * more for the tonic's own chord, some for the dominant's, and for the last chord. Pieces are counted by it, and what a
 * player leaves open of a progression is arranged in it.
 */
import { isMinorScale, type Key, SCALES } from "#music/key.ts";
import type { ChartBar, ChartChord, Chord } from "./chart.ts";
import type { Mode } from "./progressions.ts";

/** A tonic 0-11 and its third. */
export interface ChordKey {
  readonly tonic: number;
  readonly mode: Mode;
}

/** The key of chords in one of any scale. */
export const chordKeyOf = ({ tonic, scale }: Key): ChordKey => ({
  tonic,
  mode: isMinorScale(scale) ? "minor" : "major",
});

/** A chord and how long it lasts, in any unit; where there is none, or it is open, it counts for nothing. */
export interface LastingChord {
  readonly chord: ChartChord;
  readonly steps: number;
}

/** See the header; C major where no chord is said. */
export function keyOfChords(chords: readonly LastingChord[]): ChordKey {
  const time = new Map<string, { chord: Chord; steps: number }>();
  let total = 1;
  let last: Chord | undefined;
  for (const { chord, steps } of chords) {
    if (!isChord(chord)) continue;
    const name = `${chord.root} ${chord.quality}`;
    time.set(name, { chord, steps: steps + (time.get(name)?.steps ?? 0) });
    total += steps;
    last = chord;
  }
  let best = { tonic: 0, mode: "major" as Mode, score: Number.NEGATIVE_INFINITY };
  for (const mode of ["major", "minor"] as const)
    for (let tonic = 0; tonic < 12; tonic++) {
      const key = { tonic, mode };
      let score = 0;
      for (const { chord, steps } of time.values()) score += (fitOf(chord, key) * steps) / total;
      if (last !== undefined) score += 0.1 * fitOf(last, key);
      if (score > best.score) best = { ...key, score };
    }
  return best;
}

/**
 * The key of bars that go round, so that their first chord follows the last; undefined where they say no chord, or say
 * all of them. `own` where that holds all they say.
 */
export function keyOfLoop(loop: readonly Partial<ChartBar>[], own: ChordKey): ChordKey | undefined {
  const halves = halvesOf(loop);
  const said = halves.filter(isChord);
  if (said.length === 0 || !halves.includes(undefined)) return undefined;
  if (said.every((chord) => fitOf(chord, own) >= DIATONIC)) return own;
  return keyOfRound(said);
}

/**
 * The chord on which bars that go round come to rest: that of the tonic as they have it, else its triad; undefined where
 * they say no chord. Where they have but one that is it.
 * @param chosen the key, where the player chose one
 */
export function closingChord(
  loop: readonly Partial<ChartBar>[],
  chosen?: ChordKey,
): Chord | undefined {
  const said = halvesOf(loop).filter(isChord);
  if (said.length === 0) return undefined;
  if (said.every((chord) => sameChord(chord, said[0]))) return said[0];
  const { tonic, mode } = chosen ?? keyOfRound(said);
  return said.find(({ root }) => root === tonic) ?? { root: tonic, quality: mode };
}

/** The key of what bars that go round say; undefined where they say no chord. */
export function keyOfSaid(loop: readonly Partial<ChartBar>[]): ChordKey | undefined {
  const said = halvesOf(loop).filter(isChord);
  return said.length === 0 ? undefined : keyOfRound(said);
}

const halvesOf = (loop: readonly Partial<ChartBar>[]): ChartChord[] =>
  loop.flatMap(({ chords }) => [chords?.[0], chords?.[1]]);

const isChord = (chord: ChartChord): chord is Chord => chord !== undefined && chord !== "none";

const sameChord = (a: Chord, b: Chord): boolean => a.root === b.root && a.quality === b.quality;

/** The key of chords of which the first follows the last. */
function keyOfRound(chords: readonly Chord[]): ChordKey {
  const { tonic, mode } = keyOfChords([
    ...chords.map((chord) => ({ chord, steps: 1 })),
    { chord: chords[0], steps: 0 },
  ]);
  return { tonic, mode };
}

/** What a chord of the scale counts at least. */
const DIATONIC = 1;

function fitOf({ root, quality }: Chord, { tonic, mode }: ChordKey): number {
  const interval = (root - tonic + 12) % 12;
  const scale = SCALES[mode];
  if (!scale.includes(interval)) return 0;
  const third =
    quality === "major" || quality === "dominant"
      ? 4
      : quality === "minor" || quality === "diminished"
        ? 3
        : undefined;
  const raised = mode === "minor" && interval === 7 && third === 4;
  const diatonic = third === undefined || raised || scale.includes((interval + third) % 12);
  if (!diatonic) return 0.2;
  if (interval === 0) return quality === mode ? 1.6 : 1.1;
  return interval === 7 ? 1.15 : DIATONIC;
}
