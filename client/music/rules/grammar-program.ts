/**
 * The grammar as a program for a GPU, so that events can be drawn where the logits are: the text of `allowed` and
 * `take` in WGSL, and a piece's state packed for it. `Grammar.fillMask` is the oracle; the program says the same
 * of every token, as far as the table of allowed notes (allowed-table.ts) reaches and as long as the filter would
 * still say the same of it. Whoever draws checks both (a filter that listens, like `Constraint`, may change its mind
 * after any event).
 *
 * There is a second program for models that read a chart: it also says what each token carries (chart-table.ts).
 *
 * The text defines what `DrawRules` of the decoders asks for; it may use LANES, the number of invocations.
 */
import { assert } from "#base/assert.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { CONDITION_GROUPS } from "#music/chart/conditions.ts";
import { DRUMS } from "#music/instrument.ts";
import { MEASURE_SOURCE } from "#music/tokens/token-measures.ts";
import {
  CHORD_BASE,
  DURATION_BASE,
  MAX_DELTA,
  MAX_DURATION,
  NOTE_BASE,
  VELOCITY_BUCKETS,
} from "#music/tokens/vocabulary.ts";
import { LONGEST_STROKE } from "./allowed-notes.ts";
import {
  ALLOWED_WORDS,
  type AllowedTable,
  allowedProgram,
  NEVER,
  SET_WORDS,
  SPANS,
} from "./allowed-table.ts";
import { chartProgram, packChart, TABLE_WORDS } from "./chart-table.ts";
import { CHORD, type DensityLimit, FREE_STEPS, NOTE_COST } from "./density-limit.ts";
import type { Allowances, Grammar } from "./grammar.ts";

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
  /** (NOTES) steps until which each note sounds. */
  soundingUntil: 9,
  /** What the filter allows, see allowed-table.ts. */
  allowed: 9 + NOTES,
} as const;

/** Words of the state; behind them stands the chart, where there is one. */
const STATE_WORDS = AT.allowed + ALLOWED_WORDS;

/** @param moved what is to be done once the onset moved on */
const source = (moved: string): string => /* wgsl */ `
const EVENT = ${EXPECTED.event}u;
const DURATION = ${EXPECTED.duration}u;
const NOTE = ${EXPECTED.note}u;

// Of each span: when the first note is free that may be struck there; then the times that lead into it.
var<workgroup> earliest: array<atomic<u32>, ${SPANS}>;
var<workgroup> shortestTo: array<u32, ${SPANS}>;
var<workgroup> longestTo: array<u32, ${SPANS}>;
// Whether a note may join the chord at once, and until when one that is struck now may sound.
var<workgroup> joining: atomic<u32>;
var<workgroup> soundsUntil: atomic<u32>;
// (NOTES) bits: what may be struck now and sound for the duration.
var<workgroup> may: array<u32, ${SET_WORDS}>;

fn rankOf(note: u32) -> u32 { return (127u - (note & 127u)) * 12u + (note >> 7u) + 1u; }

fn isFree(note: u32) -> bool {
  return state[${AT.soundingUntil}u + note] <= state[${AT.onset}u] && rankOf(note) > state[${AT.lastRank}u];
}

// A time is allowed only if a note is left to follow it, so times look at all notes first, and durations likewise.
fn look(lane: u32) {
  for (var span = lane; span < ${SPANS}u; span += LANES) { atomicStore(&earliest[span], ${NEVER}u); }
  if (lane == 0u) {
    atomicStore(&joining, 0u);
    atomicStore(&soundsUntil, 0u);
  }
  workgroupBarrier();
  if (state[${AT.expects}u] == EVENT) { lookAhead(lane); } else { lookAround(lane); }
  workgroupBarrier();
  if (lane == 0u && state[${AT.expects}u] == EVENT) { findTimes(); }
  workgroupBarrier();
}

fn lookAhead(lane: u32) {
  let now = spanNow();
  for (var at = lane; at < ${SPANS * SET_WORDS}u; at += LANES) {
    let span = now + at / ${SET_WORDS}u;
    if (spanFrom(span) > state[${AT.onset}u] + ${MAX_DELTA}u) { break; }
    let word = at % ${SET_WORDS}u;
    var first = ${NEVER}u;
    for (var bits = struckIn(span, word); bits != 0u; bits &= bits - 1u) {
      let note = word * 32u + firstTrailingBit(bits);
      first = min(first, state[${AT.soundingUntil}u + note]);
      if (span == now && isFree(note)) { atomicMax(&joining, 1u); }
    }
    atomicMin(&earliest[span], first);
  }
}

fn lookAround(lane: u32) {
  let onset = state[${AT.onset}u];
  let duration = select(${MAX_DURATION}u, state[${AT.duration}u], state[${AT.expects}u] == NOTE);
  for (var word = lane; word < ${SET_WORDS}u; word += LANES) {
    var left = 0u;
    for (var bits = struckIn(spanNow(), word); bits != 0u; bits &= bits - 1u) {
      let bit = firstTrailingBit(bits);
      if (isFree(word * 32u + bit)) { left |= 1u << bit; }
    }
    var span = spanNow() + 1u;
    var end = onset;
    let isDrums = word / ${128 / 32}u == ${DRUMS}u;
    let longest = onset + select(duration, min(duration, ${LONGEST_STROKE}u), isDrums);
    while (left != 0u) {
      end = min(spanFrom(span), longest);
      if (end == longest) { break; }
      left &= heldIn(span, word);
      span++;
    }
    if (longest < onset + duration) { left = 0u; }
    may[word] = left;
    atomicMax(&soundsUntil, end);
  }
}

fn spacing() -> u32 {
  let density = state[${AT.density}u];
  if (density == 0u) { return 0u; }
  return max((state[${AT.debt}u] + density - 1u) / density, ${FREE_STEPS}u) - ${FREE_STEPS}u;
}

fn mayJoin() -> bool {
  return spacing() == 0u || state[${AT.chord}u] < ${CHORD.notes}u + state[${AT.density}u] / ${CHORD.divisor}u;
}

fn canJoin() -> bool {
  return atomicLoad(&joining) == 1u && state[${AT.shortestRest}u] == 0u && mayJoin();
}

// Into each span, times after which a note is free; where none is within the longest rest, the first after it.
fn findTimes() {
  let onset = state[${AT.onset}u];
  let least = min(${MAX_DELTA}u, max(1u, max(state[${AT.shortestRest}u], spacing())));
  let most = min(${MAX_DELTA}u, max(state[${AT.longestRest}u], spacing()));
  var any = canJoin();
  for (var span = spanNow(); span < ${SPANS}u; span++) {
    shortestTo[span] = 1u;
    longestTo[span] = 0u;
    let begins = max(onset, spanFrom(span)) - onset;
    if (begins > select(${MAX_DELTA}u, most, any)) { continue; }
    let free = atomicLoad(&earliest[span]);
    let shortest = max(max(least, begins), max(free, onset) - onset);
    let last = min(${MAX_DELTA}u, spanFrom(span + 1u) - 1u - onset);
    let longest = min(last, select(max(shortest, most), most, any));
    if (free == ${NEVER}u || shortest > longest) { continue; }
    shortestTo[span] = shortest;
    longestTo[span] = longest;
    any = true;
  }
}

fn timeAllowed(delta: u32) -> bool {
  if (delta == 0u) { return canJoin(); }
  var span = spanNow();
  while (spanFrom(span + 1u) <= state[${AT.onset}u] + delta) { span++; }
  return delta >= shortestTo[span] && delta <= longestTo[span];
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
      if (token < ${DURATION_BASE + VELOCITY_BUCKETS}u || token >= ${NOTE_BASE}u) { return false; }
      return state[${AT.onset}u] + (token - ${DURATION_BASE}u) / ${VELOCITY_BUCKETS}u <= atomicLoad(&soundsUntil);
    }
    default: {
      if (token < ${NOTE_BASE}u || token >= ${CHORD_BASE}u) { return false; }
      let note = token - ${NOTE_BASE}u;
      return ((may[note >> 5u] >> (note & 31u)) & 1u) == 1u;
    }
  }
}

${MEASURE_SOURCE}
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
    followSpans();
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
${allowedProgram(AT.allowed, AT.onset)}`;

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
 * @param allowed what the filter allows, from the grammar's onset on
 * @param densityLimit of the filter, if it has one; then an event must come next
 * @param chart for the program that reads one. The conditions of the next event are exact; a later one may lie past the
 *   table, so whoever hands out what was drawn compares its conditions with `conditionsAt`
 */
export function packGrammar(
  grammar: Grammar,
  allowed: AllowedTable,
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
  state.set(allowed.words, AT.allowed);
  state.set(soundingUntil, AT.soundingUntil);
  if (chart) state.set(packChart(chart, onset), STATE_WORDS);
  return state;
}
