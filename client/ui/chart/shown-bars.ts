/**
 * The bars of the chart lane as they are shown: what is asked for, and of each thing whether the player said it or the
 * arranger. What was drawn a moment ago is shown before music is composed to it.
 */
import { type ChartChord, HIGHEST_LEVEL } from "#music/chart/chart.ts";
import { chordName } from "#music/chart/chord-names.ts";
import type { OrderedChart } from "#music/chart/ordered-chart.ts";
import { barOfDrawn, type Drawn, type DrawnPlace, drawnIn } from "#music/chart/player-chart.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { halfOf, type MetreMap } from "#music/metre.ts";
import type { LevelRow } from "./chart-rows.ts";

/** Something that is asked for; undefined is left open by both. */
export interface Said<T> {
  readonly value: T | undefined;
  /** The player said it. */
  readonly isOwn: boolean;
}

/** One bar. Steps are those of the piece. */
export interface ShownBar extends Readonly<Record<LevelRow, Said<number>>> {
  readonly index: number;
  readonly start: number;
  readonly middle: number;
  readonly end: number;
  /** Names of the chords of its halves. */
  readonly chords: readonly [Said<string>, Said<string>];
  readonly section: Said<string>;
  /** A section begins here. */
  readonly begins: boolean;
  /** (12) by instrument. */
  readonly players: readonly Said<boolean>[];
  /** Where it is drawn on, and all places of its section. */
  readonly place: DrawnPlace;
  readonly sectionBars: number;
  /** Nothing of it can be changed any more. */
  readonly isSettled: boolean;
}

/** What the bars are read from. */
export interface ChartSight {
  readonly ordered: OrderedChart;
  /** What the player has drawn by now. */
  readonly drawn: Drawn;
  readonly metres: MetreMap;
  /** What begins before this step is settled. */
  readonly committedStep: number;
}

/** A bar by its index. */
export function shownBar(sight: ChartSight, index: number): ShownBar {
  const { ordered, drawn, metres, committedStep } = sight;
  const place = metres.bar(index);
  const laid = ordered.laidAt(index);
  const isSettled = place.start < committedStep;
  const bar = ordered.bar(index);
  const over = isSettled ? laid.drawn : barOfDrawn(drawnIn(drawn, laid.section)[laid.at] ?? {});
  const level = (row: LevelRow): Said<number> => ({
    value: over?.[row] ?? bar[row],
    isOwn: over?.[row] !== undefined,
  });
  const chord = (half: 0 | 1): Said<string> => ({
    value: nameOf(bar.chords[half]),
    isOwn: laid.written?.chords?.[half] !== undefined,
  });
  const section = ordered.sectionAt(index);
  return {
    ...{ index, start: place.start, middle: place.start + halfOf(place) },
    end: place.start + place.steps,
    chords: [chord(0), chord(1)],
    section: { value: section?.label, isOwn: laid.named !== undefined },
    begins: section?.first === index,
    players: INSTRUMENTS.map((_, instrument) => ({
      value: over?.players?.[instrument] ?? bar.players[instrument],
      isOwn: over?.players?.[instrument] !== undefined,
    })),
    density: level("density"),
    energy: level("energy"),
    place: { section: laid.section, at: laid.at },
    sectionBars: laid.sectionBars,
    isSettled,
  };
}

/** Bars to remember from frame to frame. */
const REMEMBERED = 64;

/** Shows bars many times a second; each is made once, and again when it says something else. */
export class BarWindow {
  #sight: Omit<ChartSight, "committedStep"> | undefined;
  #bars = new Map<number, ShownBar>();

  /** The bars from one step to another. */
  between(sight: ChartSight, from: number, to: number): ShownBar[] {
    const bars = [];
    for (let index = sight.metres.barAt(from).index; ; index++) {
      const bar = this.#bar(sight, index);
      if (bar.start >= to) return bars;
      bars.push(bar);
    }
  }

  #bar(sight: ChartSight, index: number): ShownBar {
    const { ordered, drawn, metres, committedStep } = sight;
    const before = this.#sight;
    const isSame =
      ordered === before?.ordered && drawn === before.drawn && metres === before.metres;
    if (!isSame || this.#bars.size > REMEMBERED) {
      this.#sight = { ordered, drawn, metres };
      this.#bars = new Map();
    }
    const known = this.#bars.get(index);
    if (known !== undefined && known.isSettled === known.start < committedStep) return known;
    const bar = shownBar(sight, index);
    this.#bars.set(index, bar);
    return bar;
  }
}

/** Where a stroke over a bar draws: there, or over its whole section. */
export const placesOf = ({ place, sectionBars }: ShownBar, whole: boolean): DrawnPlace[] =>
  whole ? Array.from({ length: sectionBars }, (_, at) => ({ ...place, at })) : [place];

/** The level at a height of a curve's row. @param share 0 at the bottom to 1 at the top */
export const levelAt = (share: number): number =>
  Math.min(HIGHEST_LEVEL, Math.max(1, Math.round(share * HIGHEST_LEVEL)));

const nameOf = (chord: ChartChord): string | undefined =>
  chord === undefined ? undefined : chordName(chord);
