/**
 * How evenly what a MIDI port got would sound, told from its messages alone: clock ticks against the straight line through
 * their neighbours, notes against the steps that the ticks count. A tempo that does not change is taken for granted.
 */
import { STEPS_PER_QUARTER } from "#music/units.ts";
import { TICKS_PER_QUARTER } from "#players/midi/clock-in.ts";
import { CLOCK, NOTE_ON } from "#players/midi/midi-message.ts";

/** A message; milliseconds. */
export interface SentMessage {
  readonly data: readonly number[];
  /** When it takes effect: when it is meant to, or when it was sent if that was later. */
  readonly time: number;
  readonly at: number;
}

/** Milliseconds off, ascending. */
export interface PortTiming {
  readonly notes: readonly number[];
  readonly clock: readonly number[];
  /** How many of them left no sooner than they were to take effect, so that they came late. */
  readonly late: number;
}

/** Milliseconds that a message leaves before its time, where it leaves in time. */
const IN_TIME = 1;
const TICKS_PER_STEP = TICKS_PER_QUARTER / STEPS_PER_QUARTER;
/** Ticks on either side that a line goes through: a beat. */
const NEIGHBOURS = 24;

/** See the header. Pieces of the clock between start, continue and stop are measured one by one. */
export function portTiming(sent: readonly SentMessage[]): PortTiming {
  const inOrder = [...sent].sort((a, b) => a.time - b.time);
  const runs: { readonly ticks: number[]; readonly notes: number[] }[] = [];
  let late = 0;
  for (const { data, time, at } of inOrder) {
    const [status, , velocity] = data;
    const begins = status === CLOCK.start || status === CLOCK.continue;
    if (begins || runs.length === 0) runs.push({ ticks: [], notes: [] });
    const run = runs[runs.length - 1];
    const isNote = (status & 0xf0) === NOTE_ON && velocity > 0;
    if (status === CLOCK.tick) run.ticks.push(time);
    else if (isNote) run.notes.push(time);
    if ((status === CLOCK.tick || isNote) && time - at < IN_TIME) late++;
  }
  const long = runs.filter(({ ticks }) => ticks.length > 2 * NEIGHBOURS);
  return {
    late,
    clock: ascending(long.flatMap(({ ticks }) => offTheLine(ticks))),
    notes: ascending(long.flatMap(({ ticks, notes }) => offTheSteps(ticks, notes))),
  };
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Where each tick would be on the line through its neighbours, itself left out. */
function lineAt(ticks: readonly number[], index: number): { at: number; period: number } {
  const from = Math.min(Math.max(0, index - NEIGHBOURS), ticks.length - 2 * NEIGHBOURS - 1);
  const near = ticks.slice(from, from + 2 * NEIGHBOURS + 1);
  const points = near.map((time, place) => ({ time, place: from + place }));
  const others = points.filter(({ place }) => place !== index);
  const mean = (of: (point: (typeof points)[number]) => number) =>
    others.reduce((sum, point) => sum + of(point), 0) / others.length;
  const [place, time] = [mean((point) => point.place), mean((point) => point.time)];
  const period =
    mean((point) => (point.place - place) * (point.time - time)) /
    mean((point) => (point.place - place) ** 2);
  return { at: time + period * (index - place), period };
}

const offTheLine = (ticks: readonly number[]): number[] =>
  ticks.map((tick, index) => Math.abs(tick - lineAt(ticks, index).at));

/** How far notes are from a step; which ticks are steps the notes themselves tell, since most of them lie on one. */
function offTheSteps(ticks: readonly number[], notes: readonly number[]): number[] {
  const within = notes.filter((note) => note >= ticks[0] && note <= ticks[ticks.length - 1]);
  const placed = within.map((note) => {
    const index = ticks.findLastIndex((tick) => tick <= note);
    const { at, period } = lineAt(ticks, index);
    return { place: index + (note - at) / period, period };
  });
  const offWith = (shift: number) =>
    placed.map(({ place, period }) => {
      const steps = (place - shift) / TICKS_PER_STEP;
      return Math.abs(steps - Math.round(steps)) * TICKS_PER_STEP * period;
    });
  const shifts = Array.from({ length: TICKS_PER_STEP }, (_, shift) => offWith(shift));
  const sums = shifts.map((off) => off.reduce((sum, each) => sum + each, 0));
  return shifts[sums.indexOf(Math.min(...sums))];
}
