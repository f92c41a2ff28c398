/**
 * Holds the music to the levels that its chart asks for: density, drums, energy. A small model hears of them and
 * hardly heeds them, so the draw itself is tilted (see token-measures.ts): by as much as what was played of late
 * differs from what was asked for. A control loop with a model of what it moves (adaptive feed-forward): that of what
 * would be played untilted, an average over some bars of what was played less what the tilt gave.
 *
 * A function of notes and chart alone: what was tilted before is reckoned again, so that a retake or a replay goes on
 * as the first time.
 */
import type { ChartBars } from "#music/chart/chart.ts";
import { notesOfLevel } from "#music/chart/describe.ts";
import { DRUMS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import type { TokenKind } from "#music/rules/piece-grammar.ts";
import { velocityBucket } from "#music/tokens/vocabulary.ts";

/** Nats a unit of measure, by what a token decides. */
export type LevelTilts = Readonly<Record<TokenKind, number>>;

export const UNTILTED: LevelTilts = { rhythm: 0, dynamics: 0, pitch: 0 };

/** Bars of which it is remembered how they went. */
export const HEARD_BARS = 8;

/** How much of what is new is believed at each half bar. */
const BELIEF = 0.3;

/**
 * How a quantity answers its tilt, in its own unit a nat, and the furthest that a tilt goes. The slopes are estimates, whose
 * error the loop takes up; the drums' share, as a logit, answers one to one by definition. How far: client/bench/LOG.md.
 */
const RESPONSE = {
  /** log2 of notes a bar. */
  rhythm: { slope: -1.6, most: 1.3 },
  /** Mean velocity bucket. */
  dynamics: { slope: 1.5, most: 1.5 },
  /** Logit of the drums' share of notes. */
  pitch: { slope: 1, most: 3 },
} as const;

/** Where nothing has been heard yet: some 24 notes a bar, of middling velocities, a third of them the drums'. */
const UNHEARD: LevelTilts = { rhythm: Math.log2(24), dynamics: 4, pitch: Math.log(0.5) };

/**
 * Where in a level music is held, as a multiple of its fewest notes: high in it a model of few pitches hammers (twelve
 * notes or more on three pitches in 12 % of bars at 1.41).
 */
const LOW_IN_LEVEL = 1.15;

/** What is asked of a half bar, and what was played in it; undefined where open, or too little to tell. */
type Levels = Readonly<Record<TokenKind, number | undefined>>;

const KINDS: readonly TokenKind[] = ["rhythm", "dynamics", "pitch"];

/**
 * The tilts for events drawn in the half bar that begins at `step`.
 * @param recent notes of at least the last `HEARD_BARS` bars, any order
 */
export function levelTilts(recent: readonly Note[], chart: ChartBars, step: number): LevelTilts {
  const { metres } = chart;
  const first = Math.max(0, metres.barAt(step).index - HEARD_BARS);
  const untilted = { ...UNHEARD };
  let at = metres.bar(first).start;
  for (;;) {
    const half = halfAt(chart, at);
    const tilts = tiltsFor(half.asked, untilted);
    if (at >= step) return tilts;
    const played = playedIn(recent, at, half.end, half.shareOfBar);
    for (const kind of KINDS) {
      const heard = played[kind];
      if (heard === undefined) continue;
      const without = heard - RESPONSE[kind].slope * tilts[kind];
      untilted[kind] += BELIEF * (without - untilted[kind]);
    }
    at = half.end;
  }
}

function halfAt(chart: ChartBars, step: number) {
  const { bar, end } = chart.metres.halfAt(step);
  const { density, drumDensity, energy } = chart.bar(bar.index) ?? {};
  const melodic = density === undefined ? undefined : notesFor(density);
  const drums = drumDensity === undefined ? undefined : notesFor(drumDensity);
  const asked: Levels = {
    rhythm: melodic === undefined ? undefined : Math.log2(melodic + (drums ?? 0)),
    dynamics: energy,
    pitch: melodic && drums ? Math.log(drums / melodic) : undefined,
  };
  return { asked, end, shareOfBar: (end - step) / bar.steps };
}

/** A number of notes in the lower half of a level. */
function notesFor(level: number): number {
  const [fewest] = notesOfLevel(level);
  return level === 0 ? 0 : LOW_IN_LEVEL * fewest;
}

function tiltsFor(asked: Levels, untilted: LevelTilts): LevelTilts {
  const tilt = (kind: TokenKind): number => {
    const wanted = asked[kind];
    if (wanted === undefined) return 0;
    const { slope, most } = RESPONSE[kind];
    return Math.max(-most, Math.min(most, (wanted - untilted[kind]) / slope));
  };
  return { rhythm: tilt("rhythm"), dynamics: tilt("dynamics"), pitch: tilt("pitch") };
}

function playedIn(notes: readonly Note[], from: number, to: number, shareOfBar: number): Levels {
  let count = 0;
  let drums = 0;
  let velocities = 0;
  for (const { onset, instrument, velocity } of notes) {
    if (onset < from || onset >= to) continue;
    count++;
    if (instrument === DRUMS) drums++;
    velocities += velocityBucket(velocity);
  }
  return {
    // Half a note more, so that silence has a logarithm.
    rhythm: Math.log2((count + 0.5) / shareOfBar),
    dynamics: count === 0 ? undefined : velocities / count,
    pitch: drums === 0 || drums === count ? undefined : Math.log(drums / (count - drums)),
  };
}
