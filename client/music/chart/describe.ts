/**
 * Music described as a chart: notes and their metres to what each bar is like. The one function behind training data,
 * primes, human input and the measure of whether music obeys its chart, so that all mean the same by a level.
 */
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { type Bar, halfOf, type MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { velocityBucket } from "#music/tokens/vocabulary.ts";
import { type ChartBar, HIGHEST_LEVEL } from "./chart.ts";
import { matchChord } from "./chord-match.ts";
import { heardEnd, leaderIn, outlineOf } from "./skyline.ts";

/** Likeness to the bar before from which a bar is one step less new: under the first it is all new. */
const LIKENESS = [0.1, 0.3, 0.6, 0.95] as const;

/** How much more the lowest pitch counts for the chord than others. */
const BASS_WEIGHT = 1;

/** Level of a number of notes: 0 none, else 1 + floor(log2), at most 7. */
export const levelOf = (count: number): number =>
  count === 0 ? 0 : Math.min(HIGHEST_LEVEL, 32 - Math.clz32(count));

/** Fewest notes that have a level, and the most; no upper bound for the highest. */
export const notesOfLevel = (level: number): readonly [fewest: number, most: number] =>
  level === 0
    ? [0, 0]
    : [2 ** (level - 1), level === HIGHEST_LEVEL ? Number.POSITIVE_INFINITY : 2 ** level - 1];

/** Novelty of a likeness 0-1 to the bar before: 4 all new ... 0 a copy. */
export const noveltyOf = (likeness: number): number =>
  LIKENESS.filter((border) => likeness < border).length;

/**
 * Describes notes in canonical order bar by bar, from the first bar to that of the last onset, or `bars` bars.
 * What begins before step 0 is not heard. Linear in notes and steps.
 */
export function describe(notes: readonly Note[], metres: MetreMap, bars?: number): ChartBar[] {
  const count = bars ?? metres.barsIn((notes.at(-1)?.onset ?? -1) + 1);
  const all = Array.from({ length: count }, (_, index) => metres.bar(index));
  const end = count === 0 ? 0 : all[count - 1].start + all[count - 1].steps;
  const { leaders, basses } = outlineOf(notes, end);
  const chords = chordTimes(notes, basses, all, end);
  const described: ChartBar[] = [];
  let next = notes.findIndex((note) => note.onset >= 0);
  if (next < 0) next = notes.length;
  let before = new Int32Array();
  for (const [index, bar] of all.entries()) {
    const first = next;
    while (next < notes.length && notes[next].onset < bar.start + bar.steps) next++;
    const own = notes.slice(first, next);
    const melody = melodyKeys(own, bar);
    const struck = new Uint32Array(INSTRUMENTS.length);
    let energy = 0;
    for (const { instrument, velocity } of own) {
      struck[instrument]++;
      energy += velocityBucket(velocity);
    }
    described.push({
      chords: [matchChord(chords(2 * index)), matchChord(chords(2 * index + 1))],
      density: levelOf(own.length - struck[DRUMS]),
      drumDensity: levelOf(struck[DRUMS]),
      energy: own.length === 0 ? undefined : Math.round(energy / own.length),
      novelty: noveltyOf(likeness(before, melody)),
      leader: leaderIn(leaders, bar.start, bar.start + bar.steps),
      players: Array.from(struck, (strokes) => strokes > 0),
    });
    before = melody;
  }
  return described;
}

/** How long each pitch class sounds in each half bar, the bass counted once more; by index of the half. */
function chordTimes(
  notes: readonly Note[],
  basses: Uint8Array,
  bars: readonly Bar[],
  end: number,
): (half: number) => { all: Float64Array; bass: Float64Array } {
  const halves = new Uint32Array(end);
  for (const [index, bar] of bars.entries()) {
    halves.fill(2 * index, bar.start, bar.start + halfOf(bar));
    halves.fill(2 * index + 1, bar.start + halfOf(bar), bar.start + bar.steps);
  }
  const all = new Float64Array(bars.length * 2 * 12);
  const bass = new Float64Array(bars.length * 2 * 12);
  for (const note of notes) {
    if (note.instrument === DRUMS) continue;
    const pitchClass = note.pitch % 12;
    const last = Math.min(end, heardEnd(note));
    for (let step = Math.max(0, note.onset); step < last; step++) {
      all[halves[step] * 12 + pitchClass]++;
    }
  }
  for (let step = 0; step < end; step++) {
    if (basses[step] === 255) continue;
    const place = halves[step] * 12 + (basses[step] % 12);
    bass[place]++;
    all[place] += BASS_WEIGHT;
  }
  return (half) => ({
    all: all.subarray(half * 12, half * 12 + 12),
    bass: bass.subarray(half * 12, half * 12 + 12),
  });
}

/** What is struck where in a bar, but for the drums: ascending numbers, one for each phase, pitch and instrument. */
function melodyKeys(notes: readonly Note[], bar: Bar): Int32Array<ArrayBuffer> {
  const melodic = notes.filter((note) => note.instrument !== DRUMS);
  return Int32Array.from(
    melodic,
    ({ onset, pitch, instrument }) => (onset - bar.start) * 2048 + (127 - pitch) * 16 + instrument,
  );
}

/** Share of what either of two ascending lists holds that both hold (Jaccard); 1 where both are empty. */
function likeness(one: Int32Array, other: Int32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) {
      shared++;
      i++;
      j++;
    } else if (one[i] < other[j]) i++;
    else j++;
  }
  const union = one.length + other.length - shared;
  return union === 0 ? 1 : shared / union;
}
