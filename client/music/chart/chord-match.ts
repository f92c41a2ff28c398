/**
 * Which chord the pitch classes of a stretch of music make: each chord's template is held against how long each pitch
 * class sounds, as Temperley and others do ("The Cognition of Basic Musical Structures", 2001); the bass speaks for the root.
 */
import type { ChartChord, Quality } from "./chart.ts";

/** How long each of twelve pitch classes sounds in a stretch, all and in the bass, in any unit. */
export interface PitchClassTimes {
  readonly all: Float64Array;
  readonly bass: Float64Array;
}

interface Template {
  readonly quality: Quality;
  /** Weight of a pitch class in semitones above the root: 1 a chord tone, less a tone that colours, below 0 a foreign one. */
  readonly weights: readonly number[];
  /** What the chord cannot do without, as semitones above the root and the price of its absence. */
  readonly needs: readonly (readonly [semitones: number, price: number])[];
  /** Taken off every match, so that a plainer chord that says as much goes first. */
  readonly price: number;
}

/** Weight of a pitch class that is foreign to a chord. */
const FOREIGN = -0.5;

/** Share of the time from which a tone counts as there. */
const PRESENT = 0.08;

/** What a root adds that is all of the bass. */
const BASS_ROOT = 0.25;

/** Lowest match that is a chord. */
const LEAST_MATCH = 0.45;

const template = (
  quality: Quality,
  tones: Readonly<Record<number, number>>,
  needs: Readonly<Record<number, number>>,
  price = 0,
): Template => ({
  quality,
  weights: Array.from({ length: 12 }, (_, semitones) => tones[semitones] ?? FOREIGN),
  needs: Object.entries(needs).map(([semitones, cost]) => [Number(semitones), cost]),
  price,
});

const TEMPLATES: readonly Template[] = [
  template("major", { 0: 1, 4: 1, 7: 1, 11: 0.5, 2: 0, 9: 0 }, { 0: 0.2, 4: 0.6, 7: 0.15 }),
  template("minor", { 0: 1, 3: 1, 7: 1, 10: 0.7, 2: 0, 5: 0 }, { 0: 0.2, 3: 0.6, 7: 0.15 }),
  template(
    "dominant",
    { 0: 1, 4: 1, 7: 1, 10: 1, 2: 0.2, 9: 0 },
    { 0: 0.2, 4: 0.5, 7: 0.05, 10: 0.5 },
    0.02,
  ),
  template("diminished", { 0: 1, 3: 1, 6: 1, 9: 0.9, 10: 0.7 }, { 0: 0.3, 3: 0.5, 6: 0.6 }, 0.02),
  template("suspended", { 0: 1, 5: 1, 7: 1, 10: 0.6, 2: 0 }, { 0: 0.5, 5: 0.7, 7: 0.5 }, 0.05),
  template("suspended", { 0: 1, 2: 1, 7: 1 }, { 0: 0.5, 2: 0.7, 7: 0.6 }, 0.06),
  template("fifth", { 0: 1, 7: 1 }, { 0: 0.5, 7: 0.8 }, 0.05),
];

/** How a chord matches by its root 0-11 and its template's index. */
function score(root: number, { weights, needs, price }: Template, shares: Float64Array): number {
  let sum = -price;
  for (let semitones = 0; semitones < 12; semitones++) {
    sum += weights[semitones] * shares[(root + semitones) % 12];
  }
  for (const [semitones, cost] of needs) {
    const share = shares[(root + semitones) % 12];
    if (share < PRESENT) sum -= cost * (1 - share / PRESENT);
  }
  return sum;
}

/** The chord that matches best; "none" where none does, or less than two pitch classes count. */
export function matchChord({ all, bass }: PitchClassTimes): ChartChord {
  const total = all.reduce((sum, time) => sum + time, 0);
  if (total === 0) return "none";
  const shares = all.map((time) => time / total);
  if (shares.filter((share) => share >= PRESENT).length < 2) return "none";
  const bassTotal = bass.reduce((sum, time) => sum + time, 0);
  let best = LEAST_MATCH;
  let chord: ChartChord = "none";
  for (let root = 0; root < 12; root++) {
    // A root that hardly sounds is none: half the chords need not be looked at.
    if (shares[root] < PRESENT / 4) continue;
    const rooted = bassTotal === 0 ? 0 : (BASS_ROOT * bass[root]) / bassTotal;
    for (const candidate of TEMPLATES) {
      const match = score(root, candidate, shares) + rooted;
      if (match > best) {
        best = match;
        chord = { root, quality: candidate.quality };
      }
    }
  }
  return chord;
}
