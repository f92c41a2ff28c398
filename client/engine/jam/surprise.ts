/**
 * How much the music of late surprised the model that composes it, in nats a step. Music that only repeats itself surprises
 * little, music that has lost its way much. What was composed longer ago counts less and less.
 */
import { STEPS_PER_WHOLE } from "#music/units.ts";

/** Steps after which music counts half. */
const HALF_LIFE = 4 * STEPS_PER_WHOLE;

/** Steps of music before a figure means something. */
const LEAST = STEPS_PER_WHOLE;

/** See the header. Of one piece at a time. */
export class Surprise {
  #nats = 0;
  #steps = 0;

  /** Another piece begins. */
  clear(): void {
    this.#nats = 0;
    this.#steps = 0;
  }

  /** Music was composed. @param steps that it takes, 0 or more @param nats of its tokens */
  add(nats: number, steps: number): void {
    const kept = 2 ** (-steps / HALF_LIFE);
    this.#nats = this.#nats * kept + nats;
    this.#steps = this.#steps * kept + steps;
  }

  /** Nats a step; undefined while too little was composed. */
  get perStep(): number | undefined {
    return this.#steps < LEAST ? undefined : this.#nats / this.#steps;
  }
}
