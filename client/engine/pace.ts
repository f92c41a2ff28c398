/**
 * How fast music is composed, and how much of it must lie ahead so that playing does not stop.
 * Measured over the newest batches, since the pace changes with the density of the music.
 */

/** Seconds of lead that playing needs on a machine that keeps up. */
const LEAST_LEAD = 2;

/** Seconds of lead kept while playing. */
const TARGET_LEAD = 4;

/** A machine keeps up if it composes this much faster than the music goes. */
const MARGIN = 1.15;

/** Seconds that a machine which does not keep up shall play without a gap. */
const UNBROKEN = 125;

/** Milliseconds of composing that the measure remembers. */
const MEMORY = 12_000;

/** Milliseconds of composing at the start that are not counted: code still warms up. */
const WARM_UP = 400;

/** Running figures over composed batches. */
export class Pace {
  #tokens = 0;
  #steps = 0;
  #milliseconds = 0;
  #warmedUp = 0;

  /** Seconds of lead wanted by a machine that keeps up. */
  get leastLead(): number {
    return LEAST_LEAD;
  }

  /** Tokens drawn a second of composing; 0 before the first batch. */
  get tokensPerSecond(): number {
    return this.#milliseconds === 0 ? 0 : (1000 * this.#tokens) / this.#milliseconds;
  }

  /** A batch took `milliseconds` and moved the music on by `steps`. The first ones only warm up. */
  add(tokens: number, steps: number, milliseconds: number): void {
    if (this.#warmedUp < WARM_UP) {
      this.#warmedUp += milliseconds;
      return;
    }
    const kept = Math.min(1, Math.max(0, MEMORY - milliseconds) / Math.max(1, this.#milliseconds));
    this.#tokens = this.#tokens * kept + tokens;
    this.#steps = this.#steps * kept + steps;
    this.#milliseconds = this.#milliseconds * kept + milliseconds;
  }

  /** Seconds of music composed in a second; 0 before the first batch. */
  realTimeFactor(secondsPerStep: number): number {
    return this.#milliseconds === 0
      ? 0
      : (1000 * this.#steps * secondsPerStep) / this.#milliseconds;
  }

  /** Seconds of lead wanted before playing begins. */
  leadWanted(secondsPerStep: number): number {
    const factor = this.realTimeFactor(secondsPerStep);
    if (factor === 0 || factor >= MARGIN) return LEAST_LEAD;
    return LEAST_LEAD + UNBROKEN * (1 - factor / MARGIN);
  }

  /** Seconds of lead that composing aims for. */
  leadTarget(secondsPerStep: number): number {
    return Math.max(TARGET_LEAD, this.leadWanted(secondsPerStep) + 1);
  }
}
