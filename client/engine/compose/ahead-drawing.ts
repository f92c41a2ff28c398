/**
 * Draws events on the decoder's device, several a submit, and hands them out one by one. The device knows the
 * grammar, but not how the constraint listens: all events of a submit are drawn from the notes allowed at its
 * start. So every event is read again here, and where the constraint has changed its mind (the drums are due, the
 * lead has played), what was drawn after is thrown away and drawn anew. Thus the tokens do not depend on how
 * many were drawn ahead. Where other notes may be struck from a step on (a chart lets somebody rest), an event that
 * crosses it is not taken: it is drawn from logits.
 */
import { assert } from "#base/assert.ts";
import { MOST_DRAWN } from "#model/decoder.ts";
import {
  CHARTED_GRAMMAR_PROGRAM,
  GRAMMAR_PROGRAM,
  packGrammar,
} from "#music/rules/grammar-program.ts";
import { EVENT_LENGTH } from "#music/tokens/vocabulary.ts";
import type { DecoderFeed } from "./decoder-feed.ts";
import type { EventOrder } from "./event-drawing.ts";
import type { PieceHistory } from "./piece-history.ts";

/** Events of one submit that are still to come, and what they were drawn under. */
interface Queue {
  readonly tokens: readonly number[];
  /** Index of the first token in the piece. */
  readonly index: number;
  readonly allowed: Uint8Array;
  readonly longestRest: number;
  /** Step from which other notes may be allowed. */
  readonly until: number;
}

/** See the header. For decoders with `draw` and pieces on the grid. Where that fails, the piece is as it was. */
export class AheadDrawing {
  readonly #feed: DecoderFeed;
  #queue: Queue | undefined;

  constructor(feed: DecoderFeed) {
    this.#feed = feed;
  }

  /**
   * Pushes the tokens of one event on the piece; false where the event has to be drawn from logits.
   * @param ahead events that may be drawn at once
   */
  async next(piece: PieceHistory, order: EventOrder, ahead: number): Promise<boolean> {
    const { allowances } = order;
    const allowed = piece.allowedNotes();
    let queue = this.#queue;
    if (
      queue !== undefined &&
      !(queue.longestRest === allowances.longestRest && equal(queue.allowed, allowed))
    ) {
      this.drop(piece);
      queue = undefined;
    }
    queue ??= await this.#draw(piece, order, allowed, ahead);
    assert(queue.index <= piece.length, "the piece went back and the queue was not dropped");
    const at = piece.length - queue.index;
    const event = queue.tokens.slice(at, at + EVENT_LENGTH);
    // The first token of an event is its time, whose id is the steps it takes.
    if (piece.onset + event[0] >= queue.until) {
      this.#queue = queue;
      this.drop(piece);
      return false;
    }
    this.#queue = at + EVENT_LENGTH < queue.tokens.length ? queue : undefined;
    for (const id of event) piece.push(id);
    return true;
  }

  /** Throws away what was drawn ahead: the piece or its settings change. */
  drop(piece: PieceHistory): void {
    if (this.#queue !== undefined) this.#feed.cut(piece.length);
    this.#queue = undefined;
  }

  async #draw(
    piece: PieceHistory,
    order: EventOrder,
    allowed: Uint8Array,
    ahead: number,
  ): Promise<Queue> {
    const { decoder } = this.#feed;
    const { gridGrammar } = piece;
    assert(decoder.draw !== undefined, "the decoder cannot draw");
    assert(gridGrammar !== undefined, "a device knows the grammar of the grid only");
    const index = piece.length;
    const count = EVENT_LENGTH * Math.min(ahead, Math.floor(MOST_DRAWN / EVENT_LENGTH));
    const chart = piece.conditionedBy;
    const { tokens } = await decoder.draw({
      // In the order of the program's ways.
      ways: [order.sampling.rhythm, order.sampling.dynamics, order.sampling.pitch],
      seed: order.seed,
      ...this.#feed.missing(piece),
      rules: chart === undefined ? GRAMMAR_PROGRAM : CHARTED_GRAMMAR_PROGRAM,
      state: packGrammar(gridGrammar, allowed, order.allowances, piece.densityLimit, chart),
      count,
      counter: index,
    });
    this.#feed.took(index + count - 1);
    const { longestRest } = order.allowances;
    return { tokens, index, allowed, longestRest, until: piece.allowedUntil };
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.every((value, i) => value === b[i]);
