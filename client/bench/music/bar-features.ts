/**
 * How natural bars are: histograms of what each bar is like, and how far those of composed music overlap those of real
 * music (the overlapped area of L.-C. Yang and A. Lerch, "On the evaluation of generative models in music", Neural
 * Computing and Applications 32, 2018; here of histograms, not of densities). A mean may be right where every bar is
 * wrong; this sees it.
 */
import { DRUMS, type Instrument } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { velocityBucket } from "#music/tokens/vocabulary.ts";

/** What falls into which bin, by feature. */
const BIN_OF = {
  /** Of a bar. */
  notes: doubling,
  strokes: doubling,
  drumKeys: whole,
  drumsOnEighths: fifths,
  velocity: whole,
  /** To the bar before, in buckets; in doublings. */
  velocityChange: halves,
  notesChange: halves,
  duration: doubling,
  shortest: fifths,
  pitches: whole,
  pitchClasses: whole,
  onEighths: fifths,
  onsets: whole,
  /** Melodic notes that sound at once. */
  polyphony: halves,
  instruments: whole,
  lowest: (pitch: number) => Math.round(pitch / 4),
  highest: (pitch: number) => Math.round(pitch / 4),
  /** Of an instrument in a bar, in semitones. */
  span: (semitones: number) => Math.round(semitones / 3),
  /** Of an instrument's upper line, from onset to onset. */
  leap: (semitones: number) => Math.min(25, semitones),
  /** Of a note or stroke, the quarter of its bar. */
  place: whole,
} as const;

export type BarFeature = keyof typeof BIN_OF;

export const BAR_FEATURES = Object.keys(BIN_OF) as readonly BarFeature[];

/** Of each feature the share of its values in each bin. */
export type BarHistograms = Readonly<Record<BarFeature, Readonly<Record<string, number>>>>;

/** Counts the features of pieces, in their first bars. */
export class BarCounts {
  readonly #counts: Record<string, Map<number, number>> = Object.fromEntries(
    BAR_FEATURES.map((feature) => [feature, new Map()]),
  );

  /** @param notes in canonical order */
  add(notes: readonly Note[], metres: MetreMap, bars: number): void {
    const byBar: Note[][] = Array.from({ length: bars }, () => []);
    for (const note of notes) byBar[metres.barAt(note.onset).index]?.push(note);
    let velocityBefore: number | undefined;
    let notesBefore = 0;
    const tops = new Map<Instrument, number>();
    for (const [index, bar] of byBar.entries()) {
      const { start, steps } = metres.bar(index);
      const onEighths = (some: readonly Note[]) =>
        mean(some.map(({ onset }) => Number((onset - start) % 4 === 0)));
      const strokes = bar.filter(({ instrument }) => instrument === DRUMS);
      const melody = bar.filter(({ instrument }) => instrument !== DRUMS);
      this.#count("notes", melody.length);
      for (const { onset } of bar) this.#count("place", Math.floor((4 * (onset - start)) / steps));
      if (strokes.length > 0) {
        this.#count("strokes", strokes.length);
        this.#count("drumKeys", new Set(strokes.map(({ pitch }) => pitch)).size);
        this.#count("drumsOnEighths", onEighths(strokes));
      }
      if (bar.length > 0) {
        const velocity = mean(bar.map((note) => velocityBucket(note.velocity)));
        this.#count("velocity", velocity);
        if (velocityBefore !== undefined)
          this.#count("velocityChange", Math.abs(velocity - velocityBefore));
        velocityBefore = velocity;
      }
      if (melody.length > 0 && notesBefore > 0)
        this.#count("notesChange", Math.abs(Math.log2(melody.length / notesBefore)));
      notesBefore = melody.length;
      if (melody.length === 0) continue;
      const pitches = melody.map(({ pitch }) => pitch);
      const durations = melody.map(({ duration }) => duration);
      this.#count("duration", mean(durations));
      this.#count("shortest", mean(durations.map((duration) => Number(duration <= 1))));
      this.#count("pitches", new Set(pitches).size);
      this.#count("pitchClasses", new Set(pitches.map((pitch) => pitch % 12)).size);
      this.#count("onEighths", onEighths(melody));
      this.#count("onsets", new Set(melody.map(({ onset }) => onset)).size);
      this.#count("polyphony", (mean(durations) * durations.length) / steps);
      this.#count("lowest", Math.min(...pitches));
      this.#count("highest", Math.max(...pitches));
      const instruments = new Set(melody.map(({ instrument }) => instrument));
      this.#count("instruments", instruments.size);
      for (const instrument of instruments) {
        const own = melody.filter((note) => note.instrument === instrument);
        const reach = own.map(({ pitch }) => pitch);
        this.#count("span", Math.max(...reach) - Math.min(...reach));
        // Notes of one onset descend: the first is the highest.
        for (const [at, { onset, pitch }] of own.entries()) {
          if (own[at - 1]?.onset === onset) continue;
          const before = tops.get(instrument);
          if (before !== undefined) this.#count("leap", Math.abs(pitch - before));
          tops.set(instrument, pitch);
        }
      }
    }
  }

  /** Shares of what was counted, of four digits. */
  get histograms(): BarHistograms {
    return Object.fromEntries(
      Object.entries(this.#counts).map(([feature, counts]) => {
        const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const bins = [...counts].sort(([a], [b]) => a - b);
        return [
          feature,
          Object.fromEntries(bins.map(([bin, count]) => [bin, Number((count / all).toFixed(4))])),
        ];
      }),
    ) as BarHistograms;
  }

  #count(feature: BarFeature, value: number): void {
    const counts = this.#counts[feature];
    const bin = BIN_OF[feature](value);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
}

/** Of each feature the area that two histograms share, 0-1. */
export function overlaps(a: BarHistograms, b: BarHistograms): Readonly<Record<BarFeature, number>> {
  const shared = (feature: BarFeature) =>
    Object.entries(a[feature]).reduce(
      (sum, [bin, share]) => sum + Math.min(share, b[feature][bin] ?? 0),
      0,
    );
  return Object.fromEntries(
    BAR_FEATURES.map((feature) => [feature, Number(shared(feature).toFixed(3))]),
  ) as Record<BarFeature, number>;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function doubling(value: number): number {
  return Math.round(2 * Math.log2(value + 1));
}

function whole(value: number): number {
  return Math.round(value);
}

function halves(value: number): number {
  return Math.round(2 * value);
}

function fifths(share: number): number {
  return Math.round(5 * share);
}
