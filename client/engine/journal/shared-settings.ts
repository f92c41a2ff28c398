/** The settings of an order out of a link: each field is one that this page could have ordered, or there are none. */
import { isBoolean, isJson, isList, isNumber, isOptional, isWhole, type Json } from "#base/json.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import { CONTROLS, fits } from "#engine/compose/controls.ts";
import type { GivenMusic } from "#engine/compose/given-music.ts";
import { isNote } from "#engine/jam/kept-notes.ts";
import { keptLimits } from "#engine/jam/kept-performance.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Metre } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { CHORD_LOCKS } from "#music/rules/chart-rules.ts";
import { GRIDS } from "#music/rules/grid.ts";
import { type PartLimits, sameLimits } from "#music/rules/part.ts";
import { MAX_DURATION, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import { isBand, sharedChart } from "./shared-chart.ts";

/** Steps of a piece, notes of a list, and other things of one, at most: what a piece of some 20 minutes has. */
export const MOST = { step: 200_000, notes: 200_000, given: 2048, points: 5000, few: 256 } as const;

/** Highest numerator and denominator that a MIDI file can say and a step can tell. */
const LARGEST_METRE = { numerator: 255, denominator: 64 } as const;

/** Most notes a whole note that a band can be held to. */
const DENSEST = 1536;

/** A step of the piece. */
export const isStep = (value: unknown): value is number => isWhole(value, 0, MOST.step);

export const areNotes = (value: unknown, most: number = MOST.notes): boolean =>
  isList(value, most, (note) => isNote(note, MOST.step));

/** Whether a value is a list of points that ascend, each from a step on, which may lie between two. */
export const arePoints = (value: unknown, is: (point: Json) => boolean): boolean =>
  isList(
    value,
    MOST.points,
    (each) => isJson(each) && isNumber(each.step, 0, MOST.step) && is(each),
  ) &&
  (value as { step: number }[]).every(({ step }, at, all) => at === 0 || step >= all[at - 1].step);

export const isMetrePoint = ({ metre }: Json): boolean => {
  if (!isJson(metre)) return false;
  const { numerator, denominator } = metre as unknown as Metre;
  return (
    isWhole(numerator, 1, LARGEST_METRE.numerator) &&
    isWhole(denominator, 1, LARGEST_METRE.denominator) &&
    Number.isInteger(Math.log2(denominator))
  );
};

/** The settings that a value says; undefined where a field of it is none. */
export function sharedSettings(value: unknown): CompositionSettings | undefined {
  if (!isJson(value)) return undefined;
  const { constraint, sampling, seed, tempo, endsAt, played, given, escapesRuts, returns } = value;
  const chart = value.chart === undefined ? undefined : sharedChart(value.chart);
  const isOrdered =
    isConstraint(constraint) &&
    isSampling(sampling) &&
    isWhole(seed, 0, CONTROLS.seed.highest) &&
    isOptional(tempo, (number) =>
      isNumber(number, CONTROLS.tempo.lowest, CONTROLS.tempo.highest),
    ) &&
    (value.chart === undefined || chart !== undefined) &&
    isOptional(endsAt, isStep) &&
    isOptional(played, isPlayed) &&
    isOptional(given, areGiven) &&
    isOptional(escapesRuts, isBoolean) &&
    isOptional(returns, isBoolean);
  if (!isOrdered) return undefined;
  return { ...(value as unknown as CompositionSettings), ...(chart && { chart }) };
}

function isConstraint(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { silent, rests, longestRest, parts, grid, density, metres, chordLock, varied } = value;
  return (
    isBand(value) &&
    isOptional(silent, (all) => isList(all, 2 * INSTRUMENTS.length, isInstrument)) &&
    isOptional(rests, (all) => isList(all, MOST.few, isRest)) &&
    isOptional(longestRest, (steps) => isWhole(steps, 1, MOST.step)) &&
    isOptional(parts, (all) => isList(all, INSTRUMENTS.length, areLimits)) &&
    isOptional(grid, (name) => GRIDS.some((known) => known === name)) &&
    isOptional(density, (most) => isWhole(most, 1, DENSEST)) &&
    isOptional(metres, (points) => arePoints(points, isMetrePoint)) &&
    isOptional(chordLock, (name) => CHORD_LOCKS.some((known) => known === name)) &&
    isOptional(varied, isBoolean)
  );
}

const isInstrument = (value: unknown): boolean => isWhole(value, 0, INSTRUMENTS.length - 1);

/** Limits that are understood to the last. */
const areLimits = (value: unknown): boolean =>
  isJson(value) &&
  isOptional(value.register, Array.isArray) &&
  sameLimits(keptLimits(value), value as PartLimits);

function isRest(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { instrument, from, until } = value;
  return isInstrument(instrument) && isStep(from) && isOptional(until, isStep);
}

const isSampling = (value: unknown): boolean =>
  isJson(value) &&
  [value.rhythm, value.dynamics, value.pitch].every(isWay) &&
  isOptional(value.velocities, areShares);

/** One of each instrument. */
const areShares = (value: unknown): boolean =>
  isList(
    value,
    INSTRUMENTS.length,
    (share) => Array.isArray(share) && isShare(share[0], share[1]),
  ) && (value as unknown[]).length === INSTRUMENTS.length;

const isShare = (from: unknown, to: unknown): boolean =>
  isNumber(to, 0, 1) && isNumber(from, 0, to) && from < to;

/** As `samplingOf` makes it; the device has no other ways. */
function isWay(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { temperature, topP, minP, stretch, quantiles, topK, pull } = value;
  return (
    typeof temperature === "number" &&
    fits("temperature", temperature) &&
    isOptional(topP, (share) => isNumber(share, Number.MIN_VALUE, 1)) &&
    isOptional(minP, (share) => typeof share === "number" && fits("minP", share)) &&
    isOptional(stretch, (nats) => isNumber(nats, -1, 1)) &&
    isOptional(quantiles, (all) => isList(all, INSTRUMENTS.length, isQuantile)) &&
    topK === undefined &&
    pull === undefined
  );
}

function isQuantile(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { first, length, runs = 1, from, to } = value;
  return (
    isWhole(first, 0, VOCABULARY_SIZE - 1) &&
    isWhole(length, 1, VOCABULARY_SIZE) &&
    isWhole(runs, 1, VOCABULARY_SIZE) &&
    first + length * runs <= VOCABULARY_SIZE &&
    isShare(from, to)
  );
}

const isPlayed = (value: unknown): boolean =>
  isJson(value) && isStep(value.from) && areNotes(value.notes);

/** Music that is given, no more of it at once than a band can be asked for: all of it is looked through at each note. */
function areGiven(value: unknown): boolean {
  if (!isList(value, MOST.few, isGiven)) return false;
  const perStep = (value as GivenMusic[]).map(({ notes, cycle }) => notes.length / cycle);
  return perStep.reduce((sum, one) => sum + one, 0) <= DENSEST / STEPS_PER_WHOLE;
}

function isGiven(value: unknown): boolean {
  if (!isJson(value)) return false;
  const { from, until, cycle, notes, alone, after } = value;
  return (
    isStep(from) &&
    isOptional(until, isStep) &&
    isWhole(cycle, 1, MOST.step) &&
    areNotes(notes, MOST.given) &&
    (notes as Note[]).every(
      ({ onset, duration }) => duration <= MAX_DURATION && onset + duration <= cycle,
    ) &&
    isBoolean(alone) &&
    isOptional(after, isStep)
  );
}
