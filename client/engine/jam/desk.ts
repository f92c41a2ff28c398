/**
 * What the player has set, what was decided before it, and a performance that is on its way: brought back from a bank or
 * a scene, it holds from a bar line on. What is moved meanwhile changes that one too. Knows nothing of sound.
 */
import type { Seconds } from "#base/brand.ts";
import { Decisions } from "./decisions.ts";
import type { Performance } from "./performance.ts";

/** A performance and the step from which it holds. */
export interface Coming {
  readonly step: number;
  readonly performance: Performance;
}

/** See the header. */
export class Desk {
  readonly #decisions = new Decisions();
  #performance: Performance;
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
  }

  /** The player moved something. @param steady any steady time */
  decide(change: (before: Performance) => Performance, steady: Seconds): void {
    const before = this.#performance;
    this.#performance = change(before);
    this.#decisions.decided(before, this.#performance, steady);
    if (this.#coming === undefined) return;
    this.#coming = { ...this.#coming, performance: change(this.#coming.performance) };
  }

  /** Another performance is to hold from `step` on. */
  bring(performance: Performance, step: number, steady: Seconds): void {
    this.#decisions.decided(this.#performance, performance, steady);
    this.#coming = { step, performance };
  }

  /** The music has come to `step`; true where what was on its way holds from now on. */
  arrive(step: number): boolean {
    if (this.#coming === undefined || step < this.#coming.step) return false;
    this.replace(this.#coming.performance);
    return true;
  }

  /** Takes the newest decision back; false where there is none. */
  undo(): boolean {
    return this.#go(this.#decisions.undo(this.#coming?.performance ?? this.#performance));
  }

  /** Takes back what `undo` did last; false where there is nothing. */
  redo(): boolean {
    return this.#go(this.#decisions.redo(this.#performance));
  }

  /** The piece keeps its seed, whatever is decided. */
  #go(performance: Performance | undefined): boolean {
    if (performance === undefined) return false;
    const { seed } = this.#performance.controls;
    this.replace({ ...performance, controls: { ...performance.controls, seed } });
    return true;
  }
}
