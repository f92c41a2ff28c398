/**
 * How far a jam was as it was ordered: each bar against the chart and the rules of the last order that holds from its
 * beginning on. Bars into which an order falls are of two minds and are left out; a human's notes are not the band's.
 */
import { noteKey } from "#engine/compose/played-notes.ts";
import type { Session } from "#engine/jam/session.ts";
import type { Order } from "#engine/journal/recorded-source.ts";
import { type ChartBar, OPEN_BAR } from "#music/chart/chart.ts";
import { describe } from "#music/chart/describe.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { inKey, type Key } from "#music/key.ts";
import { canonicalNotes, endOfNotes } from "#music/piece.ts";
import { chordShare } from "../music/chord-share.ts";
import { rankCorrelation } from "../music/obedience.ts";
import { stuckMeasures } from "../music/stuck-measures.ts";

/** What was asked of a bar. */
interface Asked {
  readonly bar: ChartBar;
  readonly key: Key | undefined;
}

/** Shares 0-1 of notes, and rank correlations of levels, of a session's piece. */
export function obedienceOf(session: Session, orders: readonly Order[]) {
  const { metres } = session;
  const { notes, played } = session.heardSoFar;
  const byHand = new Set(played().map(noteKey));
  const own = canonicalNotes(notes.filter((note) => !byHand.has(noteKey(note))));
  const count = metres.barsIn(endOfNotes(own));
  const asked = Array.from({ length: count }, (_, index) => askedOf(index));
  const bars = asked.map((said) => said?.bar ?? OPEN_BAR);
  const saidAt = (onset: number) => asked[metres.barAt(onset).index];
  const judged = own.filter(({ onset }) => saidAt(onset) !== undefined);
  const resting = judged.filter(
    ({ onset, instrument }) => saidAt(onset)?.bar.players[instrument] === false,
  );
  const keyed = judged.flatMap(({ onset, instrument, pitch }) => {
    const key = instrument === DRUMS ? undefined : saidAt(onset)?.key;
    return key === undefined ? [] : [inKey(key, pitch % 12)];
  });
  const described = describe(own, metres, count);
  const { alike, inRuns, longestRun, hammered, notesABar } = stuckMeasures(own, metres, count);
  return {
    ...{ bars: count, judged: asked.filter((said) => said !== undefined).length },
    notesOfThoseWhoRest: share(resting.length, judged.length),
    inKey: share(keyed.filter((fits) => fits).length, keyed.length),
    inChord: chordShare(judged, metres, bars).strong,
    density: rankCorrelation(bars, described, ({ density }) => density),
    energy: rankCorrelation(bars, described, ({ energy }) => energy),
    stuck: { alike, inRuns, longestRun, hammered, notesABar },
  };

  function askedOf(index: number): Asked | undefined {
    const { start, steps } = metres.bar(index);
    if (orders.some(({ step }) => step > start && step < start + steps)) return undefined;
    const { chart, constraint } = orders.findLast(({ step }) => step <= start)!.settings;
    return { bar: new OrderedChart(chart, constraint.metres).bar(index), key: constraint.key };
  }
}

/** Undefined where there is nothing to take it of. */
const share = (some: number, all: number): number | undefined =>
  all === 0 ? undefined : Math.round((1000 * some) / all) / 1000;
