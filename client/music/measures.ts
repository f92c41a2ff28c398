/**
 * Musical measures of notes: whether they stay in a key and keep a pulse. Definitions after MusPy
 * (Dong et al., ISMIR 2020): scale consistency, groove consistency, empty-beat rate.
 */
import { DRUMS } from "./instrument.ts";
import { inKey } from "./key.ts";
import type { Note } from "./note.ts";
import { STEPS_PER_BAR, STEPS_PER_QUARTER } from "./units.ts";

/** Measures of a piece; shares are 0-1. */
export interface Measures {
  /** Share of melodic notes in the best-fitting diatonic scale, the mean over windows of four bars. */
  readonly scaleConsistency: number;
  /** 1 minus the mean share of steps on which neighbouring bars differ in having an onset. */
  readonly grooveConsistency: number;
  /** Share of onsets on an eighth note. */
  readonly onsetsOnEighths: number;
  /** Share of beats in which no note sounds or begins. */
  readonly emptyBeatRate: number;
  /** Notes a bar. */
  readonly density: number;
}

/** Bars of a window in which a key should hold. */
const WINDOW_BARS = 4;

/** Longest music that is measured, in bars of 4/4: beyond it a file is no piece. */
const MOST_BARS = 10_000;

/** Measures notes; undefined for none, and for music over 10,000 bars. Linear in notes and bars. */
export function measure(notes: readonly Note[]): Measures | undefined {
  if (notes.length === 0) return undefined;
  const lastOnset = notes.reduce((last, note) => Math.max(last, note.onset), 0);
  const bars = Math.floor(lastOnset / STEPS_PER_BAR) + 1;
  if (bars > MOST_BARS) return undefined;
  return {
    scaleConsistency: scaleConsistency(notes, bars),
    grooveConsistency: grooveConsistency(notes, bars),
    onsetsOnEighths:
      notes.filter((note) => note.onset % (STEPS_PER_QUARTER / 2) === 0).length / notes.length,
    emptyBeatRate: emptyBeatRate(notes, lastOnset),
    density: notes.length / bars,
  };
}

function scaleConsistency(notes: readonly Note[], bars: number): number {
  const windows = Array.from({ length: Math.ceil(bars / WINDOW_BARS) }, () =>
    new Array<number>(12).fill(0),
  );
  for (const { instrument, onset, pitch } of notes) {
    if (instrument === DRUMS) continue;
    windows[Math.floor(onset / (WINDOW_BARS * STEPS_PER_BAR))][pitch % 12]++;
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

function grooveConsistency(notes: readonly Note[], bars: number): number {
  if (bars < 2) return 1;
  const onsets = new Uint8Array(bars * STEPS_PER_BAR);
  for (const { onset } of notes) onsets[onset] = 1;
  let different = 0;
  for (let step = STEPS_PER_BAR; step < onsets.length; step++) {
    if (onsets[step] !== onsets[step - STEPS_PER_BAR]) different++;
  }
  return 1 - different / ((bars - 1) * STEPS_PER_BAR);
}

function emptyBeatRate(notes: readonly Note[], lastOnset: number): number {
  const beats = Math.floor(lastOnset / STEPS_PER_QUARTER) + 1;
  // How many notes begin to sound in a beat, less those that ended before it; summed up on the way.
  const changes = new Int32Array(beats + 1);
  for (const { onset, duration } of notes) {
    changes[Math.floor(onset / STEPS_PER_QUARTER)]++;
    changes[Math.min(beats, Math.floor((onset + duration - 1) / STEPS_PER_QUARTER) + 1)]--;
  }
  let sounding = 0;
  let empty = 0;
  for (let beat = 0; beat < beats; beat++) {
    sounding += changes[beat];
    if (sounding === 0) empty++;
  }
  return empty / beats;
}
