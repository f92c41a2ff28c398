/**
 * Four ways in which the piece could go on from a bar line, two bars of each: asked for, shown as they come, and one picked
 * or all forgotten. What is picked is heard as it was shown. Knows nothing of how they are drawn.
 */

import type { Remark } from "#base/remark.ts";
import type { CompositionSettings } from "#engine/compose/composition.ts";
import type { Future, FuturesSource, NoFuture } from "#engine/compose/futures.ts";
import { cutOut } from "#engine/compose/given-music.ts";
import type { Note } from "#music/note.ts";
import { type Passage, seedAt } from "./course.ts";
import type { Rendition } from "./rendition.ts";

/** How many there are, and how long. */
export const FUTURES = 4;
const FUTURE_BARS = 2;

/** Turns of the seed that no other continuation has. */
const FIRST_TURN = 0x1000;

/** What is shown of them. */
export interface Futures {
  /** They go on from here, for so many steps. */
  readonly from: number;
  readonly steps: number;
  /** Of each its notes where they would stand; undefined where it is not there yet. */
  readonly notes: readonly (readonly Note[] | undefined)[];
  /** Why there will be no more of them. */
  readonly why?: Remark;
}

/** See the header. Of one piece at a time. */
export class FuturesDesk {
  readonly #rendition: Rendition;
  readonly #source: FuturesSource | undefined;
  #futures: Futures | undefined;
  #asked = 0;

  /** @param source draws them; nobody does where undefined @param changed called when one has come */
  constructor(rendition: Rendition, source: FuturesSource | undefined, changed: () => void) {
    this.#rendition = rendition;
    this.#source = source;
    source?.foreseen.on((future) => {
      if (this.#receive(future)) changed();
    });
  }

  get state(): Futures | undefined {
    return this.#futures;
  }

  /** Whether some are still being drawn. */
  get isWaiting(): boolean {
    return this.#futures?.why === undefined && this.#futures?.notes.includes(undefined) === true;
  }

  /**
   * Asks for four, in place of others.
   * @param committed they begin at a bar line past this step @param settings what the piece is composed to from there on
   */
  ask(committed: number, settings: CompositionSettings): void {
    const { metres, plan } = this.#rendition;
    const newest = metres.barAt(plan.composedUntil).start;
    const from = newest >= committed ? newest : metres.barLineFrom(committed);
    const until = metres.bar(metres.barAt(from).index + FUTURE_BARS).start;
    const first = FIRST_TURN + FUTURES * this.#asked++;
    const { given = [], seed } = settings;
    // Bars that go round leave nothing open.
    const open = { ...settings, given: given.filter(({ alone }) => !alone), returns: false };
    const seeds = Array.from({ length: FUTURES }, (_, index) => seedAt(seed, first + index));
    this.#futures = { from, steps: until - from, notes: seeds.map(() => undefined) };
    this.#source?.foresee({
      ...{ number: this.#asked, from, until },
      settings: seeds.map((other) => ({ ...open, seed: other })),
    });
  }

  /** False where nobody waits for it. */
  #receive(future: Future | NoFuture): boolean {
    const futures = this.#futures;
    if (futures === undefined || future.number !== this.#asked) return false;
    if ("why" in future) this.#futures = { ...futures, why: future.why };
    else this.#futures = { ...futures, notes: futures.notes.with(future.index, future.notes) };
    return true;
  }

  /** Takes one, and forgets the others; undefined where it is not there. */
  take(index: number): Passage | undefined {
    const notes = this.#futures?.notes[index];
    if (this.#futures === undefined || notes === undefined) return undefined;
    const { from, steps } = this.#futures;
    this.forget();
    return { steps, notes: cutOut(notes, from, from + steps), after: from };
  }

  /** None are wanted any more. */
  forget(): void {
    if (this.#futures !== undefined) this.#source?.foresee(undefined);
    this.#futures = undefined;
  }
}
