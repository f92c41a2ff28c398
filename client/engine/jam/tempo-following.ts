/**
 * Goes along with an outer clock: its tempo, and a little more or less of it until the beats fall together. Errors are
 * looked at where the tempo can still change, past what was handed to the players, and are gone within two beats or so.
 * While the outer clock is away the music keeps its last tempo.
 */
import { type Seconds, seconds } from "#base/brand.ts";
import type { MusicPlace } from "#engine/play/music-place.ts";
import type { OuterClock } from "#engine/play/outer-clock.ts";
import { LOOKAHEAD } from "#engine/play/scheduler.ts";
import { STEPS_PER_QUARTER, secondsPerStep, TEMPO_RANGE } from "#music/units.ts";

/** Music whose tempo and start can be moved. */
export interface MovablePlace extends MusicPlace {
  /** Quarter notes a minute, where the last change of it holds. */
  readonly tempo: number;
  /** The tempo changes at the next note not handed over. */
  setTempo(tempo: number, now: Seconds): void;
  /** When music from a step on begins, that may begin from `earliest` on. */
  beginsAt: (earliest: Seconds, step: number) => Seconds;
}

/** Steps within which an error is made good: two beats. */
const WITHIN = 2 * STEPS_PER_QUARTER;
/** The most that the tempo is bent for that, as a share. */
const MOST = 0.08;
/** Seconds that are no difference: floating point. */
const NEAR = 1e-6;
/** Changes smaller than this share are not made: each is written into the take. */
const LEAST = 0.0002;

/** Follows one clock at a time. */
export class TempoFollowing {
  readonly #place: MovablePlace;
  #outer: OuterClock | undefined;

  constructor(place: MovablePlace) {
    this.#place = place;
  }

  /** Whom the music goes along with from now on; undefined is nobody. */
  follow(outer: OuterClock | undefined): void {
    this.#outer = outer;
    this.#place.beginsAt = (earliest, step) => this.#beginsAt(earliest, step);
  }

  /** Moves the tempo. Call every 25 to 50 ms. */
  advance(now: Seconds): void {
    const tempo = this.#outer?.tempo(now);
    if (tempo === undefined) return;
    const bent = tempo * (1 + (this.#place.playing ? this.#correction(now) : 0));
    const wanted = Math.min(TEMPO_RANGE.highest, Math.max(TEMPO_RANGE.lowest, bent));
    if (Math.abs(wanted / this.#place.tempo - 1) > LEAST) this.#place.setTempo(wanted, now);
  }

  /** Share by which the tempo is to be higher, so that the beats meet. */
  #correction(now: Seconds): number {
    const at = seconds(now + LOOKAHEAD);
    const quarter = this.#outer?.quarterAt(at);
    if (quarter === undefined) return 0;
    // Before it begins there is nothing to bend.
    if (this.#place.timeOf(this.#place.stepAt(at)) > at + NEAR) return 0;
    const behind = quarter * STEPS_PER_QUARTER - this.#place.stepAt(at);
    const nearest = behind - STEPS_PER_QUARTER * Math.round(behind / STEPS_PER_QUARTER);
    return Math.min(MOST, Math.max(-MOST, nearest / WITHIN));
  }

  /** Bar lines fall together: the music waits for the outer clock's. */
  #beginsAt(earliest: Seconds, step: number): Seconds {
    const quarter = this.#outer?.quarterAt(earliest);
    const tempo = this.#outer?.tempo(earliest);
    if (quarter === undefined || tempo === undefined) return earliest;
    const line = this.#place.nextBar(step);
    const bar = this.#place.nextBar(line + 1) - line;
    const wait = modulo(step - line - quarter * STEPS_PER_QUARTER, bar);
    return seconds(earliest + wait * secondsPerStep(tempo));
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
