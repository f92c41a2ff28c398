/**
 * Tokens to notes: drives a decoder under the grammar and the constraints, one event at a time, and can go back to
 * any event it remembers and go on differently. The same settings, model and backend give the same tokens: the draw
 * of each position depends on (seed, position) alone, wherever it is made and however far ahead.
 *
 * A tokenization of clock time is read at the tempo that is set when the piece begins, and for the whole of it: a
 * tempo set later plays these steps faster or slower, as it does any music, and moves nothing.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { Decoder } from "#model/decoder.ts";
import { OPEN_BAR } from "#music/chart/chart.ts";
import type { WrittenChart } from "#music/chart/chart-file.ts";
import { ENDING_BARS } from "#music/chart/form.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import type { ConstraintSettings } from "#music/rules/constraint.ts";
import { ENDLESS } from "#music/rules/grammar.ts";
import { longestRestOf, longestRests } from "#music/rules/longest-rests.ts";
import { canBeGiven, type TokenizationName, tokenizationOf } from "#music/tokens/tokenization.ts";
import { MAX_DELTA, OUTRO } from "#music/tokens/vocabulary.ts";
import { DEFAULT_TEMPO } from "#music/units.ts";
import { AheadDrawing } from "./ahead-drawing.ts";
import { type CompositionSettings, USUAL_CHORD_LOCK } from "./composition.ts";
import { DecoderFeed } from "./decoder-feed.ts";
import { Direction } from "./direction.ts";
import { dueNote } from "./due-note.ts";
import { type EventOrder, LogitsDrawing } from "./event-drawing.ts";
import { PieceHistory } from "./piece-history.ts";

/** A piece under way. */
interface Work {
  readonly piece: PieceHistory;
  readonly settings: CompositionSettings;
  readonly direction: Direction;
}

/** Composes one piece. Not re-entrant: await each call before the next. */
export class Composer {
  readonly #decoder: Decoder;
  readonly #tokenization: TokenizationName;
  readonly #feed: DecoderFeed;
  readonly #fromLogits: LogitsDrawing;
  readonly #ahead: AheadDrawing;
  #work: Work | undefined;
  #drawn = 0;
  #given = 0;
  /** No event may begin before this step: what lies there was committed before the last retake. */
  #notBefore = 0;
  /** Since this step it is the same band in the same style. */
  #since = 0;

  /**
   * @param decoder an endless decoder that pins the tokenization's heading; the composer does not dispose it.
   * @param tokenization how its model writes music
   */
  constructor(decoder: Decoder, tokenization: TokenizationName = "grid32") {
    this.#decoder = decoder;
    this.#tokenization = tokenization;
    this.#feed = new DecoderFeed(decoder);
    this.#fromLogits = new LogitsDrawing(this.#feed);
    this.#ahead = new AheadDrawing(this.#feed);
  }

  /** Tokens composed since the piece began, taken-back ones included. */
  get drawn(): number {
    return this.#drawn;
  }

  /** Of these, those that were given and cost nothing. */
  get given(): number {
    return this.#given;
  }

  /** Reckons from now on by how much what is drawn surprises the model; it costs a fiftieth of a token, so only who shows it asks. */
  watchSurprise(): void {
    this.#fromLogits.watchesSurprise = true;
    this.#ahead.watchesSurprise = true;
  }

  /** Nats of all that was drawn while it was watched, by any order; undefined where it is not. */
  get surprise(): number | undefined {
    const { surprise } = this.#fromLogits;
    return surprise === undefined ? undefined : surprise + this.#ahead.surprise;
  }

  /** How often the music was led out of a rut since the piece began. */
  get escapes(): number {
    return this.#work?.direction.escapes ?? 0;
  }

  /** Onset of the newest event, in steps. */
  get onset(): number {
    return this.#work?.piece.onset ?? 0;
  }

  /** The piece's notes as far as they are remembered, right after `begin` all of the prime's as tokens say them. */
  get notes(): readonly Note[] {
    return this.#begun.piece.events.map((event) => event.note);
  }

  /** The heading and the piece's tokens as far as they are remembered. */
  get tokens(): readonly number[] {
    return this.#begun.piece.tokens;
  }

  /** What the first `count` bars were to be like, as ordered: relief from ruts is no part of it. */
  chartUntil(count: number): WrittenChart {
    return this.#begun.direction.chartUntil(count);
  }

  /** Whether a section of the chart begins with a bar, after one of the same name, too. */
  beginsAt(index: number): boolean {
    return this.#begun.direction.beginsAt(index);
  }

  /** Begins a piece. `prime` notes stand at its beginning, as though they had been composed. */
  begin(settings: CompositionSettings, prime: readonly Note[] = []): void {
    if (this.#work !== undefined) this.#ahead.drop(this.#work.piece);
    this.#feed.cut(0);
    const tokenization = tokenizationOf(this.#tokenization, settings.tempo ?? DEFAULT_TEMPO);
    this.#notBefore = 0;
    this.#since = 0;
    const direction = this.#directionOf(settings);
    const piece = new PieceHistory(constraintOf(settings), prime, {
      tokenization,
      chart: direction.chart,
      conditioned: this.#conditioned,
    });
    this.#work = { piece, settings, direction };
    this.#drawn = 0;
    this.#given = 0;
  }

  /**
   * Composes one event and returns its note.
   * @param ahead events that may be drawn at once, where the decoder can: more is faster, and a retake waits longer
   */
  async next(ahead = 1): Promise<Note> {
    const { piece, settings, direction } = this.#begun;
    for (;;) {
      const opening = piece.events.length === 0;
      if (piece.onset >= this.#outroStep && !piece.outroSaid) this.announceOutro();
      if (direction.look(piece)) this.#ahead.drop(piece);
      const { given } = direction;
      const earliest = given.openFrom(Math.max(piece.onset, this.#notBefore));
      const order = {
        sampling: direction.sampling(settings.sampling),
        seed: settings.seed,
        border: direction.border,
        due: dueNote(piece, given, this.#notBefore),
        allowances: {
          ...ENDLESS,
          shortestRest: Math.min(MAX_DELTA, earliest - piece.onset),
          longestRest: this.#longestRest(opening),
        },
      };
      const { length } = piece;
      await this.#draw(piece, order, opening ? 1 : ahead);
      this.#drawn += piece.length - length;
      if (order.due?.atOnce) this.#given += piece.length - length;
      const { note } = piece.events[piece.events.length - 1];
      piece.forget();
      // A time token may not reach that far; what stands on the way there is not heard.
      if (note.onset >= this.#notBefore) return note;
    }
  }

  /** Announces that the piece is about to end. Once a piece. */
  announceOutro(): void {
    const { piece } = this.#begun;
    this.#ahead.drop(piece);
    piece.push(OUTRO);
  }

  /**
   * Takes back every event that begins at `step` or later and goes on under other settings. The
   * events before stay as they are; a new lead or drums change the heading, and the cache is filled
   * anew with the newest of what stays. Costs nothing until the next event is composed.
   */
  retake(step: number, settings: CompositionSettings): void {
    const { piece, settings: before, direction: directed } = this.#begun;
    this.#ahead.drop(piece);
    const { lead, drums } = before.constraint;
    const sameBand = lead === settings.constraint.lead && drums === settings.constraint.drums;
    const sameStyle = settings.chart?.style === before.chart?.style;
    this.#notBefore = step;
    this.#since = sameBand && sameStyle ? Math.min(this.#since, step) : step;
    const direction = this.#directionOf(settings, directed.escapes);
    const { chart } = direction;
    const cut = piece.retake(step, constraintOf(settings), chart, settings.played);
    const sameHeading =
      sameBand && (!this.#conditioned || direction.chart.style === directed.chart.style);
    this.#feed.cut(sameHeading ? cut : 0);
    this.#work = { piece, settings, direction };
  }

  /** The piece as it stands, to be gone on with by another decoder of the model; this one goes on by itself. */
  fork(decoder: Decoder): Composer {
    const other = new Composer(decoder, this.#tokenization);
    const { piece, ...work } = this.#begun;
    other.#work = { ...work, piece: piece.fork(work.settings.constraint) };
    other.#since = this.#since;
    return other;
  }

  /** Where the end is announced that the settings ask for. */
  get #outroStep(): number {
    const { settings, direction } = this.#begun;
    const { endsAt } = settings;
    if (endsAt === undefined) return Number.POSITIVE_INFINITY;
    const { metres } = direction.chart;
    return metres.bar(Math.max(0, metres.barAt(endsAt).index - ENDING_BARS)).start;
  }

  /** How long the next event may be awaited, in steps: the first must fall in the first bar. */
  #longestRest(opening: boolean): number {
    const { direction, piece, settings } = this.#begun;
    const { chart } = direction;
    const bar = chart.metres.barAt(piece.onset);
    return Math.min(
      MAX_DELTA,
      opening ? bar.steps - 1 : longestRests(bar.metre).melody,
      longestRestOf(chart.bar(bar.index) ?? OPEN_BAR, bar.steps, piece.isBehind),
      settings.constraint.longestRest ?? MAX_DELTA,
    );
  }

  /** What the arranger writes is for models that read it; what the player wrote holds for all. */
  #directionOf(
    { chart = {}, constraint, escapesRuts = true, given = [], ...settings }: CompositionSettings,
    escapes = 0,
  ): Direction {
    const { arranged, ...written } = chart;
    const order = this.#conditioned ? chart : written;
    // Where music cannot be given, it goes on as though nothing were: nobody is silent.
    const gives = canBeGiven(this.#tokenization);
    const { seed, returns = true } = settings;
    const by = { seed, from: this.#notBefore, since: this.#since, novelty: arranged?.novelty ?? 0 };
    const direction = new Direction(new OrderedChart(order, constraint.metres), {
      escapes: escapesRuts,
      given: gives ? given : [],
      company: companyOf(constraint),
      returns: gives && returns ? by : undefined,
    });
    direction.escapes = escapes;
    return direction;
  }

  get #begun(): Work {
    assert(this.#work !== undefined, "begin a piece first");
    return this.#work;
  }

  /** Whether the model reads a chart. */
  get #conditioned(): boolean {
    return this.#decoder.architecture.conditions !== undefined;
  }

  /** The device draws where it can, and on the grid. It may stop to, when another takes the place of one that was lost. */
  async #draw(piece: PieceHistory, order: EventOrder, ahead: number): Promise<void> {
    const offered = this.#decoder.draw !== undefined && piece.gridGrammar !== undefined;
    const { rhythm, dynamics, pitch, velocities } = order.sampling;
    const whole =
      velocities === undefined &&
      [rhythm, dynamics, pitch].every(({ quantiles = [] }) => quantiles.length === 0);
    if (offered && whole && order.border === undefined && order.due === undefined) {
      try {
        if (await this.#ahead.next(piece, order, ahead)) return;
      } catch (error) {
        const stopped = error instanceof Failure && this.#decoder.draw === undefined;
        if (!stopped) throw error;
      }
    }
    this.#ahead.drop(piece);
    if (order.due?.atOnce) this.#fromLogits.give(piece, order.due);
    else await this.#fromLogits.next(piece, order);
  }
}

const constraintOf = ({ constraint, escapesRuts }: CompositionSettings): ConstraintSettings => ({
  chordLock: USUAL_CHORD_LOCK,
  varied: escapesRuts ?? true,
  ...constraint,
});

/** Melodic instruments that nobody keeps from playing. */
function companyOf({ lead, band, silent = [], rests = [] }: ConstraintSettings): Set<Instrument> {
  const resting = rests.map(({ instrument }) => instrument);
  const all = band === undefined ? LEAD_INSTRUMENTS : [lead, ...band];
  return new Set(
    all.filter((instrument) => !silent.includes(instrument) && !resting.includes(instrument)),
  );
}
