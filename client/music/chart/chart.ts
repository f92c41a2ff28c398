/**
 * A chart: what each bar of the music should be like, as a big band reads one. The same words describe music that is
 * there (describe.ts), ask for music to come (the player, the arranger) and condition the model (conditions.ts).
 * Whatever is undefined is open: not said, the model is free.
 */
import type { Instrument } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";

/**
 * Qualities a chord may have, in the order of their rows. Sevenths that do not change a chord's function count with
 * their triad (maj7 with major, m7 with minor); half-diminished with diminished; "fifth" is a chord without a third.
 */
export const QUALITIES = [
  "major",
  "minor",
  "dominant",
  "diminished",
  "suspended",
  "fifth",
] as const;

export type Quality = (typeof QUALITIES)[number];

/** A root 0-11 (C = 0) and a quality. */
export interface Chord {
  readonly root: number;
  readonly quality: Quality;
}

/** The chord of half a bar: "none" says that there is none, undefined says nothing. */
export type ChartChord = Chord | "none" | undefined;

/** A chord moved up by semitones, 0 or more; where there is none, none. */
export const movedBy = (chord: ChartChord, semitones: number): ChartChord =>
  chord === undefined || chord === "none"
    ? chord
    : { ...chord, root: (chord.root + semitones) % 12 };

/** What one bar should be like. Levels are those of `levels` in describe.ts. */
export interface ChartBar {
  /** Of each half (see `halfOf` in metre.ts). */
  readonly chords: readonly [ChartChord, ChartChord];
  /** Melodic notes of the bar: 0 none, else 1 + floor(log2 of their number), at most 7. */
  readonly density?: number;
  /** Strokes of the drums, likewise. */
  readonly drumDensity?: number;
  /** Mean velocity bucket, 0-7. */
  readonly energy?: number;
  /** How new the bar is beside the one before: 0 a copy ... 4 all new. */
  readonly novelty?: number;
  /** Who holds most of the skyline, the highest sounding melodic pitch. */
  readonly leader?: Instrument;
  /** (12) by instrument: plays, rests, or open. */
  readonly players: readonly (boolean | undefined)[];
  /** Name of the section that the bar belongs to, "A", "verse"; for people and for sections that return. */
  readonly section?: string;
  /** The section begins here, though the bar before is of the same name; elsewhere names that differ say so. */
  readonly begins?: true;
}

/** Bars from 0 on, and their metres. Past its last bar everything is open. */
export interface Chart {
  readonly metres: MetreMap;
  readonly bars: readonly ChartBar[];
  /** Style of the whole, an index into STYLES of conditions.ts; open where undefined. */
  readonly style?: number;
}

/** A chart as it is read while music is made: bars as they are asked for. */
export interface ChartBars {
  readonly metres: MetreMap;
  readonly style?: number | undefined;
  /** The style of one bar, where they differ; `style` where undefined. */
  styleAt?(bar: number): number | undefined;
  /** Nothing is said of any bar. */
  readonly isOpen?: boolean;
  /** Another number once bars say something else than before; they never do where undefined. */
  readonly revision?: number;
  /** By index, 0 or more; undefined is open. */
  bar(index: number): ChartBar | undefined;
  /** Whether the chord of each half is held whatever happens, since somebody wrote it; none is where undefined. */
  holds?(index: number): readonly [boolean, boolean];
}

/** The style of a bar, an index into STYLES of conditions.ts; open where undefined. */
export const styleIn = (chart: ChartBars, bar: number): number | undefined =>
  chart.styleAt === undefined ? chart.style : chart.styleAt(bar);

/** A chart that is there as a whole, to be read bar by bar. */
export const barsOf = ({ metres, bars, style }: Chart): ChartBars => ({
  metres,
  style,
  bar: (index) => bars[index],
});

/** Highest level of density, drum density and energy; of novelty. */
export const HIGHEST_LEVEL = 7;
export const HIGHEST_NOVELTY = 4;

/** A bar of which nothing is said. */
export const OPEN_BAR: ChartBar = {
  chords: [undefined, undefined],
  players: new Array<undefined>(12).fill(undefined),
};
