/**
 * Metre as a value: how music falls into bars. Nothing else assumes a length of bar; whoever needs one asks a
 * metre map. A bar begins where the one before ends; a metre that begins inside a bar cuts that bar short, as
 * notation programs read it.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { STEPS_PER_WHOLE } from "./units.ts";

/** A metre as written: `numerator` notes of the value 1/`denominator` (a power of two, 1-64). */
export interface Metre {
  readonly numerator: number;
  readonly denominator: number;
}

/** A metre from a step on. */
export interface MetrePoint {
  readonly step: number;
  readonly metre: Metre;
}

/** One bar: half-open, [start, start + steps). */
export interface Bar {
  /** Zero-based. */
  readonly index: number;
  readonly start: number;
  /** At least 1; shorter than the metre says where the next metre cuts it. */
  readonly steps: number;
  readonly metre: Metre;
}

/** What holds where nothing else is said (Standard MIDI Files 1.0). */
export const COMMON_TIME: Metre = { numerator: 4, denominator: 4 };

/** The metres that can be chosen; music from elsewhere may stand in any other. */
export const OFFERED_METRES: readonly Metre[] = [
  ...[2, 3, 4, 5, 6, 7].map((numerator) => ({ numerator, denominator: 4 })),
  ...[6, 9, 12].map((numerator) => ({ numerator, denominator: 8 })),
];

/** Steps in a bar of a metre; may be fractional for 1/64 notes. */
export const stepsOf = ({ numerator, denominator }: Metre): number =>
  (STEPS_PER_WHOLE * numerator) / denominator;

/** "3/4". */
export const metreName = ({ numerator, denominator }: Metre): string =>
  `${numerator}/${denominator}`;

/** The metre of a name. @throws Failure "usage" for what is not offered */
export function parseMetre(name: string): Metre {
  const metre = OFFERED_METRES.find((offered) => metreName(offered) === name.replaceAll(" ", ""));
  if (metre !== undefined) return metre;
  const names = OFFERED_METRES.map(metreName).join(", ");
  throw new Failure("usage", `There is no metre "${name}" to choose; take one of ${names}.`);
}

export const sameMetre = (a: Metre, b: Metre): boolean =>
  a.numerator === b.numerator && a.denominator === b.denominator;

/** Whether three of the written notes make one beat: 6/8, 9/8, 12/8. */
export const isCompound = ({ numerator, denominator }: Metre): boolean =>
  denominator >= 8 && numerator > 3 && numerator % 3 === 0;

/**
 * Where the beats of a bar begin, in steps from its start, the first at 0. Compound metres count dotted notes;
 * uneven eighths go in twos with a three at the end (5/8: 2+3, 7/8: 2+2+3).
 */
export function beatsOf(metre: Metre): readonly number[] {
  const { numerator, denominator } = metre;
  const unit = STEPS_PER_WHOLE / denominator;
  const beats: number[] = [];
  if (isCompound(metre)) {
    for (let at = 0; at < numerator; at += 3) beats.push(at * unit);
  } else if (denominator >= 8 && numerator > 3) {
    for (let at = 0; at + 1 < numerator; at += 2) beats.push(at * unit);
  } else {
    for (let at = 0; at < numerator; at++) beats.push(at * unit);
  }
  return [...new Set(beats.map(Math.round))];
}

/** Steps from the start of a bar to its second half, on a beat (3/4: the third); the bar's length where it has one beat. */
export function halfOf({ metre, steps }: Pick<Bar, "metre" | "steps">): number {
  const beats = beatsOf(metre);
  const half = beats[Math.ceil(beats.length / 2)] ?? steps;
  return Math.min(half, steps);
}

/** A half of a bar, in steps: `end` is the first behind it. */
export interface HalfBar {
  readonly bar: Bar;
  readonly half: 0 | 1;
  readonly start: number;
  readonly end: number;
}

/** A beat: its place in the bar, zero-based, and its steps, half-open. */
export interface Beat {
  readonly bar: Bar;
  readonly beat: number;
  readonly start: number;
  readonly end: number;
}

interface Segment extends MetrePoint {
  /** Index of the bar that begins at `step`. */
  readonly firstBar: number;
}

/** Steps to bars and back. Immutable. */
export class MetreMap {
  readonly #segments: readonly Segment[];

  /** @param points ascending by step, 0 or later; of several at one step the last holds; 4/4 until the first. */
  constructor(points: readonly MetrePoint[] = []) {
    const segments: Segment[] = [{ step: 0, metre: COMMON_TIME, firstBar: 0 }];
    for (const { step, metre } of points) {
      const before = segments[segments.length - 1];
      assert(
        step >= before.step,
        `metre points must ascend from 0; ${step} follows ${before.step}`,
      );
      assert(
        Number.isInteger(metre.numerator) &&
          metre.numerator > 0 &&
          Number.isInteger(Math.log2(metre.denominator)),
        `metre ${metreName(metre)}: expected whole notes, halves, ... 1/64`,
      );
      if (step === before.step) segments.pop();
      const last = segments.at(-1);
      if (last && sameMetre(last.metre, metre) && (step - last.step) % stepsOf(metre) === 0)
        continue;
      const bars = last === undefined ? 0 : barsBetween(last, step);
      segments.push({ step, metre, firstBar: (last?.firstBar ?? 0) + bars });
    }
    this.#segments = segments;
  }

  /** One metre from the beginning on. */
  static of(metre: Metre): MetreMap {
    return new MetreMap([{ step: 0, metre }]);
  }

  /** The points this map was made of, without those that change nothing; the first at step 0. */
  get points(): readonly MetrePoint[] {
    return this.#segments.map(({ step, metre }) => ({ step, metre }));
  }

  /** The metre at a step, and the step from which it has held. */
  pointAt(step: number): MetrePoint {
    return this.#find((candidate) => candidate.step <= step);
  }

  /** The bar in which a step lies; steps before 0 lie in the first bar. */
  barAt(step: number): Bar {
    const segment = this.#find((candidate) => candidate.step <= step);
    const length = stepsOf(segment.metre);
    // Starts are rounded, so the quotient may name the neighbour.
    let offset = Math.max(0, Math.floor((step - segment.step) / length));
    if (Math.round(segment.step + (offset + 1) * length) <= step) offset++;
    while (offset > 0 && Math.round(segment.step + offset * length) > step) offset--;
    return this.bar(segment.firstBar + offset);
  }

  /** A bar by its index, 0 or more. */
  bar(index: number): Bar {
    const at = this.#indexOf((candidate) => candidate.firstBar <= index);
    const segment = this.#segments[at];
    const length = stepsOf(segment.metre);
    const next = this.#segments[at + 1]?.step ?? Number.POSITIVE_INFINITY;
    const offset = index - segment.firstBar;
    const start = Math.round(segment.step + offset * length);
    const end = Math.min(next, Math.round(segment.step + (offset + 1) * length));
    return { index, start, steps: Math.max(1, end - start), metre: segment.metre };
  }

  /** Steps since the beginning of the bar in which a step lies. */
  phaseAt(step: number): number {
    return step - this.barAt(step).start;
  }

  /** The beat in which a step lies. */
  beatAt(step: number): Beat {
    const bar = this.barAt(step);
    const beats = beatsOf(bar.metre);
    const beat = Math.max(
      0,
      beats.findLastIndex((at) => bar.start + at <= step),
    );
    const end = bar.start + Math.min(beats[beat + 1] ?? bar.steps, bar.steps);
    return { bar, beat, start: bar.start + beats[beat], end };
  }

  /** The first step, `step` or later, at which a beat begins. */
  beatLineFrom(step: number): number {
    const { start, end } = this.beatAt(step);
    return start >= step ? start : end;
  }

  /** The half of a bar in which a step lies, first or second, and from where to where it goes. */
  halfAt(step: number): HalfBar {
    const bar = this.barAt(step);
    const middle = bar.start + halfOf(bar);
    return step < middle
      ? { bar, half: 0, start: bar.start, end: middle }
      : { bar, half: 1, start: middle, end: bar.start + bar.steps };
  }

  /** The first step, `step` or later, at which a bar begins. */
  barLineFrom(step: number): number {
    const bar = this.barAt(step);
    return bar.start >= step ? bar.start : bar.start + bar.steps;
  }

  /** The first bar that begins at `step` or later. */
  barFrom(step: number): Bar {
    return this.barAt(this.barLineFrom(step));
  }

  /** The same until the first bar line at `step` or later; from there on one metre alone. */
  changedFrom(step: number, metre: Metre): MetreMap {
    const line = this.barLineFrom(step);
    return new MetreMap([
      ...this.points.filter((point) => point.step < line),
      { step: line, metre },
    ]);
  }

  /** The same without what begins at `step` or later; the metre at 0 stays. */
  until(step: number): MetreMap {
    return new MetreMap(this.points.filter((point) => point.step < Math.max(1, step)));
  }

  /** The same, counted from a bar line on, which becomes step 0. */
  from(line: number): MetreMap {
    const later = this.points.filter((point) => point.step > line);
    return new MetreMap(
      [{ ...this.pointAt(line), step: line }, ...later].map(({ step, metre }) => ({
        step: step - line,
        metre,
      })),
    );
  }

  /** How many bars it takes to hold `steps` steps from 0 on. */
  barsIn(steps: number): number {
    return steps <= 0 ? 0 : this.barAt(Math.ceil(steps) - 1).index + 1;
  }

  #find(holds: (segment: Segment) => boolean): Segment {
    return this.#segments[this.#indexOf(holds)];
  }

  /** The last segment for which a condition holds that is true for a head of the list; else the first. */
  #indexOf(holds: (segment: Segment) => boolean): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(this.#segments[middle])) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Bars of a segment that begin before `end`; starts are rounded, so the last may be no step long. */
function barsBetween({ step, metre }: MetrePoint, end: number): number {
  const length = stepsOf(metre);
  let bars = Math.ceil((end - step) / length - 1e-9);
  while (bars > 0 && Math.round(step + (bars - 1) * length) >= end) bars--;
  return bars;
}
