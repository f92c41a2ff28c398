/**
 * The chart of an order out of a link: each field is one that this page could have written, or there is none. JSON has no
 * undefined in a list: what is open in a bar comes as null, and is open again.
 */
import { isBoolean, isJson, isList, isOptional, isWhole, type Json } from "#base/json.ts";
import { CONTROLS, type ControlName, fits } from "#engine/compose/controls.ts";
import { keptDrawn } from "#engine/jam/kept-chart.ts";
import { isKey } from "#engine/jam/kept-performance.ts";
import type { ArrangerSettings } from "#music/chart/arranger.ts";
import {
  type ChartBar,
  type ChartChord,
  type Chord,
  HIGHEST_LEVEL,
  HIGHEST_NOVELTY,
  QUALITIES,
} from "#music/chart/chart.ts";
import { MOST_CHART_BARS } from "#music/chart/chart-text.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { FORMS } from "#music/chart/form.ts";
import type { ChartSpan } from "#music/chart/laid-chart.ts";
import type { ChartOrder } from "#music/chart/ordered-chart.ts";
import { INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";

/** Spans of a chart, and styles one after the other, at most. */
const MOST = { spans: 64, styles: 1024 } as const;

/** Whether a value is one of a few. */
const isOneOf = (offered: readonly unknown[]) => (value: unknown) => offered.includes(value);
const isBar = (value: unknown) => isWhole(value, 0, Number.MAX_SAFE_INTEGER);
const isStyle = (value: unknown) => isWhole(value, 0, STYLES.length - 1);
const isLevel = (value: unknown) => isWhole(value, 0, HIGHEST_LEVEL);

/** Whether a value is one that a control may take, or is not there. */
const isOf = (name: ControlName, value: unknown) =>
  isOptional(value, (number) => typeof number === "number" && fits(name, number));

/** Who plays in a band: the lead, the drums or none, who accompanies, in which key. */
export const isBand = ({ lead, drums, band, key }: Json): boolean =>
  isOneOf(LEAD_INSTRUMENTS)(lead) &&
  isBoolean(drums) &&
  isOptional(band, (all) => isList(all, INSTRUMENTS.length, isOneOf(LEAD_INSTRUMENTS))) &&
  isOptional(key, isKey);

/** The chart that a value says; undefined where a field of it is none. */
export function sharedChart(value: unknown): ChartOrder | undefined {
  if (!isJson(value)) return undefined;
  const { written = {}, laid = [], style, styles, arranged } = value;
  const spans = listOf(laid, MOST.spans, spanOf);
  const bars = entriesOf(written);
  const isWritten =
    isOptional(style, isStyle) &&
    isOptional(styles, (all) => isList(all, MOST.styles, isStylePoint) && ascends(all)) &&
    isOptional(arranged, isArranged);
  if (!isWritten || spans === undefined || bars === undefined || !ascends(spans)) return undefined;
  return {
    ...(value.written === undefined ? {} : { written: bars }),
    ...(value.laid === undefined ? {} : { laid: spans }),
    ...(style === undefined ? {} : { style: style as number }),
    ...(styles === undefined ? {} : { styles: styles as ChartOrder["styles"] }),
    ...(arranged === undefined ? {} : { arranged: arranged as ArrangerSettings }),
  } as ChartOrder;
}

function isArranged(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { seed, style, form, bars, endsAt, density, energy, novelty } = value;
  return (
    isBand(value) &&
    isWhole(seed, 0, CONTROLS.seed.highest) &&
    isOptional(style, isStyle) &&
    isOptional(form, isOneOf(FORMS)) &&
    isOptional(bars, (count) => isWhole(count, 1, MOST_CHART_BARS)) &&
    isOptional(endsAt, isBar) &&
    isOf("density", density) &&
    isOf("energy", energy) &&
    isOf("novelty", novelty)
  );
}

function isStylePoint(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { bar, bars, style } = value;
  return isBar(bar) && isWhole(bars, 1, MOST_CHART_BARS) && isOptional(style, isStyle);
}

function spanOf(value: unknown): ChartSpan | undefined {
  if (!isJson(value)) return undefined;
  const { bar, at, drawn, closes } = value;
  const loop = listOf(value.loop, MOST_CHART_BARS, barOf);
  const isKnown = isBar(bar) && isBar(at) && isOptional(closes, isSounding);
  if (!isKnown || loop === undefined) return undefined;
  const span = {
    ...{ bar: bar as number, at: at as number, loop, drawn: keptDrawn(drawn) },
    ...(closes === undefined ? {} : { closes: closes as Chord }),
  };
  return value.marked === true ? { ...span, marked: true } : span;
}

/** A bar of a chart; undefined where a field of it is none. */
function barOf(value: unknown): Partial<ChartBar> | undefined {
  if (!isJson(value)) return undefined;
  const { chords, density, drumDensity, energy, novelty, leader, players, section } = value;
  const isSaid =
    isOptional(chords, (both) => isList(both, 2, isChord) && (both as unknown[]).length === 2) &&
    [density, drumDensity, energy].every((level) => isOptional(level, isLevel)) &&
    isOptional(novelty, (level) => isWhole(level, 0, HIGHEST_NOVELTY)) &&
    isOptional(leader, (who) => isWhole(who, 0, INSTRUMENTS.length - 1)) &&
    isOptional(players, (all) => isList(all, INSTRUMENTS.length, isPlayer)) &&
    isOptional(section, (name) => typeof name === "string");
  if (!isSaid) return undefined;
  return {
    ...(value as Partial<ChartBar>),
    ...(chords === undefined ? {} : { chords: opened(chords) as [ChartChord, ChartChord] }),
    ...(players === undefined ? {} : { players: opened(players) as ChartBar["players"] }),
  };
}

const isPlayer = (value: unknown): boolean => value === null || isOptional(value, isBoolean);

function isChord(value: unknown): boolean {
  return value === null || value === undefined || value === "none" || isSounding(value);
}

function isSounding(value: unknown): boolean {
  return isJson(value) && isWhole(value.root, 0, 11) && isOneOf(QUALITIES)(value.quality);
}

/** What is open is undefined. */
const opened = (items: unknown): unknown[] =>
  (items as readonly unknown[]).map((item) => item ?? undefined);

/** Bars by their numbers; undefined where one is none. */
function entriesOf(value: unknown): Record<string, Partial<ChartBar>> | undefined {
  if (!isJson(value)) return undefined;
  const bars = Object.entries(value).map(([at, bar]) => [at, barOf(bar)] as const);
  const areBars = bars.every(([at, bar]) => /^\d{1,9}$/.test(at) && bar !== undefined);
  return areBars ? (Object.fromEntries(bars) as Record<string, Partial<ChartBar>>) : undefined;
}

/** What each item says; undefined where one says nothing, or there are more than `most`. */
function listOf<T>(
  value: unknown,
  most: number,
  read: (item: unknown) => T | undefined,
): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const all = value.map(read);
  return all.every((item) => item !== undefined) ? all : undefined;
}

const ascends = (points: unknown): boolean =>
  (points as readonly { bar: number }[]).every(
    ({ bar }, at, all) => at === 0 || bar >= all[at - 1].bar,
  );
