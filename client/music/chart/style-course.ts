/**
 * Which style each bar of a piece is of, where another is reached over bars: more and more of them are of the other one,
 * by a seeded chance for each. Bar by bar, since a bar's chords, ensemble and levels belong together and the model knows
 * one style at a time: its conditions have a row for each style and none between two. Pure; any bar at any time.
 */
import { openUnit, threefryWord } from "#base/random.ts";

/** From bar `bar` on a style is reached over `bars`. Data: it crosses threads and stands in orders. */
export interface StylePoint {
  readonly bar: number;
  /** At least 1. */
  readonly bars: number;
  /** Index into STYLES; that which suits the lead where undefined. */
  readonly style?: number;
}

/** Keeps these numbers apart from those of drawing. */
const STREAM = 0x7374796c;

/** See the header. */
export class StyleCourse<Style> {
  readonly #points: readonly StylePoint[];
  readonly #seed: number;
  readonly #first: Style;
  readonly #styleOf: (point: StylePoint) => Style;

  /** @param points ascending by bar @param first the style before all of them @param styleOf what a point leads to */
  constructor(
    points: readonly StylePoint[],
    seed: number,
    first: Style,
    styleOf: (point: StylePoint) => Style,
  ) {
    this.#points = points;
    this.#seed = seed;
    this.#first = first;
    this.#styleOf = styleOf;
  }

  /** Where all leads to. */
  get last(): Style {
    const point = this.#points.at(-1);
    return point === undefined ? this.#first : this.#styleOf(point);
  }

  /** The style of a bar: that of the newest point whose chance it has. */
  at(bar: number): Style {
    const reached = this.#points.findLast(
      (point) => bar >= point.bar && chance(this.#seed, bar, point.bar) < shareAt(point, bar),
    );
    return reached === undefined ? this.#first : this.#styleOf(reached);
  }
}

/** The share of bars around one that are of a point's style: rises evenly, 1 once its bars are over. */
const shareAt = ({ bar: first, bars }: StylePoint, bar: number): number =>
  (bar - first + 1) / (bars + 1);

/** A number in (0, 1) that depends on nothing else. */
const chance = (seed: number, bar: number, first: number): number =>
  openUnit(threefryWord(seed, STREAM, bar, first));
