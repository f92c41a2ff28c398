/**
 * A composition source over a composer in the same thread: the worker runs one, tests another.
 * Orders are carried out one after the other; between events the event loop is served, so that an
 * order never waits for more than one event.
 */
import { Emitter } from "#base/emitter.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import type { Note } from "#music/note.ts";
import type { Composer } from "./composer.ts";
import type { ComposedNotes, CompositionSettings, CompositionSource } from "./composition.ts";

/** Composed notes are handed over at least this often, in milliseconds. */
const HAND_OVER = 40;

/** Something to do before composing goes on. */
interface Order {
  readonly take: number;
  readonly work: () => Promise<void>;
  /** The step of a retake. */
  readonly retakenFrom?: number;
}

/** Composes in this thread, in the background. */
export class LocalComposition implements CompositionSource {
  readonly composed = new Emitter<ComposedNotes>();
  readonly failed = new Emitter<Error>();
  readonly #composer: Composer;
  #orders: Order[] = [];
  /** Takes ordered, and the take that is being composed. */
  #ordered = 0;
  #take = 0;
  #until = 0;
  #running = false;
  #begun = false;
  #disposed = false;

  /** @param composer not disposed by this class */
  constructor(composer: Composer) {
    this.#composer = composer;
  }

  begin(settings: CompositionSettings, prime: readonly Note[] = []): number {
    this.#until = 0;
    this.#begun = true;
    return this.#order({ work: () => this.#composer.begin(settings, prime) });
  }

  composeUntil(step: number): void {
    this.#until = step;
    this.#start();
  }

  retake(step: number, settings: CompositionSettings): number {
    // Retakes that still wait become one: the earliest step under the newest settings.
    const waiting = this.#orders.at(-1)?.retakenFrom;
    if (waiting !== undefined) this.#orders.pop();
    const from = Math.min(step, waiting ?? step);
    return this.#order({ retakenFrom: from, work: () => this.#composer.retake(from, settings) });
  }

  dispose(): void {
    this.#disposed = true;
    this.#orders = [];
  }

  #order(order: Omit<Order, "take">): number {
    const take = ++this.#ordered;
    this.#orders.push({ ...order, take });
    this.#start();
    return take;
  }

  #start(): void {
    if (this.#running || this.#disposed || !this.#begun) return;
    this.#running = true;
    this.#run()
      .catch((error) => {
        this.#orders = [];
        this.#begun = false;
        this.failed.emit(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => {
        this.#running = false;
      });
  }

  async #run(): Promise<void> {
    while (!this.#disposed) {
      const order = this.#orders.shift();
      if (order !== undefined) {
        await order.work();
        this.#take = order.take;
      } else if (this.#composer.onset < this.#until) {
        await this.#composeSome();
      } else return;
    }
  }

  async #composeSome(): Promise<void> {
    const started = performance.now();
    const drawnBefore = this.#composer.drawn;
    const notes: Note[] = [];
    do {
      notes.push(await this.#composer.next());
      await yieldToEvents();
    } while (
      !this.#disposed &&
      this.#orders.length === 0 &&
      this.#composer.onset < this.#until &&
      performance.now() - started < HAND_OVER
    );
    if (this.#disposed) return;
    this.composed.emit({
      take: this.#take,
      notes,
      tokens: this.#composer.drawn - drawnBefore,
      milliseconds: performance.now() - started,
    });
  }
}
