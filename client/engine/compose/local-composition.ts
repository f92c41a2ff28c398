/**
 * A composition source over a composer in the same thread: the worker runs one, tests another.
 * Orders are carried out one after the other; between events the event loop is served, so that an
 * order never waits for more than what is drawn at once, one event at first and a few later.
 */
import type { Milliseconds } from "#base/brand.ts";
import { Emitter } from "#base/emitter.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import type { Decoder } from "#model/decoder.ts";
import type { Note } from "#music/note.ts";
import { STEPS_PER_QUARTER } from "#music/units.ts";
import type { Composer } from "./composer.ts";
import type {
  CarriedOut,
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "./composition.ts";
import { endedAt } from "./ended-notes.ts";
import {
  type Future,
  FutureDrawing,
  type FuturesOrder,
  type FuturesSource,
  type NoFuture,
} from "./futures.ts";

/** Most events drawn at once, where the decoder can; an order waits for them. */
const MOST_AHEAD = 4;

/** Composed notes are handed over at least this often, in milliseconds. */
const HAND_OVER = 40;

/** Something to do before composing goes on. */
interface Order {
  readonly revision: number;
  readonly work: () => void;
  /** The step of a retake. */
  readonly retakenFrom?: number;
  /** Where the piece ends; nowhere where undefined. */
  readonly endsAt: number | undefined;
}

/** Composes in this thread, in the background; futures while the piece has enough. */
export class LocalComposition implements CompositionSource, FuturesSource {
  readonly composed = new Emitter<ComposedNotes>();
  readonly foreseen = new Emitter<Future | NoFuture>();
  readonly failed = new Emitter<Error>();
  readonly #composer: Composer;
  readonly #clock: () => Milliseconds;
  readonly #futures: FutureDrawing | undefined;
  #orders: Order[] = [];
  /** Since notes were handed over last. */
  #carriedOut: CarriedOut[] = [];
  /** Revisions ordered, and the one that is being composed. */
  #ordered = 0;
  #revision = 0;
  #until = 0;
  /** Where the piece ends that is being composed. */
  #endsAt = Number.POSITIVE_INFINITY;
  /** Onset at which composing went on after the newest order. */
  #orderedAt = 0;
  #running = false;
  #begun = false;
  #disposed = false;

  /**
   * @param composer not disposed by this class @param clock any steady time, for how often notes are handed over
   * @param openSpare opens another decoder of the composer's model, for futures; there are none where undefined
   */
  constructor(composer: Composer, clock: () => Milliseconds, openSpare?: () => Promise<Decoder>) {
    this.#composer = composer;
    composer.watchSurprise();
    this.#clock = clock;
    if (openSpare !== undefined) this.#futures = new FutureDrawing(composer, openSpare);
  }

  begin(settings: CompositionSettings, prime: readonly Note[] = []): number {
    this.#until = 0;
    this.#begun = true;
    this.#futures?.order(undefined);
    const { endsAt } = settings;
    return this.#order({ endsAt, work: () => this.#composer.begin(settings, prime) });
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
    const { endsAt } = settings;
    const work = () => this.#composer.retake(from, settings);
    return this.#order({ retakenFrom: from, endsAt, work });
  }

  foresee(order: FuturesOrder | undefined): void {
    this.#futures?.order(order);
    this.#start();
  }

  dispose(): void {
    this.#disposed = true;
    this.#orders = [];
    this.#futures?.dispose();
  }

  #order(order: Omit<Order, "revision">): number {
    const revision = ++this.#ordered;
    this.#orders.push({ ...order, revision });
    this.#start();
    return revision;
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
        // What was asked for between the end of the work and now.
        const isAsked = this.#isAsked || this.#futures?.isAsked;
        if (this.#orders.length > 0 || isAsked) this.#start();
      });
  }

  async #run(): Promise<void> {
    while (!this.#disposed) {
      const order = this.#orders.shift();
      if (order !== undefined) {
        const { revision, retakenFrom } = order;
        const drawn = retakenFrom === undefined ? 0 : this.#composer.drawn;
        order.work();
        this.#carriedOut.push({ revision, drawn, step: retakenFrom ?? 0 });
        this.#revision = revision;
        this.#orderedAt = this.#composer.onset;
        this.#endsAt = order.endsAt ?? Number.POSITIVE_INFINITY;
      } else if (this.#isAsked) {
        await this.#composeSome();
      } else if (this.#futures?.isAsked) {
        const future = await this.#futures.advance();
        if (future !== undefined && !this.#disposed) this.foreseen.emit(future);
        await yieldToEvents();
      } else return;
    }
  }

  /** Whether something is to be composed that was asked for. */
  get #isAsked(): boolean {
    return this.#composer.onset < Math.min(this.#until, this.#endsAt);
  }

  /** After an order one event at a time, so that it is heard soon; the more once something lies ahead. */
  get #ahead(): number {
    const beats = Math.floor((this.#composer.onset - this.#orderedAt) / STEPS_PER_QUARTER);
    return Math.min(1 + beats, MOST_AHEAD);
  }

  async #composeSome(): Promise<void> {
    const started = this.#clock();
    const { drawn, given, surprise } = this.#composer;
    const notes: Note[] = [];
    do {
      notes.push(await this.#composer.next(this.#ahead));
      await yieldToEvents();
    } while (
      !this.#disposed &&
      this.#orders.length === 0 &&
      this.#isAsked &&
      this.#clock() - started < HAND_OVER
    );
    if (this.#disposed) return;
    const endsAt = this.#endsAt;
    const carriedOut = this.#carriedOut;
    this.#carriedOut = [];
    this.composed.emit({
      carriedOut,
      revision: this.#revision,
      notes: endedAt(notes, endsAt),
      ...(this.#composer.onset < endsAt ? {} : { endsAt }),
      tokens: this.#composer.drawn - drawn,
      given: this.#composer.given - given,
      milliseconds: this.#clock() - started,
      ...(surprise === undefined
        ? {}
        : { surprise: (this.#composer.surprise ?? surprise) - surprise }),
      escapes: this.#composer.escapes,
    });
  }
}
