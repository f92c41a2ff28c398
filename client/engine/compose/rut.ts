/**
 * Whether music is stuck: bars that copy the one, two or four before, that hammer a few pitches, or in which one instrument
 * is left alone of those that are to play. Real music has such bars, too (4.8 % copy the bar before, 1.5 % hammer; runs of
 * four are 1.2 %), so only runs of them count, and what is done about it grows with the run. Never a penalty on single tokens, which would detune chords.
 */
import { jaccard } from "#base/jaccard.ts";
import type { SampleWay } from "#model/sampler.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { instrumentsIn, pitchEntropy, struckBars } from "#music/struck-bars.ts";

/** How alike bars are that count as copies: the share of their notes that they have in common. */
const ALIKE = 0.75;

/** Lags in bars at which a copy is looked for. */
const LAGS = [1, 2, 4] as const;

/** Notes of a bar that hammers, and the most bits that its pitches have: as many as three that share them evenly. */
const HAMMERED = { notes: 12, bits: Math.log2(3) } as const;

const ROUNDING = 1e-9;

/** Bars that are looked at: a run of the longest lag and what it is compared with. */
export const WATCHED_BARS = 12;

/** What is done after how many stuck bars in a row; each holds with those before it. */
export const RELIEF = {
  /** The chart asks for new bars. */
  novelty: 2,
  /** The chart goes to another chord. */
  chord: 3,
  /** What leaves little to chance is drawn as usual: nothing else would lead a daring of 0 anywhere. */
  chance: 3,
  /** Draws are warmer. */
  warmth: 4,
  /** The model forgets the stuck bars and goes on from the last that was alive. */
  forgetting: 6,
} as const;

/** By how much draws are warmer. */
const WARMER = 1.12;

/** How rhythm and pitch are drawn after so many stuck bars; once warmed, nothing is cut from their tail. */
export function warmedBy(stuck: number, way: SampleWay): SampleWay {
  const temperature = Math.max(1, way.temperature);
  if (stuck >= RELIEF.warmth) return { temperature: temperature * WARMER };
  return stuck >= RELIEF.chance && way.temperature < 1 ? { temperature } : way;
}

/**
 * How many of the newest whole bars are stuck, in a row.
 * @param notes any order; those of the `WATCHED_BARS` before `bar` are looked at
 * @param bar the first bar that is not whole
 * @param asked how many melodic instruments are to play in a bar
 */
export function stuckBars(
  notes: readonly Note[],
  metres: MetreMap,
  bar: number,
  asked: (bar: number) => number = () => 1,
): number {
  const first = Math.max(0, bar - WATCHED_BARS);
  const bars = struckBars(notes, metres, first, bar);
  let stuck = 0;
  for (let at = bars.length - 1; at >= 0; at--) {
    const hammers =
      bars[at].size >= HAMMERED.notes && pitchEntropy(bars[at]) <= HAMMERED.bits + ROUNDING;
    const alone = instrumentsIn(bars[at]).size === 1 && asked(first + at) > 1;
    // The first of a chain of copies is no copy: the chain is as long as its copies. Nor is silence a copy of silence.
    const copies = LAGS.some(
      (lag) => at >= lag && (jaccard(bars[at], bars[at - lag]) ?? 0) >= ALIKE,
    );
    if (!hammers && !copies && !alone) break;
    stuck++;
  }
  return stuck;
}
