/** The player's chart out of the browser's store: what is understood of it is taken, nothing of it is trusted. */
import { failureOf } from "#base/failure.ts";
import { isJson, isWhole } from "#base/json.ts";
import { HIGHEST_LEVEL } from "#music/chart/chart.ts";
import { barsOfMark, type HeardBars, type Mark } from "#music/chart/mark.ts";
import {
  type Drawn,
  type DrawnBar,
  MOST_MARKS,
  type PlayerChart,
  UNWRITTEN,
  withText,
} from "#music/chart/player-chart.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { keptMetre } from "./kept-metre.ts";
import { keptNotes } from "./kept-notes.ts";

/** Sections, and bars in each, that are taken back of what was drawn. */
const MOST_DRAWN = { sections: 64, bars: 512 } as const;

/** The chart as it was kept; undefined where nothing of it is one. It begins anew: cues are of the piece they were given in. */
export function keptChart(value: unknown): PlayerChart | undefined {
  if (!isJson(value)) return undefined;
  const { text, tonic, moves, drawn, marks } = value;
  return {
    text: textOf(text),
    tonic: tonicOf(tonic),
    moves: moves !== false,
    drawn: keptDrawn(drawn),
    marks: (Array.isArray(marks) ? marks : [])
      .flatMap((mark) => markOf(mark) ?? [])
      .slice(-MOST_MARKS),
    cue: undefined,
  };
}

/** The progression; empty where another version of the page wrote what is none any more. */
function textOf(value: unknown): string {
  if (typeof value !== "string") return "";
  const fault = failureOf(() => withText(UNWRITTEN, value, undefined));
  return fault === undefined ? value.trim() : "";
}

const tonicOf = (value: unknown): number | undefined => (isWhole(value, 0, 11) ? value : undefined);

const entriesOf = (value: unknown, most: number): [string, unknown][] =>
  isJson(value) ? Object.entries(value).slice(0, most) : [];

/** What is understood of what was drawn. */
export function keptDrawn(value: unknown): Drawn {
  const sections = entriesOf(value, MOST_DRAWN.sections).map(([section, bars]) => {
    const known = entriesOf(bars, MOST_DRAWN.bars).filter(([at]) => /^\d{1,4}$/.test(at));
    return [section, Object.fromEntries(known.map(([at, bar]) => [at, drawnBarOf(bar)]))] as const;
  });
  return Object.fromEntries(sections);
}

function drawnBarOf(value: unknown): DrawnBar {
  if (!isJson(value)) return {};
  const { density, energy, plays } = value;
  const who = entriesOf(plays, INSTRUMENTS.length).flatMap(([instrument, is]) =>
    INSTRUMENTS[Number(instrument)] !== undefined && typeof is === "boolean"
      ? [[instrument, is] as const]
      : [],
  );
  return {
    ...(isLevel(density) ? { density } : {}),
    ...(isLevel(energy) ? { energy } : {}),
    ...(who.length === 0 ? {} : { plays: Object.fromEntries(who) }),
  };
}

const isLevel = (value: unknown): value is number => isWhole(value, 0, HIGHEST_LEVEL);

function markOf(value: unknown): Mark | undefined {
  if (!isJson(value)) return undefined;
  const { name, tonic, chart } = value;
  if (typeof name !== "string" || name === "" || typeof chart !== "string") return undefined;
  const heard = heardOf(value.heard);
  const mark = { name, tonic: tonicOf(tonic), chart, ...(heard && { heard }) };
  return failureOf(() => barsOfMark(mark, false, undefined)) === undefined ? mark : undefined;
}

function heardOf(value: unknown): HeardBars | undefined {
  if (!isJson(value)) return undefined;
  const metre = keptMetre(value.metre);
  const kept = keptNotes(value.steps, value.notes);
  return metre && kept && { metre, ...kept };
}
