/** A MIDI clock's ticks for tests: where they truly are, and when they arrive. */
import { Random } from "#base/random.ts";

/** One tick; milliseconds. */
export interface JitteredTick {
  readonly truly: number;
  readonly arrival: number;
}

/** What the clock does. */
export interface JitteredClock {
  readonly seconds: number;
  /** Quarter notes a minute at a time in seconds. */
  readonly tempo: (time: number) => number;
  /** Standard deviation of arrivals, milliseconds. */
  readonly jitter: number;
  readonly seed: number;
}

/** The ticks of a clock, in their order of sending. */
export function jitteredTicks({ seconds, tempo, jitter, seed }: JitteredClock): JitteredTick[] {
  const random = new Random(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const ticks: JitteredTick[] = [];
  for (let time = 0; time < 1000 * seconds; time += 60_000 / 24 / tempo(time / 1000)) {
    ticks.push({ truly: time, arrival: time + jitter * normal() });
  }
  return ticks;
}
