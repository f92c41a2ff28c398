/**
 * How dense the band may get on this machine, so that playing never stops: the pace says what can be composed
 * without end, and this decides when the composer is told. A pace is measured, so a limit makes music hang on how fast
 * this machine happened to be: there is none until a full band is too much for it or what lies ahead has run low. So the
 * same seed plays the same notes wherever there is power enough.
 */
import type { Seconds } from "#base/brand.ts";
import type { Pace } from "./pace.ts";

/** Seconds between two changes: a pace takes some time to show. */
const INTERVAL = 4;

/** A limit that differs by less than this share is left as it is. */
const WORTH_A_CHANGE = 0.15;

/** The limit in force. */
export class DensityGovernor {
  readonly #pace: Pace;
  #limit: number | undefined;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** Most notes a whole note, a positive integer; undefined where there is no limit. */
  get limit(): number | undefined {
    return this.#limit;
  }

  /** Whether the limit takes notes from a full band. */
  get thins(): boolean {
    return this.#pace.thins(this.#limit);
  }

  /**
   * Looks at the pace; true where the limit has changed and the composer is to be told.
   * @param now any steady time @param runsLow whether what lies ahead is about to be used up
   */
  update(now: Seconds, secondsPerStep: number, runsLow: boolean): boolean {
    if (now - this.#changedAt < INTERVAL) return false;
    const limit = this.#pace.densityLimit(secondsPerStep);
    if (this.#limit === undefined && !runsLow && !this.#pace.thins(limit)) return false;
    if (alike(limit, this.#limit)) return false;
    this.#limit = limit;
    this.#changedAt = now;
    return true;
  }
}

function alike(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a / b - 1) < WORTH_A_CHANGE;
}
