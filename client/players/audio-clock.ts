/**
 * Puts audio time on the clock of `performance.now()`, which Web MIDI's timestamps use. The map is
 * `AudioContext.getOutputTimestamp()` (Web Audio API, section 1.2.4): the frame leaving the machine
 * and when it does, so MIDI and voices are heard together whatever the output's latency. The median
 * of the last stamps serves, because on a busy machine single ones are late by milliseconds. An output
 * that ran dry has lost time for good, 20 ms at once as measured in Chromium: that is made good by and
 * by, so that no receiver of a clock hears a jump. Before the first output and while suspended the
 * stamps tell nothing; then the context's time and latency serve.
 */
import { type Milliseconds, milliseconds, type Seconds, seconds } from "#base/brand.ts";

/** The part of an `AudioContext` that tells the time. */
export interface TimedContext {
  readonly currentTime: number;
  readonly state: string;
  readonly baseLatency?: number;
  readonly outputLatency?: number;
  getOutputTimestamp?(): { contextTime?: number; performanceTime?: number };
}

/** Stamps remembered: at one a scheduler's tick of 25 ms, the last half a second. */
const STAMPS = 21;
/** Share of the time by which the map moves at most: as much as a tempo may change unheard. */
const GLIDE = 0.01;
/** Milliseconds off from which it jumps: the system slept, or the output changed. */
const JUMP = 200;

/** Two clocks and the map between them. */
export class AudioClock {
  readonly #context: TimedContext;
  readonly #performanceNow: () => number;
  readonly #stamps: { contextTime: number; origin: number }[] = [];
  /** Performance time of audio time 0 as it was told last, and when that was. */
  #told = { origin: 0, at: 0 };

  /** @param performanceNow milliseconds, `performance.now` but in tests. */
  constructor(context: TimedContext, performanceNow: () => number = () => performance.now()) {
    this.#context = context;
    this.#performanceNow = performanceNow;
  }

  /** Audio time at which a note started now would begin. */
  get now(): Seconds {
    return seconds(this.#context.currentTime);
  }

  /** The time now on the performance clock. */
  get performanceNow(): Milliseconds {
    return milliseconds(this.#performanceNow());
  }

  /** When sound of audio time `time` is heard, on the performance clock. */
  toMilliseconds(time: Seconds): Milliseconds {
    const context = this.#context;
    const stamp = context.state === "running" ? context.getOutputTimestamp?.() : undefined;
    if (stamp?.performanceTime && stamp.contextTime !== undefined) {
      return milliseconds(this.#steady(stamp.performanceTime, stamp.contextTime) + time * 1000);
    }
    this.#stamps.length = 0;
    const latency = (context.baseLatency ?? 0) + (context.outputLatency ?? 0);
    return milliseconds(this.#performanceNow() + (time - context.currentTime + latency) * 1000);
  }

  /** Performance time of audio time 0: the median over the last different stamps, or on the way there. */
  #steady(performanceTime: number, contextTime: number): number {
    const origin = performanceTime - contextTime * 1000;
    if (this.#stamps.at(-1)?.contextTime !== contextTime) {
      this.#stamps.push({ contextTime, origin });
      if (this.#stamps.length > STAMPS) this.#stamps.shift();
    }
    const origins = this.#stamps.map((stamp) => stamp.origin).sort((a, b) => a - b);
    this.#told = this.#towards(origins[origins.length >> 1]);
    return this.#told.origin;
  }

  #towards(origin: number): { origin: number; at: number } {
    const at = this.#performanceNow();
    const away = origin - this.#told.origin;
    const most = GLIDE * (at - this.#told.at);
    const isAtOnce = this.#stamps.length < STAMPS || Math.abs(away) > JUMP;
    const moved = isAtOnce ? away : Math.min(most, Math.max(-most, away));
    return { origin: this.#told.origin + moved, at };
  }
}
