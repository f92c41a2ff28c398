/**
 * Trading bars with a human: bars of the band, in which its lead answers, and as many in which the lead rests and the human
 * solos over the others. Written into the chart by the piece's own bars, so that a replay and the screen know them; pure.
 */
import { TRADED } from "#engine/compose/choices.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import type { ChartBar } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS, type Instrument, instrumentByName } from "#music/instrument.ts";
import type { Controls, Performance, Strip } from "./performance.ts";

/** Who plays under a solo, if anybody does. */
const RHYTHM: readonly (Instrument | undefined)[] = [DRUMS, instrumentByName("Bass")];

/** Bars that are written ahead; asked for anew before they are over. */
export const WRITTEN_BARS = 32;

/** Whether a bar is the human's: the band begins. */
export const isHumansBar = (bar: number, length: number): boolean =>
  length > 0 && Math.floor(bar / length) % 2 === 1;

/**
 * Who plays in the bars from `first` on.
 * @param hand what the human plays: the lead too, or what the band leaves alone
 * @param rhythm who plays under the human, also where the arranger lets nobody but the lead play, as in an intro
 */
export function tradedBars(
  first: number,
  length: number,
  lead: Instrument,
  hand: Instrument,
  rhythm: readonly Instrument[],
): Record<number, Partial<ChartBar>> {
  const bar = (index: number): Partial<ChartBar> => {
    const isHumans = isHumansBar(index, length);
    const players = INSTRUMENTS.map((_, instrument) => {
      if (instrument === lead) return !isHumans;
      if (isHumans && rhythm.includes(instrument)) return true;
      return instrument === hand ? false : undefined;
    });
    return { players, leader: isHumans ? hand : lead };
  };
  return Object.fromEntries(
    Array.from({ length: WRITTEN_BARS }, (_, at) => [first + at, bar(first + at)]),
  );
}

/** Drums and bass, where they are there; else one of the others. */
function rhythmOf(others: readonly Strip[]): readonly Instrument[] {
  const instruments = others.map(({ instrument }) => instrument);
  const rhythm = instruments.filter((instrument) => RHYTHM.includes(instrument));
  return rhythm.length > 0 ? rhythm : instruments.slice(0, 1);
}

/** Bars of one turn, where bars are traded with a human who plays; else 0. */
export const tradedBy = ({ company, hand }: Pick<Controls, "company" | "hand">): number =>
  instrumentByName(hand) === undefined ? 0 : TRADED[company];

/** The settings with who plays in the bars from `first` on, where bars are traded. */
export function withTrading(
  settings: CompositionSettings,
  { controls, strips }: Performance,
  first: number,
): CompositionSettings {
  const length = tradedBy(controls);
  const hand = instrumentByName(controls.hand);
  if (length === 0 || hand === undefined) return settings;
  const others = strips.filter(
    ({ instrument, enabled }) => enabled && instrument !== controls.lead && instrument !== hand,
  );
  const written = tradedBars(first, length, controls.lead, hand, rhythmOf(others));
  return { ...settings, chart: { ...settings.chart, written } };
}
