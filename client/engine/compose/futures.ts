/**
 * Continuations of one past, drawn beside the piece by a decoder of their own, so that they change none of its tokens:
 * whenever the piece itself has nothing to compose, a token of each at once where the device can, else one after the other.
 */
import type { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import type { Remark } from "#base/remark.ts";
import type { Decoder, DecoderBatch } from "#model/decoder.ts";
import type { Note } from "#music/note.ts";
import { BatchRows } from "./batch-rows.ts";
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
  #batch: { readonly of: DecoderBatch; readonly sequences: number } | undefined;
  #order: FuturesOrder | undefined;
  /** Draws what is ordered, once it is begun. */
  #way: Drawing | undefined;

  /** @param open opens another decoder of the composer's model, once; this class disposes it */
  constructor(composer: Composer, open: () => Promise<Decoder>) {
    this.#composer = composer;
    this.#open = open;
  }

  /** The newest order counts. */
  order(order: FuturesOrder | undefined): void {
    this.#order = order;
    this.#way = undefined;
  }

  /** Whether there is something to draw: the piece has come to where they begin. */
  get isAsked(): boolean {
    const order = this.#order;
    return order !== undefined && (this.#way !== undefined || this.#composer.onset >= order.from);
  }

  /** Draws a little; a future that is whole with it is returned. */
  async advance(): Promise<Future | NoFuture | undefined> {
    const order = this.#order;
    if (order === undefined) return undefined;
    const { number } = order;
    try {
      this.#decoder ??= await this.#open();
      if (this.#order !== order) return undefined;
      this.#way ??= await this.#begin(this.#decoder, order);
      const future = await this.#way.advance();
      if (this.#order !== order || future === undefined) return undefined;
      if (this.#way.left === 0) this.order(undefined);
      return { number, ...future };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const isBatch = this.#way instanceof AtOnce && error.kind === "unsupported";
      if (isBatch && this.#order === order && this.#decoder !== undefined) {
        this.#way = new OneByOne(this.#composer.fork(this.#decoder), order);
        return undefined;
      }
      // A device may be lost with it; the next order opens another.
      this.dispose();
      return { number, why: error.remark };
    }
  }

  dispose(): void {
    this.order(undefined);
    this.#batch?.of.dispose();
    this.#batch = undefined;
    this.#decoder?.dispose();
    this.#decoder = undefined;
  }

  async #begin(decoder: Decoder, order: FuturesOrder): Promise<Drawing> {
    const { settings } = order;
    const sequences = settings.length;
    // What is given is tried and may be taken back, as a velocity is that an instrument has moved, which a batch cannot.
    const isDrawn = settings.every(
      ({ given = [], sampling }) => given.length === 0 && sampling.velocities === undefined,
    );
    if (decoder.batch === undefined || !isDrawn)
      return new OneByOne(this.#composer.fork(decoder), order);
    if (this.#batch?.sequences !== sequences) {
      this.#batch?.of.dispose();
      this.#batch = { of: await decoder.batch(sequences), sequences };
    }
    const rows = new BatchRows(decoder, this.#batch.of, sequences);
    return new AtOnce(rows, this.#composer, order);
  }
}

/** A future without the number of its order. */
type Drawn = Omit<Future, "number">;

/** How the futures of an order are drawn. */
interface Drawing {
  /** How many are not whole yet. */
  readonly left: number;
  /** Draws a little. */
  advance(): Promise<Drawn | undefined>;
}

/** One after the other, event by event. */
class OneByOne implements Drawing {
  readonly #branch: Composer;
  readonly #order: FuturesOrder;
  #index = 0;
  #notes: Note[] = [];

  constructor(branch: Composer, order: FuturesOrder) {
    this.#branch = branch;
    this.#order = order;
    branch.retake(order.from, order.settings[0]);
  }

  get left(): number {
    return this.#order.settings.length - this.#index;
  }

  async advance(): Promise<Drawn | undefined> {
    const { from, until, settings } = this.#order;
    const note = await this.#branch.next();
    if (note.onset < until) {
      this.#notes.push(note);
      return undefined;
    }
    const drawn = { index: this.#index++, notes: this.#notes };
    this.#notes = [];
    if (this.left > 0) this.#branch.retake(from, settings[this.#index]);
    return drawn;
  }
}

/** All at once, token by token. */
class AtOnce implements Drawing {
  readonly #rows: BatchRows;
  readonly #whole: Drawn[] = [];
  #fault: unknown;
  left: number;

  constructor(rows: BatchRows, composer: Composer, order: FuturesOrder) {
    this.#rows = rows;
    this.left = order.settings.length;
    for (const [index, settings] of order.settings.entries()) {
      const branch = composer.fork(rows.decoders[index]);
      branch.retake(order.from, settings);
      this.#draw(branch, index, order.until).catch((error: unknown) => {
        this.#fault = error;
        rows.end(index);
      });
    }
  }

  async advance(): Promise<Drawn | undefined> {
    if (this.#whole.length === 0) await this.#rows.step();
    if (this.#fault !== undefined) throw this.#fault;
    const drawn = this.#whole.shift();
    if (drawn !== undefined) this.left--;
    return drawn;
  }

  async #draw(branch: Composer, index: number, until: number): Promise<void> {
    const notes: Note[] = [];
    for (;;) {
      const note = await branch.next();
      if (note.onset >= until) break;
      notes.push(note);
    }
    this.#whole.push({ index, notes });
    this.#rows.end(index);
  }
}
