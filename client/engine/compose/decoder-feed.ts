/**
 * Keeps a decoder in step with a piece: knows which of the piece's tokens it holds, cuts its cache where the piece
 * went back, which costs nothing, and fills it anew where the heading changed or the point is out of its reach.
 * Tokens are handed over as late as they can be: only when something is to be drawn after them. The past that the
 * model sees may be another than the piece's newest: a section that comes back is recalled, bars that were stuck are
 * forgotten.
 */
import type { Decoder } from "#model/decoder.ts";
import { joinRuns, type TokenRun } from "#model/token-run.ts";
import type { PieceEvent } from "./piece-event.ts";
import type { PieceHistory } from "./piece-history.ts";

/** Tokens of history a new heading is followed by, at most: what a short prefill can carry. */
const CARRIED_TOKENS = 255;

const NOTHING: TokenRun = { tokens: [] };

/** See the header. Indices are those of the piece's tokens. */
export class DecoderFeed {
  /** An endless decoder that pins the heading. */
  readonly decoder: Decoder;
  /** The decoder holds the heading and the tokens from `#carriedFrom` up to this one; 0 where it holds none. */
  #held = 0;
  #carriedFrom = Number.POSITIVE_INFINITY;
  /** What the decoder holds between the heading and those tokens: another past. */
  #past: TokenRun = NOTHING;
  /** That past is still to be handed over. */
  #recalls = false;

  constructor(decoder: Decoder) {
    this.decoder = decoder;
  }

  /** Of the tokens held, only those before `index` are still the piece's. 0 where the heading changed. */
  cut(index: number): void {
    if (index <= this.#carriedFrom) this.#recalls = false;
    this.#held = Math.min(this.#held, index);
  }

  /** From the next token of the piece on, the model sees `past` (not empty) before it and not what really was. */
  recall(piece: PieceHistory, past: TokenRun): void {
    this.#past = past;
    this.#carriedFrom = piece.length;
    this.#held = 0;
    this.#recalls = true;
  }

  /** The tokens to take for the logits after the piece's newest, that one always among them. */
  missing(piece: PieceHistory): TokenRun {
    const { decoder } = this;
    if (this.#recalls && this.#isNear(piece, this.#carriedFrom)) {
      decoder.truncate(0);
      return joinRuns(piece.heading, this.#past, piece.runFrom(this.#carriedFrom));
    }
    this.cut(piece.length - 1);
    const before = piece.heading.tokens.length + this.#past.tokens.length;
    const position = this.#held - this.#carriedFrom + before;
    const reachable = this.#held >= this.#carriedFrom && position >= decoder.oldestPosition;
    // Of music that was given for long, no more than the model sees.
    if (!reachable || !this.#isNear(piece, this.#held)) return this.#startAnew(piece);
    if (position < decoder.position) decoder.truncate(position);
    return piece.runFrom(this.#held);
  }

  /** The decoder took what was missing, and of what was drawn since all before `index`. */
  took(index: number): void {
    this.#held = index;
    this.#recalls = false;
  }

  #isNear(piece: PieceHistory, index: number): boolean {
    return piece.length - index < this.decoder.architecture.contextLength;
  }

  /** The heading, then as much of the newest history as a prefill carries. */
  #startAnew(piece: PieceHistory): TokenRun {
    const { contextLength } = this.decoder.architecture;
    const { heading, length, events } = piece;
    const pinned = heading.tokens.length;
    const oldest = length - Math.min(CARRIED_TOKENS, contextLength - pinned - 1);
    const fits = (event: PieceEvent) => event.index >= oldest;
    // Of a chord longer than there is room for, what there is room for.
    const first = events.find((event) => fits(event) && event.timed) ?? events.find(fits);
    const whole = oldest <= pinned || first === undefined;
    this.#past = NOTHING;
    this.#recalls = false;
    this.#carriedFrom = whole ? pinned : first.index;
    this.#held = 0;
    this.decoder.truncate(0);
    return joinRuns(heading, piece.runFrom(this.#carriedFrom));
  }
}
