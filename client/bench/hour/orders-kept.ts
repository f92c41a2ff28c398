/**
 * How far a jam was as it was ordered: each bar against the chart and the rules of the last order that holds from its
 * beginning on. Bars into which an order falls are of two minds and are left out; a human's notes are not the band's.
 * A soft lock is no rule, so bars under one are measured apart; where a rut was left by another chord than was ordered, chords
 * are not judged; nor are bars that are given alone, and parts that are given. Bars that repeat each other where hands asked for likeness are counted, and apart from those where none did.
 */
import { USUAL_CHORD_LOCK } from "#engine/compose/composition.ts";
import { reaches } from "#engine/compose/given-music.ts";
import { noteKey } from "#engine/compose/played-notes.ts";
import { RELIEF, stuckBars, WATCHED_BARS } from "#engine/compose/rut.ts";
import type { Session } from "#engine/jam/session.ts";
import type { Order } from "#engine/journal/recorded-source.ts";
import { type ChartBar, OPEN_BAR } from "#music/chart/chart.ts";
import { describe } from "#music/chart/describe.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { inKey, type Key } from "#music/key.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes, endOfNotes } from "#music/piece.ts";
import type { ChordLock } from "#music/rules/chart-rules.ts";
import { tonesOnBeats } from "../music/chord-beats.ts";
import { chordShare } from "../music/chord-share.ts";
import { rankCorrelation } from "../music/obedience.ts";
import { longRuns, stuckMeasures } from "../music/stuck-measures.ts";

/** What asks for likeness: a daring that leaves little to chance, a novelty by which most comes back. */
const LIKENESS = { daring: 0.5, novelty: -2 } as const;

/** What was asked of a bar. */
interface Asked {
  readonly bar: ChartBar;
  readonly key: Key | undefined;
  readonly lock: ChordLock;
  /** Another chord may have led out of a rut. */
  readonly relieved: boolean;
}

/** Shares 0-1 of notes, and rank correlations of levels, of a session's piece. */
export function obedienceOf(session: Session, orders: readonly Order[]) {
  const { metres } = session;
  const { notes, played } = session.heardSoFar;
  const byHand = new Set(played().map(noteKey));
  const all = canonicalNotes(notes);
  const own = all.filter((note) => !byHand.has(noteKey(note)));
  const count = metres.barsIn(endOfNotes(own));
  const asked = Array.from({ length: count }, (_, index) => askedOf(index));
  const bars = asked.map((said) => said?.bar ?? OPEN_BAR);
  const saidAt = (onset: number) => asked[metres.barAt(onset).index];
  const judged = own.filter((note) => saidAt(note.onset) !== undefined && !isGiven(note));
  const resting = judged.filter(
    ({ onset, instrument }) => saidAt(onset)?.bar.players[instrument] === false,
  );
  const keyed = judged.flatMap(({ onset, instrument, pitch }) => {
    const key = instrument === DRUMS ? undefined : saidAt(onset)?.key;
    return key === undefined ? [] : [inKey(key, pitch % 12)];
  });
  const barsUnder = (isAsked: (said: Asked) => boolean) =>
    asked.map((said) =>
      said !== undefined && !said.relieved && isAsked(said) ? said.bar : OPEN_BAR,
    );
  const locked = barsUnder(({ lock }) => lock !== "soft");
  const soft = barsUnder(({ lock }) => lock === "soft");
  const described = describe(own, metres, count);
  const unasked = asked.flatMap((_, index) => (likenessIn(index) ? [] : [index]));
  const runs = longRuns(own, metres, count);
  const inRuns = (index: number) =>
    runs.some(({ first, length }) => index >= first && index < first + length);
  const { pitchesABar: _, ...stuck } = stuckMeasures(own, metres, count);
  return {
    ...{ bars: count, judged: asked.filter((said) => said !== undefined).length },
    notesOfThoseWhoRest: share(resting.length, judged.length),
    inKey: share(keyed.filter((fits) => fits).length, keyed.length),
    onBeatsInChord: tonesOnBeats(judged, metres, locked),
    inChord: chordShare(judged, metres, locked).strong,
    inChordUnlocked: chordShare(judged, metres, soft).strong,
    density: rankCorrelation(bars, described, ({ density }) => density),
    energy: rankCorrelation(bars, described, ({ energy }) => energy),
    stuck,
    /** Bars in which nobody asked for likeness, and how many of them stand in runs all the same. */
    unasked: { bars: unasked.length, inRuns: share(unasked.filter(inRuns).length, unasked.length) },
  };

  function settingsIn(index: number) {
    const { start } = metres.bar(index);
    return orders.findLast(({ step }) => step <= start)!.settings;
  }

  /** Whether it is of a part that was given in its bar. */
  function isGiven({ onset, instrument }: Note): boolean {
    const { given = [] } = settingsIn(metres.barAt(onset).index);
    return given.some(
      (music) =>
        reaches(music, onset, onset + 1) &&
        music.notes.some((note) => note.instrument === instrument),
    );
  }

  function likenessIn(index: number): boolean {
    const { sampling, chart, escapesRuts = true } = settingsIn(index);
    const { novelty = 0 } = chart?.arranged ?? {};
    return (
      !escapesRuts || sampling.pitch.temperature < LIKENESS.daring || novelty <= LIKENESS.novelty
    );
  }

  function askedOf(index: number): Asked | undefined {
    const { start, steps } = metres.bar(index);
    if (orders.some(({ step }) => step > start && step < start + steps)) return undefined;
    const { chart, constraint, given = [] } = settingsIn(index);
    const { key, chordLock = USUAL_CHORD_LOCK } = constraint;
    if (given.some((music) => music.alone && reaches(music, start, start + steps)))
      return undefined;
    const relieved = [index - 1, index].some((at) => stuckBefore(at) >= RELIEF.chord);
    const bar = new OrderedChart(chart, constraint.metres).bar(index);
    return { bar, key, lock: chordLock, relieved };
  }

  /** As the composer sees it from a bar on. */
  function stuckBefore(index: number): number {
    const { start } = metres.bar(Math.max(0, index));
    const first = metres.bar(Math.max(0, index - WATCHED_BARS)).start;
    const watched = all.filter(({ onset }) => onset >= first && onset < start);
    return stuckBars(watched, metres, Math.max(0, index));
  }
}

/** Undefined where there is nothing to take it of. */
const share = (some: number, all: number): number | undefined =>
  all === 0 ? undefined : Math.round((1000 * some) / all) / 1000;
