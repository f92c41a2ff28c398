/** What hands at random do with the music itself: bars go round, come back or are kept, parts are frozen, other ways are taken, banks recalled. */
import type { Random } from "#base/random.ts";
import { BAR_COUNTS } from "#engine/jam/course.ts";
import { FUTURES } from "#engine/jam/futures-desk.ts";
import { RECALLS } from "#engine/jam/mark-desk.ts";
import type { Performance } from "#engine/jam/performance.ts";
import type { Session } from "#engine/jam/session.ts";
import { INSTRUMENTS } from "#music/instrument.ts";

/** What is done, and how often beside the rest. Bars that go round are let go of soon. */
export const GESTURES = {
  ...{ another: 1, repeat: 1, letGo: 3, goBack: 1, freeze: 1, thaw: 1, record: 1 },
  ...{ keep: 1, mark: 1, recall: 1, foresee: 1, pick: 2, bank: 1 },
} as const;
export type Gesture = keyof typeof GESTURES;

/** See the header. */
export class Gestures {
  readonly #session: Session;
  readonly #random: Random;
  #banked: Performance | undefined;

  constructor(session: Session, random: Random) {
    this.#session = session;
    this.#random = random;
  }

  make(gesture: Gesture): void {
    const { leading, state } = this.#session;
    switch (gesture) {
      case "another":
        leading.another();
        return;
      case "repeat":
        leading.repeat(this.#one(BAR_COUNTS));
        return;
      case "letGo":
        leading.letGo();
        return;
      case "goBack":
        leading.goBack(Math.max(0, this.#bar - 1 - this.#random.integer(8)));
        return;
      case "freeze":
        leading.freeze(this.#random.integer(INSTRUMENTS.length));
        return;
      case "thaw":
        for (const layer of state.course.layers) leading.drop(layer);
        return;
      case "record":
        leading.record(this.#one(BAR_COUNTS));
        return;
      case "keep":
        leading.keep(this.#one(BAR_COUNTS));
        return;
      case "mark":
        leading.mark();
        return;
      case "recall": {
        const { marks } = state.chart;
        if (marks.length === 0) return;
        const on = this.#one(["bar", "phrase"] as const);
        leading.recall(this.#one(marks).name, on, this.#one(RECALLS));
        return;
      }
      case "foresee":
        leading.foresee();
        return;
      case "pick":
        leading.pick(this.#random.integer(FUTURES));
        return;
      case "bank":
        if (this.#banked !== undefined) this.#session.bringBack(this.#banked);
        this.#banked = this.#session.performance;
    }
  }

  get #bar(): number {
    const { metres } = this.#session;
    return metres.barAt(Math.max(0, this.#session.timeline().step)).index;
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#random.integer(of.length)];
  }
}
