/** How a piece comes to its end: it is asked for at any time, and begins with the first bar that is not committed. */
import { ENDING_BARS } from "#music/chart/form.ts";
import type { MetreMap } from "#music/metre.ts";

/** The ending of one piece. */
export class Ending {
  #isAsked = false;
  #step: number | undefined;

  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** The piece is to end soon. */
  ask(): void {
    this.#isAsked = true;
  }

  /** Another piece begins. */
  forget(): void {
    this.#isAsked = false;
    this.#step = undefined;
  }

  /** The bar line at which the piece ends, if it does; once known it stays. @param from what lies before is committed */
  stepFrom(from: number, metres: MetreMap): number | undefined {
    if (!this.#isAsked) return undefined;
    const first = metres.barFrom(from).index;
    this.#step ??= metres.bar(first + ENDING_BARS).start;
    return this.#step;
  }
}
