/**
 * Takes a rendition's tempo where the player wants it: at once, or by tempos that each wait for their step. They are told to
 * the rendition shortly before they are handed out, so that what was aimed at before can still be given up.
 */
import { type Seconds, seconds } from "#base/brand.ts";
import { LOOKAHEAD } from "#engine/play/scheduler.ts";
import { RAMPS, rampOf, type Timing, tempoOf } from "#engine/play/tempo-ramp.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import type { Rendition } from "./rendition.ts";

/** Seconds ahead that a tempo is told: all that is handed out until the next tick, and to spare. */
const TOLD = LOOKAHEAD + 0.06;

/** See the header. */
export class TempoAim {
  readonly #rendition: Rendition;
  #timing: Timing;
  /** Tempos that are still to come, ascending. */
  #coming: readonly TempoPoint[] = [];

  /** @param timing what the rendition has already, in normal time */
  constructor(rendition: Rendition, timing: Timing) {
    this.#rendition = rendition;
    this.#timing = timing;
  }

  /** The player set it: half and double time from the next bar on, a ramp from there over its bars, else at once. */
  aim(timing: Timing, now: Seconds): void {
    const before = this.#timing;
    this.#timing = timing;
    const to = tempoOf(timing);
    if (to === tempoOf(before)) return;
    const { playing, metres, tempo } = this.#rendition;
    const isOnBar = timing.speed !== before.speed;
    const bars = isOnBar ? 0 : RAMPS[timing.ramp];
    if (!playing || (bars === 0 && !isOnBar)) {
      this.#coming = [];
      this.#rendition.setTempo(to, now);
      return;
    }
    const begin = this.#rendition.nextBar(this.#toldUntil(now));
    const end = metres.bar(metres.barAt(begin).index + bars).start;
    this.#coming = rampOf(tempo, to, begin, end);
  }

  /** Another timing holds from a step on; what was on its way beyond it is given up. */
  jump(timing: Timing, step: number): void {
    const before = this.#timing;
    this.#timing = timing;
    const isAimedAt = tempoOf(timing) === tempoOf(before);
    if (isAimedAt && this.#coming.every((point) => point.step <= step)) return;
    this.#coming = [
      ...this.#coming.filter((point) => point.step < step),
      { step, tempo: tempoOf(timing) },
    ];
  }

  /** The tempo aimed at holds. Only while stopped. */
  settle(now: Seconds): void {
    this.#coming = [];
    const tempo = tempoOf(this.#timing);
    if (tempo !== this.#rendition.tempo) this.#rendition.setTempo(tempo, now);
  }

  /** Moves on. Call before notes are handed out. */
  advance(now: Seconds): void {
    if (!this.#rendition.playing) return;
    for (;;) {
      const [next, ...rest] = this.#coming;
      if (next === undefined || next.step >= this.#toldUntil(now)) return;
      this.#rendition.setTempoFrom(next.step, next.tempo);
      this.#coming = rest;
    }
  }

  #toldUntil(now: Seconds): number {
    return this.#rendition.stepAt(seconds(now + TOLD));
  }
}
