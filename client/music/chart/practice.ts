/**
 * What music of a style does, as far as the arranger asks: chords, who plays with whom, how dense, loud and new bars
 * are. Read from a table of counts (presets/practice.json, made from the training music by `npm run count-practice`).
 */
import type { Instrument } from "#music/instrument.ts";
import { STYLES } from "./conditions.ts";
import type { Harmony, Mode, Unit } from "./progressions.ts";

/** Counts of one style, or of all music (style -1). */
export interface StylePractice {
  /** Pieces counted. */
  readonly pieces: number;
  /** Share of pieces in minor. */
  readonly minor: number;
  /** Index into the table's harmonies. */
  readonly harmony: number;
  /** (12) share of bars that each instrument leads; (12 x 12) share of the bars that i leads in which j plays. */
  readonly leads: readonly number[];
  readonly plays: readonly (readonly number[])[];
  /** Shares of bars by level, of bars in which there is melody (or, for drums, in which drums play). */
  readonly density: readonly number[];
  readonly drumDensity: readonly number[];
  readonly energy: readonly number[];
  /** (5) */
  readonly novelty: readonly number[];
}

/** The table's form. */
export interface PracticeTable {
  readonly harmonies: readonly Readonly<Record<Mode, Harmony>>[];
  /** By index into STYLES. */
  readonly styles: readonly StylePractice[];
}

/** Levels of a style's bars. */
export interface UsualLevels {
  readonly density: number;
  readonly drumDensity: number;
  readonly energy: number;
}

/** Copies of the bar before are left to the sections that return. */
const LEAST_NOVELTY = 1;

/** Weight of a style by how rarely its counts were made: those of few pieces are not chosen unasked. */
const FEWEST_PIECES = 100;

/** Answers the arranger's questions. */
export class Practice {
  readonly #table: PracticeTable;

  constructor(table: PracticeTable) {
    this.#table = table;
  }

  /** A style for a lead, by how often the lead leads there and whether drums play. @param unit in [0, 1) */
  styleFor(lead: Instrument, drums: boolean, unit: number): number {
    const weights = this.#table.styles.map(({ pieces, leads, plays }, style) => {
      if (pieces < FEWEST_PIECES || STYLES[style] === undefined) return 0;
      const drummed = plays[lead]?.[9] ?? 0;
      return Math.sqrt(pieces) * leads[lead] * (drums ? drummed : 1 - drummed);
    });
    return pick(weights, unit) ?? 0;
  }

  minorShare(style: number): number {
    return this.#table.styles[style].minor;
  }

  harmony(style: number, mode: Mode): Harmony {
    return this.#table.harmonies[this.#table.styles[style].harmony][mode];
  }

  /** Those levels that a share 0-1 of the style's bars do not exceed; .5 gives the middle ones. */
  levels(style: number, share: number): UsualLevels {
    const { density, drumDensity, energy } = this.#table.styles[style];
    return {
      density: quantile(density, share, 1),
      drumDensity: quantile(drumDensity, share, 1),
      energy: quantile(energy, share, 0),
    };
  }

  /** The novelty of a bar within a section. @param unit in [0, 1) */
  novelty(style: number, unit: number): number {
    const { novelty } = this.#table.styles[style];
    const allowed = novelty.map((share, level) => (level < LEAST_NOVELTY ? 0 : share));
    return pick(allowed, unit) ?? 3;
  }

  /** `count` of `others` to play with a lead, drawn by how often they do. */
  accompanists(
    style: number,
    lead: Instrument,
    others: readonly Instrument[],
    count: number,
    unit: Unit,
  ): Instrument[] {
    const chosen: Instrument[] = [];
    while (chosen.length < count && chosen.length < others.length) {
      const left = others.filter((instrument) => !chosen.includes(instrument));
      const shares = left.map((instrument) => this.#table.styles[style].plays[lead][instrument]);
      chosen.push(left[pick(shares, unit()) ?? 0]);
    }
    return chosen;
  }
}

/** The index drawn by weights, undefined where all are 0. @param unit in [0, 1) */
function pick(weights: readonly number[], unit: number): number | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) return undefined;
  let left = unit * total;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

/** The level that a share of the bars counted do not exceed, those of a level below `from` left out. */
function quantile(shares: readonly number[], share: number, from: number): number {
  const total = shares.slice(from).reduce((sum, each) => sum + each, 0);
  let sum = 0;
  for (let at = from; at < shares.length; at++) {
    sum += shares[at];
    if (sum >= total * share) return at;
  }
  return from;
}
