/**
 * What the player writes of the chart in a jam, as plain data. It is part of the performance, so undo, banks and the
 * browser's store hold it. Nothing in it counts bars of a piece: the engine lays it onto one (engine/jam/chart-laying.ts),
 * so that it comes back in any. Every edit is a function from one chart to the next.
 */
import { INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import type { ChartBar } from "./chart.ts";
import { parseChartText } from "./chart-text.ts";
import { type Mark, wayOf } from "./mark.ts";

/** What was drawn over one bar; what is undefined is left to the arranger. */
export interface DrawnBar {
  readonly density?: number;
  readonly energy?: number;
  /** Who plays (true) or rests (false), by instrument. */
  readonly plays?: Readonly<Record<Instrument, boolean>>;
}

/** A change of what is drawn over a bar; undefined gives it back to the arranger. */
export interface DrawnChange {
  readonly density?: number | undefined;
  readonly energy?: number | undefined;
  readonly plays?: Readonly<Record<Instrument, boolean | undefined>>;
}

/** What was drawn, by the name of a section ("" where it has none) and the bar in it. */
export type Drawn = Readonly<Record<string, Readonly<Record<number, DrawnBar>>>>;

/** A wish that the chart begins somewhere; every wish is an object of its own, and holds from one bar of a piece on. */
export interface Cue {
  /** Name of the section; the chart's first bar where undefined. */
  readonly section?: string;
  /** The next bar, or the first after the phrase that is under way. */
  readonly on: "bar" | "phrase";
}

/** See the header. */
export interface PlayerChart {
  /** The progression, see chart-text.ts; empty where the arranger writes the chords. */
  readonly text: string;
  /** Of the key in which names of chords were written, 0-11; undefined where there was none. */
  readonly tonic: number | undefined;
  /** Whether chords by name move with the key; degrees do anyway. */
  readonly moves: boolean;
  readonly drawn: Drawn;
  readonly marks: readonly Mark[];
  readonly cue: Cue | undefined;
}

/** Nothing is written: all is the arranger's. */
export const UNWRITTEN: PlayerChart = {
  text: "",
  tonic: undefined,
  moves: true,
  drawn: {},
  marks: [],
  cue: undefined,
};

/** Of degrees that are read without a key, to see whether they can be read or what their sections are called. */
const ANY_KEY: Key = { tonic: 0, scale: "major" };

/** Most marks that a chart keeps. */
export const MOST_MARKS = 8;

/** Bars of a progression that is typed anew of which so many parts stay: it goes on where it is. */
const MENDED = 0.5;

/**
 * With another progression; an empty one gives the chords back to the arranger. It begins at its first bar, but where
 * half of its bars stay as they were it was mended, and goes on where it is.
 * @throws Failure "usage" naming the bar and what to write
 */
export function withText(chart: PlayerChart, text: string, key: Key | undefined): PlayerChart {
  const trimmed = text.trim();
  if (trimmed === chart.text) return chart;
  const bars = trimmed === "" ? [] : parseChartText(trimmed, key ?? ANY_KEY);
  const before = chart.text === "" ? [] : parseChartText(chart.text, key ?? ANY_KEY);
  const stays = bars.filter((bar, at) => JSON.stringify(bar) === JSON.stringify(before[at]));
  const mended = bars.length === before.length && stays.length >= MENDED * bars.length;
  return {
    ...chart,
    text: trimmed,
    tonic: mended && chart.tonic !== undefined ? chart.tonic : key?.tonic,
    cue: mended && bars.length > 0 ? chart.cue : { on: "bar" },
  };
}

/** A place that can be drawn on, wherever it comes in a piece. */
export interface DrawnPlace {
  readonly section: string;
  /** Bar in the section. */
  readonly at: number;
}

/** With something drawn over some bars; the same chart where that is drawn there already, as by a hand that stays. */
export function withDrawn(
  chart: PlayerChart,
  places: readonly DrawnPlace[],
  change: DrawnChange,
): PlayerChart {
  let { drawn } = chart;
  for (const { section, at } of places) {
    const bars = drawnIn(drawn, section);
    const { plays, ...levels } = change;
    const bar = said({ ...bars[at], ...levels, plays: { ...bars[at]?.plays, ...plays } });
    if (JSON.stringify(bar) === JSON.stringify(bars[at])) continue;
    drawn = { ...drawn, [section]: { ...bars, [at]: bar } };
  }
  return drawn === chart.drawn ? chart : { ...chart, drawn };
}

/** With nothing drawn over any bar. */
export const withoutDrawn = (chart: PlayerChart): PlayerChart => ({ ...chart, drawn: {} });

/** With a section kept; one of the same name is replaced, and of too many the oldest goes. */
export const withMark = (chart: PlayerChart, mark: Mark): PlayerChart => ({
  ...chart,
  marks: [...chart.marks.filter(({ name }) => name !== mark.name), mark].slice(-MOST_MARKS),
});

export const withoutMark = (chart: PlayerChart, name: string): PlayerChart => ({
  ...chart,
  marks: chart.marks.filter((mark) => mark.name !== name),
});

/** Whether the same is played to both: marks alone change nothing until one is called. */
export const saysTheSame = (a: PlayerChart, b: PlayerChart): boolean =>
  a.text === b.text &&
  a.tonic === b.tonic &&
  a.moves === b.moves &&
  a.drawn === b.drawn &&
  a.cue === b.cue;

/** With a section called, from the next bar or phrase on. */
export const withCue = (chart: PlayerChart, cue: Cue): PlayerChart => ({
  ...chart,
  cue: { ...cue },
});

/** The same, to begin anew: a chart that comes back begins at its beginning. */
export const begunAnew = (chart: PlayerChart): PlayerChart =>
  chart.text === "" && chart.cue === undefined ? chart : { ...chart, cue: { on: "bar" } };

/** Names of chords that were written while there was no key are of the first one that is chosen. */
export const inKeyOf = (chart: PlayerChart, key: Key | undefined): PlayerChart =>
  key === undefined || chart.text === "" || chart.tonic !== undefined
    ? chart
    : { ...chart, tonic: key.tonic };

/** What was drawn in a section, by bar. */
export const drawnIn = (drawn: Drawn, section: string): Readonly<Record<number, DrawnBar>> =>
  Object.hasOwn(drawn, section) ? drawn[section] : {};

/** What was drawn over a bar, as a bar of a chart. */
export function barOfDrawn({ plays = {}, ...levels }: DrawnBar): Partial<ChartBar> {
  return { ...levels, players: INSTRUMENTS.map((_, instrument) => plays[instrument]) };
}

/**
 * Bars of the progression in a key; none where there is no progression.
 * @param key that of the piece, for degrees @param chosen the key that the player chose, with which names move
 */
export function barsOfText(
  { text, tonic, moves }: PlayerChart,
  key: Key,
  chosen: Key | undefined,
): readonly Partial<ChartBar>[] {
  return text === "" ? [] : parseChartText(text, key, wayOf(tonic, moves, chosen));
}

/** Names of the sections of the progression, in the order they come. */
export const sectionsOfText = (chart: PlayerChart): string[] => [
  ...new Set(barsOfText(chart, ANY_KEY, undefined).flatMap(({ section }) => section ?? [])),
];

/** Without what is undefined: the store and the orders keep no more than was said. */
function said({ plays = {}, ...levels }: DrawnChange): DrawnBar {
  const who = Object.entries(plays).filter(
    (said): said is [string, boolean] => said[1] !== undefined,
  );
  const known = Object.entries(levels).filter(([, level]) => level !== undefined);
  return {
    ...Object.fromEntries(known),
    ...(who.length === 0 ? {} : { plays: Object.fromEntries(who) }),
  };
}
