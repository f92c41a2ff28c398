/** Where steps lie in seconds when the tempo changes on the way: piecewise constant, both ways. */
import { assert } from "#base/assert.ts";
import { DEFAULT_TEMPO, secondsPerStep } from "./units.ts";

/** A tempo in quarter notes a minute from a step (may be fractional) on. */
export interface TempoPoint {
  readonly step: number;
  readonly tempo: number;
}

interface Segment extends TempoPoint {
  readonly seconds: number;
}

/** Steps to seconds and back, from step 0 = 0 s. Steps before 0 run at the first tempo. */
export class TempoMap {
  readonly #segments: Segment[];

  /** @param points ascending by step; without one at step 0, 120 BPM holds until the first. */
  constructor(points: readonly TempoPoint[]) {
    const all =
      points.length > 0 && points[0].step <= 0
        ? points
        : [{ step: 0, tempo: DEFAULT_TEMPO }, ...points];
    this.#segments = [];
    let previous: Segment | undefined;
    for (const point of all) {
      assert(point.tempo > 0, `tempo ${point.tempo} must be above 0`);
      assert(previous === undefined || point.step >= previous.step, "tempo points must ascend");
      const seconds = previous === undefined ? 0 : secondsAt(previous, point.step);
      const segment = {
        step: previous === undefined ? 0 : point.step,
        tempo: point.tempo,
        seconds,
      };
      if (previous !== undefined && previous.step === segment.step) this.#segments.pop();
      this.#segments.push(segment);
      previous = segment;
    }
  }

  /** The tempo at a step. */
  tempoAt(step: number): number {
    return this.#find((segment) => segment.step <= step).tempo;
  }

  /** Seconds from step 0 to `step`. */
  toSeconds(step: number): number {
    return secondsAt(
      this.#find((segment) => segment.step <= step),
      step,
    );
  }

  /** The (fractional) step at `seconds` after step 0. */
  toSteps(seconds: number): number {
    const segment = this.#find((candidate) => candidate.seconds <= seconds);
    return segment.step + (seconds - segment.seconds) / secondsPerStep(segment.tempo);
  }

  /** The last segment that satisfies a condition true for a head of the list, else the first. */
  #find(holds: (segment: Segment) => boolean): Segment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.#segments[middle])) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }
}

const secondsAt = (segment: Segment, step: number): number =>
  segment.seconds + (step - segment.step) * secondsPerStep(segment.tempo);
