/**
 * Draws events on the decoder's device, several a submit, and hands them out one by one. The device knows the
 * grammar and which notes are allowed from which step on, but not how the constraint listens. So every event is read
 * again here, and where the constraint has changed its mind (the drums are due, the lead has played), what was drawn
 * after is thrown away and drawn anew. Thus the tokens do not depend on how many were drawn ahead. An event that could
 * reach past what the device knows is not taken: it is drawn anew, or from logits where that does not help.
 */
import { assert } from "#base/assert.ts";
import { MOST_DRAWN } from "#model/decoder.ts";
import {
  CHARTED_GRAMMAR_PROGRAM,
  GRAMMAR_PROGRAM,
  packGrammar,
} from "#music/rules/grammar-program.ts";
import { EVENT_LENGTH, MAX_DELTA, MAX_DURATION } from "#music/tokens/vocabulary.ts";
import type { DecoderFeed } from "./decoder-feed.ts";
import type { EventOrder } from "./event-drawing.ts";
import type { PieceHistory } from "./piece-history.ts";

/** Events of one submit that are still to come, and what they were drawn under. */
interface Queue {
  readonly tokens: readonly number[];
  /** Of each token; where it is watched. */
  readonly surprises: readonly number[] | undefined;
  /** Index of the first token in the piece. */
  readonly index: number;
  readonly hearing: number;
  readonly longestRest: number;
  /** The first step of which the device did not know what is allowed. */
  readonly until: number;
}

/** See the header. For decoders with `draw` and pieces on the grid. Where that fails, the piece is as it was. */
export class AheadDrawing {
  readonly #feed: DecoderFeed;
  /** Whether surprise is reckoned of what is drawn from now on. */
  watchesSurprise = false;
  #surprise = 0;
  #queue: Queue | undefined;

  constructor(feed: DecoderFeed) {
    this.#feed = feed;
  }

  /** Nats of what was taken and drawn while it was watched. */
  get surprise(): number {
    return this.#surprise;
  }

  /**
   * Pushes the tokens of one event on the piece; false where the event has to be drawn from logits.
   * @param ahead events that may be drawn at once
   */
  async next(piece: PieceHistory, order: EventOrder, ahead: number): Promise<boolean> {
    const { longestRest } = order.allowances;
    const { hearing } = piece;
    const holds = (queue: Queue) =>
      queue.longestRest === longestRest && queue.hearing === hearing && knows(queue, piece);
    if (this.#queue !== undefined && !holds(this.#queue)) this.drop(piece);
    const queue = this.#queue ?? (await this.#draw(piece, order, ahead));
    this.#queue = queue;
    if (!knows(queue, piece)) {
      this.drop(piece);
      return false;
    }
    const at = piece.length - queue.index;
    const event = queue.tokens.slice(at, at + EVENT_LENGTH);
    this.#queue = at + EVENT_LENGTH < queue.tokens.length ? queue : undefined;
    for (const id of event) piece.push(id);
    for (const nats of queue.surprises?.slice(at, at + EVENT_LENGTH) ?? []) this.#surprise += nats;
    return true;
  }

  /** Throws away what was drawn ahead: the piece or its settings change. */
  drop(piece: PieceHistory): void {
    if (this.#queue !== undefined) this.#feed.cut(piece.length);
    this.#queue = undefined;
  }

  async #draw(piece: PieceHistory, order: EventOrder, ahead: number): Promise<Queue> {
    const { decoder } = this.#feed;
    const { gridGrammar } = piece;
    assert(decoder.draw !== undefined, "the decoder cannot draw");
    assert(gridGrammar !== undefined, "a device knows the grammar of the grid only");
    const index = piece.length;
    const most = piece.hearsEveryNote ? 1 : Math.floor(MOST_DRAWN / EVENT_LENGTH);
    const count = EVENT_LENGTH * Math.min(ahead, most);
    const chart = piece.conditionedBy;
    const allowed = piece.packAllowed();
    const { tokens, surprises } = await decoder.draw({
      // In the order of the program's ways.
      ways: [order.sampling.rhythm, order.sampling.dynamics, order.sampling.pitch],
      seed: order.seed,
      ...this.#feed.missing(piece),
      rules: chart === undefined ? GRAMMAR_PROGRAM : CHARTED_GRAMMAR_PROGRAM,
      state: packGrammar(gridGrammar, allowed, order.allowances, piece.densityLimit, chart),
      count,
      counter: index,
      watchesSurprise: this.watchesSurprise,
    });
    this.#feed.took(index + count - 1);
    const { longestRest } = order.allowances;
    return { tokens, surprises, index, hearing: piece.hearing, longestRest, until: allowed.until };
  }
}

/** Whether the device knew all that decides the next event: every onset that it could have, and the longest note there. */
function knows({ tokens, index, longestRest, until }: Queue, piece: PieceHistory): boolean {
  assert(index <= piece.length, "the piece went back and the queue was not dropped");
  // The first token of an event is its time, whose id is the steps it takes.
  const time = tokens[piece.length - index];
  const most = Math.max(longestRest, piece.densityLimit?.spacing ?? 0);
  return piece.onset + (time > most ? MAX_DELTA : most) + MAX_DURATION < until;
}
