/**
 * The clock of Allegro checkpoints: onsets in units of 8 ms, durations in units of 32 ms, both
 * rounded down, against our steps at one tempo. Onsets are converted as times since the piece began,
 * never as differences, so that rounding does not add up.
 */
import { assert } from "#base/assert.ts";
import { secondsPerStep, TEMPO_RANGE } from "#music/units.ts";
import { MAX_DELTA, MAX_DURATION } from "./vocabulary.ts";

/** Milliseconds of a unit of a time token. */
export const UNIT_MS = 8;
/** Milliseconds of a unit of a duration token. */
export const DURATION_UNIT_MS = 32;

/** Steps and Allegro's units at a tempo. */
export class AllegroTime {
  /** Milliseconds of a step. */
  readonly stepMs: number;

  /** @param tempo in quarter notes a minute, within `TEMPO_RANGE`: a step must be clearly longer than a unit */
  constructor(tempo: number) {
    const { lowest, highest } = TEMPO_RANGE;
    assert(tempo >= lowest && tempo <= highest, `tempo ${tempo} must be ${lowest}-${highest}`);
    this.stepMs = 1000 * secondsPerStep(tempo);
  }

  /** The longest rest, in whole steps, that a time token can say wherever it begins. */
  get longestRest(): number {
    return Math.floor((MAX_DELTA * UNIT_MS) / this.stepMs);
  }

  /** The step nearest to an onset in units of 8 ms. */
  stepOf(unit: number): number {
    return Math.round((unit * UNIT_MS) / this.stepMs);
  }

  /** The step nearest to a time in milliseconds. */
  nearestStep(milliseconds: number): number {
    return Math.round(milliseconds / this.stepMs);
  }

  /** Steps of a duration in units of 32 ms, at least 1. */
  durationSteps(units: number): number {
    return Math.max(1, Math.round((units * DURATION_UNIT_MS) / this.stepMs));
  }

  /** The first unit whose nearest step is `step` or later. */
  firstUnit(step: number): number {
    let unit = Math.max(0, Math.floor(((step - 0.5) * this.stepMs) / UNIT_MS) - 1);
    while (this.stepOf(unit) < step) unit++;
    return unit;
  }
}

/** Units of 8 ms of an onset, rounded down as Allegro's data are. */
export const unitOf = (milliseconds: number): number => Math.floor(milliseconds / UNIT_MS);

/** Units of 32 ms of a duration, rounded down, 1-127. */
export const durationUnits = (milliseconds: number): number =>
  Math.min(MAX_DURATION, Math.max(1, Math.floor(milliseconds / DURATION_UNIT_MS)));
