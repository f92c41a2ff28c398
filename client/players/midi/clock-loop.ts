/**
 * Where a MIDI clock's ticks truly are, of ticks that come late and early: a loop of phase and period (second order, as
 * Adriaensen, "Using a DLL to filter time", LAC 2005). It listens closely at first and ever less, until what it predicts
 * is off for many ticks in a row, as when the tempo is ramped: then closely again.
 */

/** Share of an error that is believed: at first, once settled, and at most while following a change. */
const WEIGHT = { first: 0.2, settled: 0.0075, following: 0.09 } as const;
/** Ticks until the loop is settled, and by how much a tick that does not fit makes it listen closer. */
const SETTLING = 96;
const CLOSER = 1.3;
/** A change is seen where the mean of so many errors is beyond so many times their mean deviation. */
const SIGNS = [
  { ticks: 12, beyond: 1.2 },
  { ticks: 30, beyond: 0.75 },
] as const;
const KEPT = 30;

/** A loop that is running. Times in milliseconds. */
export class ClockLoop {
  /** When the next tick is expected. */
  #next: number;
  #period: number;
  #weight: number = WEIGHT.first;
  #errors: number[] = [];

  /** @param time of a tick @param period from one to the next */
  constructor(time: number, period: number) {
    this.#next = time + period;
    this.#period = period;
  }

  get period(): number {
    return this.#period;
  }

  /** By what share of a tick's usual error the period is off (standard deviation): a loop of this kind's own noise. */
  get blur(): number {
    return this.#weight ** 1.5;
  }

  /** How late a tick at `time` would be against the one that is expected. */
  errorOf(time: number): number {
    return time - this.#next;
  }

  /** Takes the next tick, which came at `time`; returns when it truly was. */
  tick(time: number): number {
    const error = Math.max(-this.#period / 2, Math.min(this.#period / 2, this.errorOf(time)));
    this.#weigh(error);
    const weight = this.#weight;
    const truly = this.#next + Math.SQRT2 * weight * error;
    this.#period += weight * weight * error;
    this.#next = truly + this.#period;
    return truly;
  }

  /** Ticks were lost (above 0) or came twice (below 0): what is expected next moves by so many periods. */
  skip(ticks: number): void {
    this.#next += ticks * this.#period;
    this.#errors = [];
  }

  #weigh(error: number): void {
    this.#errors.push(error);
    if (this.#errors.length > KEPT) this.#errors.shift();
    const settling = (WEIGHT.first / WEIGHT.settled) ** (-1 / SETTLING);
    this.#weight = Math.max(WEIGHT.settled, this.#weight * settling);
    if (SIGNS.some(({ ticks, beyond }) => isOff(this.#errors, ticks, beyond)))
      this.#weight = Math.max(this.#weight, Math.min(WEIGHT.following, this.#weight * CLOSER));
  }
}

function isOff(errors: readonly number[], ticks: number, beyond: number): boolean {
  if (errors.length < ticks) return false;
  const newest = errors.slice(-ticks);
  const mean = meanOf(newest);
  return Math.abs(mean) > beyond * meanOf(newest.map((error) => Math.abs(error - mean)));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
