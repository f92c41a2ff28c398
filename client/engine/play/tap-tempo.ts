/** Tempo from taps: the mean of the newest intervals; a pause begins anew. */
import type { Seconds } from "#base/brand.ts";
import { TEMPO_RANGE } from "#music/units.ts";

const KEPT_TAPS = 5;
const LONGEST_INTERVAL = 60 / TEMPO_RANGE.lowest;

/** Gathers taps. */
export class TapTempo {
  #taps: Seconds[] = [];

  /** A tap at `time`. Returns the tempo in quarter notes a minute, rounded, from the second tap on. */
  tap(time: Seconds): number | undefined {
    const last = this.#taps.at(-1);
    if (last !== undefined && time - last > LONGEST_INTERVAL) this.#taps = [];
    this.#taps = [...this.#taps, time].slice(-KEPT_TAPS);
    const span = time - this.#taps[0];
    return span > 0 ? Math.round((60 * (this.#taps.length - 1)) / span) : undefined;
  }
}
