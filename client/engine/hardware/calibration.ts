/**
 * Finds how late a port's machine sounds, in twenty seconds: the player taps along with clicks of the page's own voice, then
 * of the port. The difference is the machine's own, since hand, ear and keyboard were late by the same both times.
 */
import type { Seconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import { FARTHEST_LATENCY } from "#engine/jam/port-settings.ts";
import { type TappedLatency, tappedLatency } from "./tapped-latency.ts";

/** Whose clicks sound. */
export type ClickPlace = "voice" | "port";

/** What is shown of it. */
export type CalibrationState =
  | { readonly phase: "idle" }
  | { readonly phase: ClickPlace; readonly taps: number; readonly clicksLeft: number }
  /** `latency` in milliseconds, to be set for the port; `spread` as of taps. */
  | { readonly phase: "found"; readonly latency: number; readonly spread: number }
  /** Too few taps agreed, or the port is later than can be made good. */
  | { readonly phase: "failed"; readonly why: "taps" | "range" };

/** Whether clicks sound and taps count. */
export const isTapped = (
  state: CalibrationState | undefined,
): state is Extract<CalibrationState, { phase: ClickPlace }> =>
  state?.phase === "voice" || state?.phase === "port";

/** What clicks are played with. */
export interface CalibrationParts {
  /** Plays a click at a time. */
  readonly click: (place: ClickPlace, at: Seconds) => void;
  /** Milliseconds on the performance clock at an audio time. */
  readonly toMilliseconds: (at: Seconds) => number;
  /** Milliseconds by which the port is sent its messages sooner already. */
  readonly latency: () => number;
}

/** Seconds from click to click, and clicks of each place. */
const INTERVAL = 0.5;
const CLICKS = 20;
/** Clicks at the beginning that only give the beat. */
const LEAD_IN = 4;
/** Seconds that clicks are handed over ahead. */
const AHEAD = 0.3;

/** See the header. `tick` is called often. */
export class Calibration {
  readonly changed = new Emitter<CalibrationState>();
  readonly #parts: CalibrationParts;
  #state: CalibrationState = { phase: "idle" };
  /** When clicks of this place were handed over for, seconds. */
  #clicks: Seconds[] = [];
  #taps: number[] = [];
  #voice: TappedLatency | undefined;

  constructor(parts: CalibrationParts) {
    this.#parts = parts;
  }

  get state(): CalibrationState {
    return this.#state;
  }

  get isOn(): boolean {
    return isTapped(this.#state);
  }

  start(now: Seconds): void {
    this.#enter("voice", now);
  }

  stop(): void {
    this.#set({ phase: "idle" });
  }

  /** A tap at a time of the performance clock, milliseconds; true where it counts as one. */
  tap(time: number): boolean {
    const state = this.#state;
    if (!isTapped(state)) return false;
    this.#taps.push(time);
    this.#show(state.phase);
    return true;
  }

  /** Moves on to the audio time `now`. */
  tick(now: Seconds): void {
    const state = this.#state;
    if (!isTapped(state)) return;
    const { phase } = state;
    for (;;) {
      const next = (this.#clicks[this.#clicks.length - 1] + INTERVAL) as Seconds;
      if (this.#clicks.length > CLICKS || next > now + AHEAD) break;
      this.#clicks.push(next);
      // The last is none: it is the silence after which taps are counted.
      if (this.#clicks.length <= CLICKS) this.#parts.click(phase, next);
      this.#show(phase);
    }
    if (this.#clicks.length > CLICKS && now > this.#clicks[CLICKS]) this.#finish(phase, now);
  }

  #enter(phase: ClickPlace, now: Seconds): void {
    const first = (now + 2 * INTERVAL) as Seconds;
    this.#clicks = [first];
    this.#taps = [];
    this.#parts.click(phase, first);
    this.#show(phase);
  }

  #finish(phase: ClickPlace, now: Seconds): void {
    const clicks = this.#clicks.slice(0, CLICKS).map((click) => this.#parts.toMilliseconds(click));
    const counted = this.#taps.filter((tap) => tap > clicks[LEAD_IN] - 500 * INTERVAL);
    const tapped = tappedLatency(clicks, counted, 1000 * INTERVAL);
    if (tapped === undefined) this.#set({ phase: "failed", why: "taps" });
    else if (phase === "voice") {
      this.#voice = tapped;
      this.#enter("port", now);
    } else {
      const latency = Math.round(this.#parts.latency() + tapped.late - this.#voice!.late);
      if (Math.abs(latency) > FARTHEST_LATENCY) this.#set({ phase: "failed", why: "range" });
      else {
        const spread = Math.round(Math.hypot(tapped.spread, this.#voice!.spread));
        this.#set({ phase: "found", latency, spread });
      }
    }
  }

  #show(phase: ClickPlace): void {
    const clicksLeft = Math.max(0, CLICKS - this.#clicks.length);
    this.#set({ phase, taps: this.#taps.length, clicksLeft });
  }

  #set(state: CalibrationState): void {
    this.#state = state;
    this.changed.emit(state);
  }
}
