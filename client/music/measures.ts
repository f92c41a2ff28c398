/**
 * Musical measures of notes: whether they stay in a key and keep a pulse. Definitions after MusPy
 * (Dong et al., ISMIR 2020): scale consistency, groove consistency, empty-beat rate.
 */
import { DRUMS } from "./instrument.ts";
import { inKey } from "./key.ts";
import { type Bar, beatsOf, MetreMap, sameMetre } from "./metre.ts";
import type { Note } from "./note.ts";
import { STEPS_PER_QUARTER } from "./units.ts";

/** Measures of a piece; shares are 0-1. */
export interface Measures {
  /** Share of melodic notes in the best-fitting diatonic scale, the mean over windows of four bars. */
  readonly scaleConsistency: number;
  /** 1 minus the share of steps on which neighbouring bars of one metre differ in having an onset. */
  readonly grooveConsistency: number;
  /** Share of onsets on an eighth note of their bar. */
  readonly onsetsOnEighths: number;
  /** Share of beats in which no note sounds or begins. */
  readonly emptyBeatRate: number;
  /** Notes a bar. */
  readonly density: number;
}

/** Bars of a window in which a key should hold. */
const WINDOW_BARS = 4;

/** Longest music that is measured, in bars: beyond it a file is no piece. */
const MOST_BARS = 10_000;

/** Measures notes; undefined for none, and for music over 10,000 bars. Linear in notes, bars and beats. */
export function measure(
  notes: readonly Note[],
  metres: MetreMap = new MetreMap(),
): Measures | undefined {
  if (notes.length === 0) return undefined;
  const lastOnset = notes.reduce((last, note) => Math.max(last, note.onset), 0);
  const count = metres.barsIn(lastOnset + 1);
  if (count > MOST_BARS) return undefined;
  const bars = Array.from({ length: count }, (_, index) => metres.bar(index));
  const onEighth = (step: number) => metres.phaseAt(step) % (STEPS_PER_QUARTER / 2) === 0;
  return {
    scaleConsistency: scaleConsistency(notes, metres, count),
    grooveConsistency: grooveConsistency(notes, bars),
    onsetsOnEighths: notes.filter((note) => onEighth(note.onset)).length / notes.length,
    emptyBeatRate: emptyBeatRate(notes, beatStarts(bars, lastOnset)),
    density: notes.length / count,
  };
}

function scaleConsistency(notes: readonly Note[], metres: MetreMap, bars: number): number {
  const windows = Array.from({ length: Math.ceil(bars / WINDOW_BARS) }, () =>
    new Array<number>(12).fill(0),
  );
  for (const { instrument, onset, pitch } of notes) {
    if (instrument === DRUMS) continue;
    windows[Math.floor(metres.barAt(onset).index / WINDOW_BARS)][pitch % 12]++;
  }
  const shares = windows.map(bestShare).filter((share) => share !== undefined);
  return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function bestShare(counts: readonly number[]): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  // A minor scale holds the pitch classes of its relative major: twelve scales are all.
  const inScale = Array.from({ length: 12 }, (_, tonic) =>
    counts.reduce((sum, count, pitchClass) => {
      return inKey({ tonic, scale: "major" }, pitchClass) ? sum + count : sum;
    }, 0),
  );
  return Math.max(...inScale) / total;
}

function grooveConsistency(notes: readonly Note[], bars: readonly Bar[]): number {
  const { start, steps } = bars[bars.length - 1];
  const onsets = new Uint8Array(start + steps);
  for (const { onset } of notes) onsets[onset] = 1;
  let compared = 0;
  let different = 0;
  for (const [index, bar] of bars.entries()) {
    const before = bars[index - 1];
    if (index === 0 || before.steps !== bar.steps || !sameMetre(before.metre, bar.metre)) continue;
    compared += bar.steps;
    for (let step = 0; step < bar.steps; step++) {
      if (onsets[bar.start + step] !== onsets[before.start + step]) different++;
    }
  }
  return compared === 0 ? 1 : 1 - different / compared;
}

/** Where beats begin, up to the one in which the last onset lies. */
const beatStarts = (bars: readonly Bar[], lastOnset: number): number[] =>
  bars
    .flatMap(({ start, steps, metre }) =>
      beatsOf(metre).flatMap((at) => (at < steps ? [start + at] : [])),
    )
    .filter((start) => start <= lastOnset);

function emptyBeatRate(notes: readonly Note[], beats: readonly number[]): number {
  // How many notes begin to sound in a beat, less those that ended before it; summed up on the way.
  const changes = new Int32Array(beats.length + 1);
  for (const { onset, duration } of notes) {
    changes[beatIndex(beats, onset)]++;
    changes[beatIndex(beats, onset + duration - 1) + 1]--;
  }
  let sounding = 0;
  let empty = 0;
  for (let beat = 0; beat < beats.length; beat++) {
    sounding += changes[beat];
    if (sounding === 0) empty++;
  }
  return empty / beats.length;
}

/** The beat in which a step lies; the last for all that follow. */
function beatIndex(beats: readonly number[], step: number): number {
  let low = 0;
  let high = beats.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (beats[middle] <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}
