/**
 * The metronome: a click on each beat of the metre, and bars of them before the music begins. It has a voice of its own
 * and is no part of the piece: neither takes nor ports know of it. Owns no clock.
 */
import { type Seconds, seconds } from "#base/brand.ts";
import { beatsOf, type MetreMap, stepsOf } from "#music/metre.ts";
import type { MusicPlace } from "./music-place.ts";
import { LOOKAHEAD } from "./scheduler.ts";

/** How loud it is, 0-1; what a count-in is heard at where the metronome is off. */
export const CLICK_LEVELS = { off: 0, soft: 0.25, medium: 0.5, loud: 1 } as const;
const COUNTED = CLICK_LEVELS.medium;

/** Bars before the music. */
export const COUNT_INS = { none: 0, "1 bar": 1, "2 bars": 2 } as const;

/** What the player chose of it. */
export interface Clicking {
  readonly metronome: keyof typeof CLICK_LEVELS;
  readonly countIn: keyof typeof COUNT_INS;
}

/** A beat to be heard. */
export interface Click {
  readonly time: Seconds;
  /** Above 0, up to 1. */
  readonly level: number;
  /** Whether a bar begins. */
  readonly first: boolean;
}

/** What it sounds through. */
export interface ClickVoice {
  /** Clicks at its time. */
  click(click: Click): void;
  /** Forgets every click that is not heard yet. */
  silence(): void;
}

/** Seconds by which a click may be late; a later one is left out. */
const LATEST = 0.02;

/** See the header. */
export class Metronome {
  clicking: Clicking = { metronome: "off", countIn: "none" };
  readonly #voice: ClickVoice | undefined;
  /** Beats before it were looked at. */
  #lookedUntil = 0;

  /** @param voice nobody hears anything where undefined */
  constructor(voice: ClickVoice | undefined) {
    this.#voice = voice;
  }

  /** Steps that are counted before the music, in the metre that holds at `step`. */
  stepsBefore(step: number, metres: MetreMap): number {
    return COUNT_INS[this.clicking.countIn] * stepsOf(metres.barAt(step).metre);
  }

  /** Clicks on the beats that lead to `step`, which is heard at `time`. */
  countIn(step: number, time: Seconds, secondsPerStep: number, metres: MetreMap): void {
    const { start, metre } = metres.barAt(step);
    const counted = this.stepsBefore(step, metres);
    const level = CLICK_LEVELS[this.clicking.metronome] || COUNTED;
    for (let bar = start - counted; bar <= start; bar += stepsOf(metre))
      for (const at of beatsOf(metre))
        if (bar + at >= step - counted && bar + at < step)
          this.#voice?.click({
            time: seconds(time - (step - bar - at) * secondsPerStep),
            ...{ level, first: at === 0 },
          });
  }

  /** The music begins at a step, or goes on from there. */
  begin(step: number): void {
    this.#lookedUntil = step;
  }

  /** Clicks on the beats that sound soon. Call often while playing. @param end no beat comes after it */
  advance(now: Seconds, place: MusicPlace, metres: MetreMap, end: number): void {
    if (!place.playing) return;
    const until = Math.min(end, place.stepAt(seconds(now + LOOKAHEAD)));
    const level = CLICK_LEVELS[this.clicking.metronome];
    if (level > 0)
      for (const { step, first } of beatsBetween(metres, this.#lookedUntil, until)) {
        const time = place.timeOf(step);
        if (time >= now - LATEST) this.#voice?.click({ time, level, first });
      }
    this.#lookedUntil = Math.max(this.#lookedUntil, until);
  }

  /** Ends it at once. */
  stop(): void {
    this.#voice?.silence();
  }
}

/** The beats from a step on, up to another. */
function beatsBetween(metres: MetreMap, from: number, until: number) {
  const beats: { readonly step: number; readonly first: boolean }[] = [];
  for (let bar = metres.barAt(from); bar.start < until; bar = metres.bar(bar.index + 1))
    for (const at of beatsOf(bar.metre)) {
      const step = bar.start + at;
      if (at < bar.steps && step >= from && step < until) beats.push({ step, first: at === 0 });
    }
  return beats;
}
