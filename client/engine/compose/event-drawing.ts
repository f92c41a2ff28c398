/**
 * How the tokens of the next event come: drawn here from the decoder's logits, or by the decoder itself on its
 * device, several events ahead (see ahead-drawing.ts). Both give the same tokens but for ties within rounding, since
 * a draw depends on (seed, index of the token) alone.
 */
import { sample } from "#model/sampler.ts";
import type { TokenRun } from "#model/token-run.ts";
import type { Allowances } from "#music/rules/grammar.ts";
import { TOKEN_MEASURES } from "#music/tokens/token-measures.ts";
import { MAX_DELTA, timeToken, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import type { SamplingSettings } from "./composition.ts";
import type { DecoderFeed } from "./decoder-feed.ts";
import type { PieceHistory } from "./piece-history.ts";

/** How an event is drawn. */
export interface EventOrder {
  readonly allowances: Allowances;
  readonly sampling: SamplingSettings;
  readonly seed: number;
  /** Where the past that the model sees changes, before the next event that would begin there or later. */
  readonly border?: Border | undefined;
}

/** A step from which on another past holds. */
export interface Border {
  /** The event that crosses begins here. */
  readonly step: number;
  readonly past: TokenRun;
}

/** Draws events for a piece. Not re-entrant. */
export interface EventDrawing {
  /**
   * Pushes the tokens of one event on the piece. Where the decoder fails, a part of them may be there.
   * @param ahead events that may be drawn at once, where that saves time
   */
  next(piece: PieceHistory, order: EventOrder, ahead: number): Promise<void>;
}

/** Reads logits for every token and draws here; works with every decoder and tokenization. */
export class LogitsDrawing implements EventDrawing {
  readonly #feed: DecoderFeed;
  readonly #mask = new Uint8Array(VOCABULARY_SIZE);

  constructor(feed: DecoderFeed) {
    this.#feed = feed;
  }

  async next(piece: PieceHistory, order: EventOrder): Promise<void> {
    do {
      const logits = await this.#logits(piece);
      piece.fillMask(this.#mask, order.allowances);
      const way = order.sampling[piece.decides];
      const options = {
        ...way,
        ...{ mask: this.#mask, measures: TOKEN_MEASURES },
        ...{ seed: order.seed, counter: piece.length },
      };
      piece.push(this.#crossing(piece, order.border, sample(logits, options)));
    } while (piece.inEvent);
  }

  /** The token drawn, unless it is a time that crosses the border: then the time to the border, if that is allowed. */
  #crossing(piece: PieceHistory, border: Border | undefined, id: number): number {
    if (border === undefined || piece.inEvent || id > MAX_DELTA) return id;
    const rest = border.step - piece.onset;
    if (id < rest || rest <= 0 || rest > MAX_DELTA || this.#mask[rest] === 0) return id;
    this.#feed.recall(piece, border.past);
    return timeToken(rest);
  }

  async #logits(piece: PieceHistory): Promise<Float32Array> {
    const { decoder } = this.#feed;
    const { tokens, conditions } = this.#feed.missing(piece);
    const logits =
      tokens.length === 1
        ? await decoder.decodeStep(tokens[0], conditions?.[0])
        : await decoder.prefill(tokens, conditions);
    this.#feed.took(piece.length);
    return logits;
  }
}
