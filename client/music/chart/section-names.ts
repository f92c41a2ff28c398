/** The sections that can be called by name: those that are typed, the arranger's own where none is. */
import { sectionsBefore } from "./form.ts";
import type { OrderedChart } from "./ordered-chart.ts";
import { type PlayerChart, sectionsOfText } from "./player-chart.ts";

/** Bars of the arranger's form in which its sections are looked for, and most of them that are offered. */
const LOOKED_FOR = 64;
const MOST_OF_FORM = 6;

/** Names of the sections that are typed or arranged, in the order they come. */
export function sectionNames(chart: PlayerChart, { arranger }: OrderedChart): string[] {
  if (chart.text !== "") return sectionsOfText(chart);
  if (arranger === undefined) return [];
  const sections = [...sectionsBefore(LOOKED_FOR, (bar) => arranger.sectionAt(bar))];
  const labels = sections.filter(({ role }) => role !== "ending").map(({ label }) => label);
  return [...new Set(labels)].slice(0, MOST_OF_FORM);
}
