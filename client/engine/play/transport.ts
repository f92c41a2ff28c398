/**
 * Where the music stands: steps on one side, the audio clock on the other. Owns no clock; every
 * method takes the time. A tempo change takes effect at a moment not yet handed to the players, so
 * that notes already scheduled stay where they are.
 */
import { assert } from "#base/assert.ts";
import { type Seconds, seconds } from "#base/brand.ts";
import { secondsPerStep } from "#music/units.ts";

interface Anchor {
  readonly step: number;
  readonly time: Seconds;
  readonly tempo: number;
}

/** Maps steps to audio time while playing; holds the step while stopped. */
export class Transport {
  #anchors: Anchor[] = [];
  #heldStep = 0;
  #tempo: number;

  /** @param tempo quarter notes a minute */
  constructor(tempo: number) {
    this.#tempo = tempo;
  }

  get playing(): boolean {
    return this.#anchors.length > 0;
  }

  get tempo(): number {
    return this.#tempo;
  }

  /** Starts at `time` from the held step. */
  start(time: Seconds): void {
    assert(!this.playing, "the transport plays already");
    this.#anchors = [{ step: this.#heldStep, time, tempo: this.#tempo }];
  }

  /** Stops; the step reached at `now` is held, but never one before the start. */
  stop(now: Seconds): void {
    if (!this.playing) return;
    this.#heldStep = Math.max(this.#anchors[0].step, this.stepAt(now));
    this.#anchors = [];
  }

  /** Moves the held step. Only while stopped. */
  locate(step: number): void {
    assert(!this.playing, "stop the transport before moving it");
    this.#heldStep = step;
  }

  /** Changes the tempo from audio time `at` on; while stopped, at once. */
  setTempo(tempo: number, at: Seconds): void {
    assert(tempo > 0, `tempo ${tempo} must be above 0`);
    if (this.playing) {
      const from = seconds(Math.max(at, this.#anchors[this.#anchors.length - 1].time));
      this.#anchors.push({ step: this.stepAt(from), time: from, tempo });
      // Anchors long past are of no use any more; the newest two cover every note in flight.
      if (this.#anchors.length > 64) this.#anchors.splice(0, 32);
    }
    this.#tempo = tempo;
  }

  /** The (fractional) step at an audio time; the held step while stopped, and before it starts. */
  stepAt(time: Seconds): number {
    if (!this.playing) return this.#heldStep;
    const anchor = this.#last((candidate) => candidate.time <= time);
    return anchor.step + Math.max(0, time - anchor.time) / secondsPerStep(anchor.tempo);
  }

  /** The audio time of a step. Only while playing. */
  timeOf(step: number): Seconds {
    assert(this.playing, "a stopped transport has no times");
    const anchor = this.#last((candidate) => candidate.step <= step);
    return seconds(anchor.time + (step - anchor.step) * secondsPerStep(anchor.tempo));
  }

  #last(holds: (anchor: Anchor) => boolean): Anchor {
    for (let index = this.#anchors.length - 1; index > 0; index--) {
      if (holds(this.#anchors[index])) return this.#anchors[index];
    }
    return this.#anchors[0];
  }
}
