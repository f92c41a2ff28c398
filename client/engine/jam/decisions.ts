/**
 * What was decided, one performance after the other, so that a decision can be undone and done again. A control that
 * is dragged is one decision: what moves the same things within a moment is joined to it. The seed is none.
 */
import type { Seconds } from "#base/brand.ts";
import type { Performance } from "./performance.ts";

/** Decisions that can be undone. */
const MOST = 200;

/** Seconds between two moves of the same thing that are one decision. */
const ONE_MOVE = 1;

/** See the header. Owns no clock. */
export class Decisions {
  #undone: Performance[] = [];
  #done: Performance[] = [];
  #moved = "";
  #movedAt = Number.NEGATIVE_INFINITY;

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** The player went from one performance to another. @param steady any steady time */
  decided(before: Performance, after: Performance, steady: Seconds): void {
    const moved = movedBetween(before, after);
    if (moved === "") return;
    const goesOn = moved === this.#moved && steady - this.#movedAt < ONE_MOVE && this.canUndo;
    if (!goesOn) this.#done = [...this.#done, before].slice(-MOST);
    this.#undone = [];
    this.#moved = moved;
    this.#movedAt = steady;
  }

  /** What was there before the newest decision; undefined where there is none. */
  undo(now: Performance): Performance | undefined {
    const before = this.#done.pop();
    if (before !== undefined) this.#undone.push(now);
    this.#moved = "";
    return before;
  }

  /** What was undone last; undefined where there is nothing. */
  redo(now: Performance): Performance | undefined {
    const after = this.#undone.pop();
    if (after !== undefined) this.#done.push(now);
    this.#moved = "";
    return after;
  }
}

/** Names of all that differs, the seed aside. */
function movedBetween(before: Performance, after: Performance): string {
  const { controls, strips, ...rest } = after;
  return [
    ...differing(before.controls, { ...controls, seed: before.controls.seed }),
    ...strips.flatMap((strip, index) =>
      differing(before.strips[index], strip).map((name) => `${index}.${name}`),
    ),
    ...differing({ ...before, controls: undefined, strips: undefined }, rest),
  ].join(" ");
}

/** The keys of `after` whose values differ from those in `before`. */
const differing = (before: object, after: object): string[] =>
  Object.entries(after)
    .filter(([name, value]) => (before as Record<string, unknown>)[name] !== value)
    .map(([name]) => name);
