/**
 * The MIDI clock of the music: 24 ticks a quarter with start, stop, continue and song position (MIDI 1.0, system real
 * time), each at its time on the audio clock, so that tempo changes are followed to the tick. Who is to go along is
 * started at a bar line: at once where the music begins there, else at the next. Pure: it makes messages, sends none.
 */
import type { Seconds } from "#base/brand.ts";
import type { MusicPlace } from "#engine/play/music-place.ts";
import { STEPS_PER_QUARTER } from "#music/units.ts";
import { TICKS_PER_QUARTER } from "./clock-in.ts";
import { CLOCK } from "./midi-message.ts";

const TICKS_PER_STEP = TICKS_PER_QUARTER / STEPS_PER_QUARTER;
const STEPS_PER_SIXTEENTH = STEPS_PER_QUARTER / 4;
/** The farthest song position: 14 bits. */
const FARTHEST = 16383;
/**
 * Seconds by which a tick may be late after a stall of the page: a receiver counts ticks, so late ones are sent all the
 * same. After a longer one it is stopped, and started again where the music is.
 */
const LATEST = 0.25;
/** How near to a whole number a step counts as one: floating point. */
const NEAR = 1e-6;

/** A message and the audio time at which it is to take effect: past, too, which a loudspeaker's delay may still make good. */
export interface ClockMessage {
  readonly data: readonly number[];
  readonly time: Seconds;
}

/** The clock of one receiver. */
export class ClockOut {
  readonly #place: MusicPlace;
  /** Whether ticks are sent, and whether the receiver was told to go along. */
  #running = false;
  #started = false;
  /** The next tick, counted from the beginning of the piece, and the bar line that the start waits for. */
  #tick = 0;
  #startStep = 0;
  /** The newest time that anything was sent for: what is sent later must be later. */
  #sentUntil = Number.NEGATIVE_INFINITY;

  constructor(place: MusicPlace) {
    this.#place = place;
  }

  /** What is to be sent now: all that takes effect before `until`. */
  advance(now: Seconds, until: Seconds): ClockMessage[] {
    if (!this.#place.playing) return this.stop(now);
    const messages: ClockMessage[] = [];
    if (!this.#running) this.#begin(now);
    if (this.#place.timeOf(this.#tick / TICKS_PER_STEP) < now - LATEST) {
      messages.push(...this.stop(now));
      this.#begin(now);
    }
    for (; ; this.#tick++) {
      const step = this.#tick / TICKS_PER_STEP;
      const due = this.#place.timeOf(step);
      if (due >= until) return messages;
      if (!this.#started && step >= this.#startStep - NEAR)
        messages.push(...this.#start(step, due));
      messages.push({ data: [CLOCK.tick], time: due });
      this.#sentUntil = due;
    }
  }

  /** Tells the receiver to stop, where it was started. */
  stop(now: Seconds): ClockMessage[] {
    const started = this.#started;
    this.#running = false;
    this.#started = false;
    return started ? [{ data: [CLOCK.stop], time: now }] : [];
  }

  /** Ticks from the next one on that nothing sent before can overtake, and the start from the next bar line. */
  #begin(now: Seconds): void {
    const from = Math.max(now, this.#sentUntil) as Seconds;
    this.#tick = Math.max(0, Math.ceil(this.#place.stepAt(from) * TICKS_PER_STEP - NEAR));
    while (this.#place.timeOf(this.#tick / TICKS_PER_STEP) <= this.#sentUntil) this.#tick++;
    this.#startStep = this.#place.nextBar(this.#tick / TICKS_PER_STEP - NEAR);
    this.#running = true;
  }

  #start(step: number, time: Seconds): ClockMessage[] {
    this.#started = true;
    const sixteenths = Math.round(step / STEPS_PER_SIXTEENTH);
    if (sixteenths === 0 || sixteenths > FARTHEST) return [{ data: [CLOCK.start], time }];
    return [
      { data: [CLOCK.songPosition, sixteenths & 127, sixteenths >> 7], time },
      { data: [CLOCK.continue], time },
    ];
  }
}
