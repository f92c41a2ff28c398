/**
 * What the player has set, what was decided before it, and a performance that is on its way: brought back from a bank or
 * a scene, it waits for its bar line and holds from there on. What is moved meanwhile is newer and changes that one too.
 * Knows nothing of sound.
 */
import type { Seconds } from "#base/brand.ts";
import { Decisions } from "./decisions.ts";
import type { Performance } from "./performance.ts";

/** A performance and the step from which it holds. */
export interface Coming {
  readonly step: number;
  readonly performance: Performance;
}

/** One performance made of another. */
export type Change = (before: Performance) => Performance;

/** What has no bar line yet: what it was called from, and how that changes, with all that was decided since. */
interface Waiting {
  readonly from: Performance;
  readonly changes: readonly Change[];
}

/** See the header. */
export class Desk {
  readonly #decisions = new Decisions();
  #performance: Performance;
  #waiting: Waiting | undefined;
  #coming: Coming | undefined;

  constructor(performance: Performance) {
    this.#performance = performance;
  }

  /** What holds now. */
  get performance(): Performance {
    return this.#performance;
  }

  get coming(): Coming | undefined {
    return this.#coming;
  }

  /** Whether something waits for its bar line. */
  get waits(): boolean {
    return this.#waiting !== undefined;
  }

  /** What was decided last: what waits, what comes, else what holds. */
  get newest(): Performance {
    const { from, changes } = this.#waiting ?? {
      from: this.#coming?.performance ?? this.#performance,
      changes: [],
    };
    return changes.reduce((before, change) => change(before), from);
  }

  get canUndo(): boolean {
    return this.#decisions.canUndo;
  }

  get canRedo(): boolean {
    return this.#decisions.canRedo;
  }

  /** What holds for music from `step` on. */
  performanceAt(step: number): Performance {
    return this.#coming !== undefined && step >= this.#coming.step
      ? this.#coming.performance
      : this.#performance;
  }

  /** Sets everything, and takes it for no decision. */
  replace(performance: Performance): void {
    this.#performance = performance;
    this.#coming = undefined;
    this.#waiting = undefined;
  }

  /** The player moved something. @param steady any steady time */
  decide(change: Change, steady: Seconds): void {
    const before = this.#performance;
    this.#performance = change(before);
    this.#decisions.decided(before, this.#performance, steady);
    if (this.#coming !== undefined)
      this.#coming = { ...this.#coming, performance: change(this.#coming.performance) };
    if (this.#waiting !== undefined) this.#await(change);
  }

  /** The player called something back, which waits for a bar line. What it changes is looked at again when it gets one. */
  call(change: Change, steady: Seconds): void {
    this.#await(change);
    this.#decisions.decided(this.#performance, this.newest, steady);
  }

  /** What waits is to hold from `step` on. */
  bring(step: number): Coming {
    this.#coming = { step, performance: this.newest };
    this.#waiting = undefined;
    return this.#coming;
  }

  /** The music has come to `step`; true where what was on its way holds from now on. Infinite: what waits holds, too. */
  arrive(step: number): boolean {
    if (step === Number.POSITIVE_INFINITY && this.#waiting !== undefined) this.bring(step);
    if (this.#coming === undefined || step < this.#coming.step) return false;
    this.#performance = this.#coming.performance;
    this.#coming = undefined;
    return true;
  }

  /** Takes the newest decision back; false where there is none. */
  undo(): boolean {
    return this.#go(this.#decisions.undo(this.newest));
  }

  /** Takes back what `undo` did last; false where there is nothing. */
  redo(): boolean {
    return this.#go(this.#decisions.redo(this.#performance));
  }

  #await(change: Change): void {
    const { changes = [], from = this.newest } = this.#waiting ?? {};
    this.#waiting = { from, changes: [...changes, change] };
  }

  /** The piece keeps its seed, whatever is decided. */
  #go(performance: Performance | undefined): boolean {
    if (performance === undefined) return false;
    const { seed } = this.#performance.controls;
    this.replace({ ...performance, controls: { ...performance.controls, seed } });
    return true;
  }
}
