/**
 * The grammar as a program for a GPU, so that events can be drawn where the logits are: the text of `allowed` and
 * `take` in WGSL, and a piece's state packed for it. `Grammar.fillMask` is the oracle; the program says the same
 * of every token, as long as the filter would allow the notes it allowed when the state was packed. Whoever
 * draws checks that (a filter that listens, like `Constraint`, may change its mind after any event).
 *
 * There is a second program for models that read a chart: it also says what each token carries (chart-table.ts).
 *
 * The text defines what `DrawRules` of the decoders asks for; it may use LANES, the number of invocations.
 */
import { assert } from "#base/assert.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { CONDITION_GROUPS } from "#music/chart/conditions.ts";
import {
  CHORD_BASE,
  DURATION_BASE,
  MAX_DELTA,
  NOTE_BASE,
  VELOCITY_BUCKETS,
} from "#music/tokens/vocabulary.ts";
import { chartProgram, packChart, TABLE_WORDS } from "./chart-table.ts";
import { CHORD, type DensityLimit, FREE_STEPS, NOTE_COST } from "./density-limit.ts";
import type { Allowances, Grammar, NoteFilter } from "./grammar.ts";

const NOTES = CHORD_BASE - NOTE_BASE;

/** What comes next, as a word; a piece does not begin on a device. */
const EXPECTED = { event: 0, duration: 1, note: 2 } as const;

/** Places in the state, in words of 32 bits. */
const AT = {
  expects: 0,
  onset: 1,
  /** Rank of the last note at `onset`, counted from 1; 0 before the first. */
  lastRank: 2,
  duration: 3,
  longestRest: 4,
  shortestRest: 5,
  /** Of a `DensityLimit`; all 0 without one. */
  density: 6,
  debt: 7,
  chord: 8,
  /** (NOTES) bits: what the filter allows. */
  allowed: 9,
  /** (NOTES) steps until which each note sounds. */
  soundingUntil: 9 + NOTES / 32,
} as const;

/** Words of the state; behind them stands the chart, where there is one. */
const STATE_WORDS = AT.soundingUntil + NOTES;

/** @param moved what is to be done once the onset moved on */
const source = (moved: string): string => /* wgsl */ `
const EVENT = ${EXPECTED.event}u;
const DURATION = ${EXPECTED.duration}u;
const NOTE = ${EXPECTED.note}u;

// When the first allowed note is free, and whether one may join the chord at once.
var<workgroup> earliest: atomic<u32>;
var<workgroup> joining: atomic<u32>;

fn rankOf(note: u32) -> u32 { return (127u - (note & 127u)) * 12u + (note >> 7u) + 1u; }

fn isFree(note: u32) -> bool {
  return state[${AT.soundingUntil}u + note] <= state[${AT.onset}u] && rankOf(note) > state[${AT.lastRank}u];
}

fn passesFilter(note: u32) -> bool {
  return ((state[${AT.allowed}u + (note >> 5u)] >> (note & 31u)) & 1u) == 1u;
}

// A time is allowed only if a note is left to follow it, so times look at all notes first.
fn look(lane: u32) {
  if (lane == 0u) {
    atomicStore(&earliest, 0xffffffffu);
    atomicStore(&joining, 0u);
  }
  workgroupBarrier();
  if (state[${AT.expects}u] == EVENT) {
    var first = 0xffffffffu;
    var joins = 0u;
    for (var note = lane; note < ${NOTES}u; note += LANES) {
      if (!passesFilter(note)) { continue; }
      first = min(first, state[${AT.soundingUntil}u + note]);
      if (isFree(note)) { joins = 1u; }
    }
    atomicMin(&earliest, first);
    atomicMax(&joining, joins);
  }
  workgroupBarrier();
}

fn spacing() -> u32 {
  let density = state[${AT.density}u];
  if (density == 0u) { return 0u; }
  return max((state[${AT.debt}u] + density - 1u) / density, ${FREE_STEPS}u) - ${FREE_STEPS}u;
}

fn mayJoin() -> bool {
  return spacing() == 0u || state[${AT.chord}u] < ${CHORD.notes}u + state[${AT.density}u] / ${CHORD.divisor}u;
}

fn timeAllowed(delta: u32) -> bool {
  let onset = state[${AT.onset}u];
  let shortestRest = state[${AT.shortestRest}u];
  let wait = max(atomicLoad(&earliest), onset) - onset;
  let shortest = min(${MAX_DELTA}u, max(1u, max(wait, max(shortestRest, spacing()))));
  let canJoin = atomicLoad(&joining) == 1u && shortestRest == 0u && mayJoin();
  if (delta == 0u) { return canJoin; }
  let longestRest = max(state[${AT.longestRest}u], spacing());
  let longest = select(max(shortest, longestRest), longestRest, canJoin);
  return delta >= shortest && delta <= min(${MAX_DELTA}u, longest);
}

// Ways of drawing are apart for rhythm, dynamics and pitch, in the order of what is expected.
fn way() -> u32 { return state[${AT.expects}u]; }

fn allowed(token: u32) -> bool {
  switch state[${AT.expects}u] {
    case EVENT: {
      if (token >= ${DURATION_BASE}u) { return false; }
      return timeAllowed(token);
    }
    case DURATION: {
      return token >= ${DURATION_BASE + VELOCITY_BUCKETS}u && token < ${NOTE_BASE}u;
    }
    default: {
      if (token < ${NOTE_BASE}u || token >= ${CHORD_BASE}u) { return false; }
      let note = token - ${NOTE_BASE}u;
      return passesFilter(note) && isFree(note);
    }
  }
}

fn take(token: u32) {
  if (token < ${DURATION_BASE}u) {
    if (token > 0u) {
      state[${AT.lastRank}u] = 0u;
      state[${AT.chord}u] = 0u;
    }
    state[${AT.onset}u] += token;
    state[${AT.shortestRest}u] -= min(state[${AT.shortestRest}u], token);
    state[${AT.debt}u] -= min(state[${AT.debt}u], token * state[${AT.density}u]);
    state[${AT.expects}u] = DURATION;
    ${moved}
  } else if (token < ${NOTE_BASE}u) {
    state[${AT.duration}u] = (token - ${DURATION_BASE}u) / ${VELOCITY_BUCKETS}u;
    state[${AT.expects}u] = NOTE;
  } else {
    let note = token - ${NOTE_BASE}u;
    state[${AT.soundingUntil}u + note] = state[${AT.onset}u] + state[${AT.duration}u];
    state[${AT.lastRank}u] = rankOf(note);
    state[${AT.debt}u] += ${NOTE_COST}u;
    state[${AT.chord}u] += 1u;
    state[${AT.expects}u] = EVENT;
  }
}
`;

/** The program and the length of its state; satisfies the decoders' `DrawRules`. */
export const GRAMMAR_PROGRAM = {
  source: source(""),
  stateWords: STATE_WORDS,
  ways: Object.keys(EXPECTED).length,
  conditionGroups: 0,
} as const;

/** The same for models that read a chart. */
export const CHARTED_GRAMMAR_PROGRAM = {
  source: source("followChart();") + chartProgram(STATE_WORDS, AT.onset),
  stateWords: STATE_WORDS + TABLE_WORDS,
  ways: GRAMMAR_PROGRAM.ways,
  conditionGroups: CONDITION_GROUPS.length,
} as const;

/**
 * The state of a piece for the program, as long as that says. `allowances.shortestRest` counts from the grammar's onset;
 * the other allowances hold for every event that follows. The piece cannot end while it is drawn by the program.
 * @param allowed (1,536) 1 or 0, what the filter allows
 * @param densityLimit of the filter, if it has one; then an event must come next
 * @param chart for the program that reads one. The conditions of the next event are exact; a later one may lie past the
 *   table, so whoever hands out what was drawn compares its conditions with `conditionsAt`
 */
export function packGrammar(
  grammar: Grammar,
  allowed: Uint8Array,
  { outro, start, longestRest, shortestRest = 0 }: Allowances,
  densityLimit?: DensityLimit,
  chart?: ChartBars,
): Uint32Array {
  const { expects, onset, lastRank, duration, soundingUntil } = grammar.state;
  assert(
    expects === "event" || expects === "duration" || expects === "note",
    `a piece that expects ${expects} has not begun`,
  );
  assert(!outro && !start, "the end of a piece is not drawn on a device");
  assert(
    !densityLimit || expects === "event",
    "a debt is paid by events, not in the middle of one",
  );
  const state = new Uint32Array(STATE_WORDS + (chart ? TABLE_WORDS : 0));
  state[AT.expects] = EXPECTED[expects];
  state[AT.onset] = onset;
  state[AT.lastRank] = lastRank + 1;
  state[AT.duration] = duration;
  state[AT.longestRest] = longestRest;
  state[AT.shortestRest] = Math.max(0, shortestRest);
  state[AT.density] = densityLimit?.density ?? 0;
  state[AT.debt] = densityLimit?.debt ?? 0;
  state[AT.chord] = densityLimit?.chord ?? 0;
  for (let note = 0; note < NOTES; note++)
    if (allowed[note] === 1) state[AT.allowed + (note >> 5)] |= 1 << (note & 31);
  state.set(soundingUntil, AT.soundingUntil);
  if (chart) state.set(packChart(chart, onset), STATE_WORDS);
  return state;
}

/** The notes a filter allows at `onset`, (1,536), in memory of their own. */
export function allowedNotes(filter: NoteFilter | undefined, onset: number): Uint8Array {
  const allowed = new Uint8Array(NOTES).fill(1);
  filter?.fill(allowed, onset);
  return allowed;
}
