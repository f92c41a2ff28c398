/**
 * Turns of band and human: bars of the band, in which its lead answers, and bars in which the lead rests and the human
 * plays over the others. Traded, as many of each; or as calls and answers come. Written into the chart by the piece's own
 * bars, so that a replay and the screen know them; pure.
 */
import { TRADED } from "#engine/compose/choices.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import type { ChartBar } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS, type Instrument, instrumentByName } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Rest } from "#music/rules/rest-rule.ts";
import type { Answer } from "./calls.ts";
import type { Controls, Performance, Strip } from "./performance.ts";

/** Who plays under a solo, if anybody does. */
const RHYTHM: readonly (Instrument | undefined)[] = [DRUMS, instrumentByName("Bass")];

/** Bars that are written ahead; asked for anew before they are over. */
export const WRITTEN_BARS = 32;

/** Whether a bar is the human's: the band begins. */
export const isHumansBar = (bar: number, length: number): boolean =>
  length > 0 && Math.floor(bar / length) % 2 === 1;

/** Who takes turns. */
export interface Turns {
  readonly lead: Instrument;
  /** What the human plays: the lead too, or what the band leaves alone. */
  readonly hand: Instrument;
  /** Who plays under the human, also where the arranger lets nobody but the lead play, as in an intro. */
  readonly rhythm: readonly Instrument[];
  readonly isHumans: (bar: number) => boolean;
}

/** Who plays in the bars from `first` on. */
export function turnBars(
  first: number,
  { lead, hand, rhythm, isHumans: isHumansTurn }: Turns,
): Record<number, Partial<ChartBar>> {
  const bar = (index: number): Partial<ChartBar> => {
    const isHumans = isHumansTurn(index);
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
const tradedBy = ({ company, hand }: Pick<Controls, "company" | "hand">): number =>
  instrumentByName(hand) === undefined ? 0 : TRADED[company];

/** Whether band and human take turns at all. */
export const takesTurns = (controls: Pick<Controls, "company" | "hand">): boolean =>
  tradedBy(controls) > 0 || answers(controls);

/** Whether the band answers calls of a human who plays. */
export const answers = ({ company, hand }: Pick<Controls, "company" | "hand">): boolean =>
  company === "call" && instrumentByName(hand) !== undefined;

/** The settings with whose turn it is in the bars from `first` on, where turns are taken. @param answered what the lead answers */
export function withTurns(
  settings: CompositionSettings,
  { controls, strips }: Performance,
  first: number,
  answered: () => readonly Answer[],
  metres: MetreMap,
): CompositionSettings {
  const hand = instrumentByName(controls.hand);
  if (hand === undefined || !takesTurns(controls)) return settings;
  const { lead } = controls;
  const others = strips.filter(
    ({ instrument, enabled }) => enabled && instrument !== lead && instrument !== hand,
  );
  const length = tradedBy(controls);
  // A lead that is all of the band plays on.
  if (length === 0 && others.length === 0) return settings;
  const turns = { lead, hand, rhythm: rhythmOf(others) };
  const written = (isHumans: Turns["isHumans"]) => ({
    ...settings.chart,
    written: turnBars(first, { ...turns, isHumans }),
  });
  if (length > 0) return { ...settings, chart: written((bar) => isHumansBar(bar, length)) };
  const all = answered();
  const isHumans = (index: number): boolean => {
    const { start, steps } = metres.bar(index);
    return !all.some(({ from, until }) => from < start + steps && until > start);
  };
  const constraint = { ...settings.constraint, rests: restsBetween(all, lead) };
  return { ...settings, constraint, chart: written(isHumans) };
}

/** The lead rests but for its answers. */
function restsBetween(all: readonly Answer[], instrument: Instrument): readonly Rest[] {
  const ends = [0, ...all.map(({ until }) => until)];
  return ends.flatMap((from, at): Rest[] => {
    if (at === all.length) return [{ instrument, from }];
    const until = all[at].from;
    return from < until ? [{ instrument, from, until }] : [];
  });
}
