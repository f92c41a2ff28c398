/**
 * How the tokens of the next event come: drawn here from the decoder's logits, or by the decoder itself on its
 * device, several events ahead (see ahead-drawing.ts). Both give the same tokens but for ties within rounding, since
 * a draw depends on (seed, index of the token) alone.
 */
import { movedInto, type PlaceInRun } from "#model/quantile.ts";
import { placeInRun, type SampleOptions, sample } from "#model/sampler.ts";
import { surpriseOf } from "#model/surprise.ts";
import type { TokenRun } from "#model/token-run.ts";
import { compareNotes } from "#music/piece.ts";
import type { Allowances } from "#music/rules/grammar.ts";
import { TOKEN_EXTENTS, TOKEN_MEASURES } from "#music/tokens/token-measures.ts";
import {
  durationToken,
  MAX_DELTA,
  readToken,
  timeToken,
  VELOCITY_BUCKETS,
  VOCABULARY_SIZE,
} from "#music/tokens/vocabulary.ts";
import type { SamplingSettings, Share } from "./composition.ts";
import type { DecoderFeed } from "./decoder-feed.ts";
import type { DueNote } from "./due-note.ts";
import type { PieceMark } from "./piece-event.ts";
import type { PieceHistory } from "./piece-history.ts";

/** How an event is drawn. */
export interface EventOrder {
  readonly allowances: Allowances;
  readonly sampling: SamplingSettings;
  readonly seed: number;
  /** Where the past that the model sees changes, before the next event that would begin there or later. */
  readonly border?: Border | undefined;
  /** A note that is given: it takes the place of what is drawn, unless that comes before it. */
  readonly due?: DueNote | undefined;
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

/** A token of duration and velocity as it was drawn. */
interface DrawnVelocity {
  /** Its index in the piece. */
  readonly index: number;
  /** The softest of its duration. */
  readonly first: number;
  /** Among the velocities of its duration. */
  readonly drawn: PlaceInRun;
}

/** Reads logits for every token and draws here; works with every decoder and tokenization. */
export class LogitsDrawing implements EventDrawing {
  readonly #feed: DecoderFeed;
  readonly #mask = new Uint8Array(VOCABULARY_SIZE);
  /** Whether surprise is reckoned. */
  watchesSurprise = false;
  #surprise = 0;
  /** The newest, where instruments have parts of their own. */
  #velocity: DrawnVelocity | undefined;

  constructor(feed: DecoderFeed) {
    this.#feed = feed;
  }

  /** Nats of all that was drawn while it was watched: how unlikely it was among what might come; undefined where it is not. */
  get surprise(): number | undefined {
    return this.watchesSurprise ? this.#surprise : undefined;
  }

  async next(piece: PieceHistory, order: EventOrder): Promise<void> {
    const { due } = order;
    const { velocities } = order.sampling;
    const border = isBefore(order.border, due) ? order.border : undefined;
    let kept: PieceMark | undefined;
    let surprise = 0;
    do {
      const logits = await this.#logits(piece);
      piece.fillMask(this.#mask, order.allowances);
      const way = order.sampling[piece.decides];
      const options = {
        ...way,
        ...{ mask: this.#mask, measures: TOKEN_MEASURES, extents: TOKEN_EXTENTS },
        ...{ seed: order.seed, counter: piece.length },
      };
      const id = this.#crossing(piece, border, sample(logits, options));
      if (due !== undefined && !piece.inEvent && id <= MAX_DELTA) {
        const onset = piece.onset + id;
        if (onset > due.note.onset || onset >= due.drawnBefore) return this.give(piece, due);
        if (onset === due.note.onset) kept = piece.keep();
      }
      if (velocities !== undefined) this.#keepToPart(piece, velocities, id, logits, options);
      if (this.watchesSurprise) surprise += surpriseOf(logits, this.#mask, id);
      piece.push(id);
    } while (piece.inEvent);
    this.#surprise += surprise;
    if (kept === undefined || due === undefined) return;
    if (compareNotes(piece.events[piece.events.length - 1].note, due.note) < 0) return;
    this.#surprise -= surprise;
    piece.goBackTo(kept);
    this.#feed.cut(piece.length);
    this.give(piece, due);
  }

  /** Pushes a note that is given, and nothing that is drawn. */
  give(piece: PieceHistory, { note, past }: DueNote): void {
    if (past !== undefined) this.#feed.recall(piece, past);
    piece.give(note);
  }

  /** The token drawn, unless it is a time that crosses the border: then the time to the border, if that is allowed. */
  #crossing(piece: PieceHistory, border: Border | undefined, id: number): number {
    if (border === undefined || piece.inEvent || id > MAX_DELTA) return id;
    const rest = border.step - piece.onset;
    if (id < rest || rest <= 0 || rest > MAX_DELTA || this.#mask[rest] === 0) return id;
    this.#feed.recall(piece, border.past);
    return timeToken(rest);
  }

  /**
   * Loudness is drawn before it is known whose it is. Once it is, the velocity is moved into that instrument's part of what
   * might have been drawn with the duration. The decoder took the one drawn; it takes the other with the note.
   * @param id just drawn, and not pushed yet
   */
  #keepToPart(
    piece: PieceHistory,
    velocities: readonly Share[],
    id: number,
    logits: Float32Array,
    options: SampleOptions,
  ): void {
    const token = readToken(id);
    if (token.kind === "duration") {
      const first = durationToken(token.duration, 0);
      const drawn = placeInRun(logits, options, id, { first, length: VELOCITY_BUCKETS });
      this.#velocity = { index: piece.length, first, drawn };
    }
    const index = piece.length - 1;
    if (token.kind !== "note" || this.#velocity?.index !== index) return;
    const [from, to] = velocities[token.instrument];
    if (from === 0 && to === 1) return;
    const { first, drawn } = this.#velocity;
    const moved = movedInto(drawn, { from, to });
    if (moved === drawn.place) return;
    piece.replaceVelocity(first + moved);
    this.#feed.cut(index);
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

/** Whether the past changes before a note that is given, or with it. */
const isBefore = (border: Border | undefined, due: DueNote | undefined): boolean =>
  border !== undefined && border.step <= (due?.note.onset ?? Number.POSITIVE_INFINITY);
