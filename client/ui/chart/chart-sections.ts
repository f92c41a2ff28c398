/** The sections that can be called: those that are typed, the arranger's own where none is, and those that were marked. */
import { writeChart } from "#music/chart/chart-file.ts";
import { sectionsBefore } from "#music/chart/form.ts";
import type { OrderedChart } from "#music/chart/ordered-chart.ts";
import {
  type Mark,
  MOST_MARKS,
  type PlayerChart,
  sectionsOfText,
} from "#music/chart/player-chart.ts";
import type { Key } from "#music/key.ts";

/** Bars of the arranger's form in which its sections are looked for, and most of them that are offered. */
const LOOKED_FOR = 64;
const MOST_OF_FORM = 6;

/** Most bars of a section that is marked. */
const MOST_MARKED = 16;

/** Names of the sections that are typed or arranged, in the order they come. */
export function sectionNames(chart: PlayerChart, { arranger }: OrderedChart): string[] {
  if (chart.text !== "") return sectionsOfText(chart);
  if (arranger === undefined) return [];
  const sections = [...sectionsBefore(LOOKED_FOR, (bar) => arranger.sectionAt(bar))];
  const labels = sections.filter(({ role }) => role !== "ending").map(({ label }) => label);
  return [...new Set(labels)].slice(0, MOST_OF_FORM);
}

/** The section around a bar as it is played, kept under the first number that is free. */
export function markAround(
  ordered: OrderedChart,
  bar: number,
  { marks }: PlayerChart,
  key: Key | undefined,
): Mark {
  const { first, bars } = ordered.sectionAt(bar) ?? { first: bar, bars: 1 };
  const kept = Array.from({ length: Math.min(bars, MOST_MARKED) }, (_, at) => {
    const { section, ...said } = ordered.bar(first + at);
    return said;
  });
  const numbers = Array.from({ length: MOST_MARKS + 1 }, (_, n) => `Mark ${n + 1}`);
  const name = numbers.find((free) => marks.every((mark) => mark.name !== free));
  return { name: name ?? numbers[0], tonic: key?.tonic, chart: writeChart({ bars: kept }) };
}
