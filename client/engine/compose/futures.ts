/**
 * Continuations of one past, drawn beside the piece by a decoder of their own, so that they change none of its tokens:
 * event by event, one after the other, whenever the piece itself has nothing to compose.
 */
import type { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import type { Remark } from "#base/remark.ts";
import type { Decoder } from "#model/decoder.ts";
import type { Note } from "#music/note.ts";
import type { Composer } from "./composer.ts";
import type { CompositionSettings } from "./composition.ts";

/** Which are wanted. */
export interface FuturesOrder {
  /** Tells orders apart. */
  readonly number: number;
  /** They go on from what the piece is before this step, up to another. */
  readonly from: number;
  readonly until: number;
  /** Of each. */
  readonly settings: readonly CompositionSettings[];
}

/** One of them, once it is whole. */
export interface Future {
  /** That of the order. */
  readonly number: number;
  /** Its place among the settings. */
  readonly index: number;
  readonly notes: readonly Note[];
}

/** No more of an order can be drawn. */
export interface NoFuture {
  readonly number: number;
  readonly why: Remark;
}

/** Draws futures somewhere. */
export interface FuturesSource {
  readonly foreseen: Emitter<Future | NoFuture>;
  /** The newest order counts; undefined where none are wanted any more. */
  foresee(order: FuturesOrder | undefined): void;
}

/** See the header. Not re-entrant: await each call before the next. */
export class FutureDrawing {
  readonly #composer: Composer;
  readonly #open: () => Promise<Decoder>;
  #decoder: Decoder | undefined;
  #order: FuturesOrder | undefined;
  /** Of the order, once it is begun. */
  #branch: Composer | undefined;
  #index = 0;
  #notes: Note[] = [];

  /** @param open opens another decoder of the composer's model, once; this class disposes it */
  constructor(composer: Composer, open: () => Promise<Decoder>) {
    this.#composer = composer;
    this.#open = open;
  }

  /** The newest order counts. */
  order(order: FuturesOrder | undefined): void {
    this.#order = order;
    this.#branch = undefined;
    this.#index = 0;
    this.#notes = [];
  }

  /** Whether there is something to draw: the piece has come to where they begin. */
  get isAsked(): boolean {
    const order = this.#order;
    return (
      order !== undefined && (this.#branch !== undefined || this.#composer.onset >= order.from)
    );
  }

  /** Draws one event; a future that is whole with it is returned. */
  async advance(): Promise<Future | NoFuture | undefined> {
    const order = this.#order;
    if (order === undefined) return undefined;
    const { number, from, until, settings } = order;
    try {
      this.#decoder ??= await this.#open();
      if (this.#order !== order) return undefined;
      this.#branch ??= this.#begin(this.#decoder, order);
      const note = await this.#branch.next();
      if (this.#order !== order) return undefined;
      if (note.onset < until) {
        this.#notes.push(note);
        return undefined;
      }
    } catch (error) {
      this.order(undefined);
      if (!(error instanceof Failure)) throw error;
      return { number, why: error.remark };
    }
    const future = { number, index: this.#index++, notes: this.#notes };
    this.#notes = [];
    if (this.#index < settings.length) this.#branch.retake(from, settings[this.#index]);
    else this.order(undefined);
    return future;
  }

  dispose(): void {
    this.order(undefined);
    this.#decoder?.dispose();
    this.#decoder = undefined;
  }

  #begin(decoder: Decoder, { from, settings }: FuturesOrder): Composer {
    const branch = this.#composer.fork(decoder);
    branch.retake(from, settings[0]);
    return branch;
  }
}
