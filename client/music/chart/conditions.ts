/**
 * How a chart reaches the model: every token carries one row of each group, and the model adds these rows to the
 * token's own. Row 0 of each group is "open". The order and sizes of the groups are those of the model's manifest.
 * A token's conditions are those of the bar (and half) in which the onset lies that is known once the token is read.
 * The heading carries the style alone: it stays pinned while the window rolls on, so what holds in one bar only has no
 * place there. Where a style is reached over bars, the heading has it at once and each bar's tokens have their bar's: a
 * mixture the model was not trained on, each piece of the training music being of one style.
 */
import { assert } from "#base/assert.ts";
import { type Bar, halfOf } from "#music/metre.ts";
import {
  type ChartBar,
  type ChartBars,
  type ChartChord,
  OPEN_BAR,
  QUALITIES,
  styleIn,
} from "./chart.ts";

/** Families of music, in the order of their rows from 1 on. */
export const STYLES = [
  "rock",
  "pop",
  "country",
  "hip hop",
  "soul",
  "folk",
  "hymn",
  "game",
  "orchestra",
  "chamber",
  "piano",
  "choir",
  "song",
  "jazz",
  "metal",
  "ambient",
] as const;

/** Index into STYLES of a name; undefined for what is none of them. */
export function styleIndex(name: string): number | undefined {
  const index = (STYLES as readonly string[]).indexOf(name);
  return index < 0 ? undefined : index;
}

/** Steps of a bar that have a row of their own; other lengths share the last. */
const BAR_LENGTHS = [8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 64, 72, 96] as const;

/** Phases that have a row of their own; later ones share the last. */
const PHASES = 96;

/** A group as the manifest names it. */
export interface ConditionGroup {
  readonly name: string;
  /** Rows, "open" included. */
  readonly rows: number;
}

/** Every group, in the order of a token's rows. */
export const CONDITION_GROUPS: readonly ConditionGroup[] = [
  { name: "phase", rows: 1 + PHASES },
  { name: "barLength", rows: 1 + BAR_LENGTHS.length + 1 },
  { name: "chord", rows: 1 + 12 * QUALITIES.length + 1 },
  { name: "density", rows: 9 },
  { name: "drumDensity", rows: 9 },
  { name: "energy", rows: 9 },
  { name: "novelty", rows: 6 },
  { name: "leader", rows: 13 },
  ...Array.from({ length: 12 }, (_, instrument) => ({ name: `player${instrument}`, rows: 3 })),
  { name: "style", rows: 1 + STYLES.length },
];

/** First row of each group in the matrix of all rows, and after them the number of rows. */
const STARTS: readonly number[] = startsOf(CONDITION_GROUPS);

/** Rows of all groups. */
export const CONDITION_ROWS = STARTS[STARTS.length - 1];

/** Row of a chord within its group. */
const chordRow = (chord: ChartChord): number => {
  if (chord === undefined) return 0;
  if (chord === "none") return 12 * QUALITIES.length + 1;
  return 1 + chord.root * QUALITIES.length + QUALITIES.indexOf(chord.quality);
};

/** Row of a length of bar within its group. */
const barLengthRow = (steps: number): number => {
  const index = (BAR_LENGTHS as readonly number[]).indexOf(steps);
  return 1 + (index < 0 ? BAR_LENGTHS.length : index);
};

/** Row of a phase within its group. */
const phaseRow = (phase: number): number => 1 + Math.min(phase, PHASES - 1);

const levelRow = (level: number | undefined): number => (level === undefined ? 0 : 1 + level);

/** Rows within their groups that hold for half a bar: all groups but phase (first) and style (last). */
export function halfRows(bar: ChartBar, steps: number, half: 0 | 1): number[] {
  return [
    barLengthRow(steps),
    chordRow(bar.chords[half]),
    levelRow(bar.density),
    levelRow(bar.drumDensity),
    levelRow(bar.energy),
    levelRow(bar.novelty),
    levelRow(bar.leader),
    ...bar.players.map((plays) => (plays === undefined ? 0 : plays ? 2 : 1)),
  ];
}

/** Rows within their groups as ids in the matrix of all rows. */
export function conditionIds(rows: readonly number[]): number[] {
  assert(rows.length === CONDITION_GROUPS.length, `${rows.length} rows: expected one a group`);
  return rows.map((row, group) => STARTS[group] + row);
}

/** What the tokens of an event carry whose onset is `onset`: ids in the matrix of all rows, one a group. */
export function conditionsAt(chart: ChartBars, onset: number): number[] {
  const bar = chart.metres.barAt(onset);
  return conditionsInBar(bar, chart.bar(bar.index) ?? OPEN_BAR, onset, styleIn(chart, bar.index));
}

/** The same where the bar is known. */
export function conditionsInBar(
  bar: Bar,
  chartBar: ChartBar,
  onset: number,
  style: number | undefined,
): number[] {
  const phase = onset - bar.start;
  const half = phase < halfOf(bar) ? 0 : 1;
  return conditionIds([
    phaseRow(phase),
    ...halfRows(chartBar, bar.steps, half),
    style === undefined ? 0 : 1 + style,
  ]);
}

/** What the tokens of the heading carry: the style, all else open. */
export const headingConditions = (style: number | undefined): number[] =>
  conditionIds([
    ...new Array<number>(CONDITION_GROUPS.length - 1).fill(0),
    style === undefined ? 0 : 1 + style,
  ]);

function startsOf(groups: readonly ConditionGroup[]): number[] {
  const starts = [0];
  for (const { rows } of groups) starts.push(starts[starts.length - 1] + rows);
  return starts;
}
