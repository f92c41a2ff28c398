/**
 * What the composer watches from bar to bar, beside drawing notes: it brings back the past of a section that returns,
 * leads the music out of a rut, and keeps it as loud as the chart says. All of it follows from the notes and the chart alone,
 * so that a piece is the same however it is composed.
 */
import type { Pull } from "#model/sampler.ts";
import { joinRuns } from "#model/token-run.ts";
import type { ChartBar } from "#music/chart/chart.ts";
import type { WrittenChart } from "#music/chart/chart-file.ts";
import { sectionLike } from "#music/chart/form.ts";
import type { OrderedChart } from "#music/chart/ordered-chart.ts";
import type { Instrument } from "#music/instrument.ts";
import type { Bar } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { velocityBucket } from "#music/tokens/vocabulary.ts";
import type { SamplingSettings } from "./composition.ts";
import type { Border } from "./event-drawing.ts";
import { type GivenMusic, GivenNotes } from "./given-music.ts";
import type { PieceHistory } from "./piece-history.ts";
import { recalledRun } from "./recalled-run.ts";
import { RelievedChart } from "./relieved-chart.ts";
import { ReturningPhrases, type ReturnsBy } from "./returning-phrases.ts";
import { RELIEF, stuckBars, WATCHED_BARS, warmedBy } from "./rut.ts";

/** Most tokens of a past that is recalled, and of the newest that stand before it. */
const RECALLED_TOKENS = 600;
const RECENT_TOKENS = 240;

/**
 * How strongly loudness is drawn at most towards the energy that the chart asks for, in nats a squared velocity bucket.
 * Of .35 to 1.6 the weakest by which what is played ranks as what is asked (client/bench/LOG.md).
 */
const STRONGEST_PULL = 1.6;

/** What a direction goes by, beside the chart. */
interface DirectedBy {
  /** Whether the music is led out of ruts; off where the player loops on purpose. */
  readonly escapes: boolean;
  /** What the player gives. */
  readonly given: readonly GivenMusic[];
  /** Melodic instruments that nobody keeps from playing. */
  readonly company: ReadonlySet<Instrument>;
  /** By what phrases come back; none do where undefined. */
  readonly returns: Omit<ReturnsBy, "ordered" | "given"> | undefined;
}

/** Directs one piece under one chart. */
export class Direction {
  /** What the piece is composed to. */
  readonly chart: RelievedChart;
  readonly #ordered: OrderedChart;
  readonly #escapes: boolean;
  readonly #company: ReadonlySet<Instrument>;
  /** The bar that was looked at last. */
  #bar = -1;
  #stuck = 0;
  #border: Border | undefined;
  readonly #givenByPlayer: readonly GivenMusic[];
  readonly #phrases: ReturningPhrases | undefined;
  /** What comes back in this bar and in the next. */
  #returned: readonly (GivenMusic | undefined)[] = [];
  #given: GivenNotes;
  /** How its loudness is drawn towards what its chart asks for. */
  #pull: Pull | undefined;
  /** How often the music was led out of a rut. */
  escapes = 0;

  constructor(ordered: OrderedChart, { escapes, given, company, returns }: DirectedBy) {
    this.chart = new RelievedChart(ordered);
    this.#ordered = ordered;
    this.#escapes = escapes;
    this.#company = company;
    this.#givenByPlayer = given;
    this.#given = new GivenNotes(given);
    if (returns !== undefined) this.#phrases = new ReturningPhrases({ ordered, given, ...returns });
  }

  /**
   * Looks at the piece before its next event is drawn; costs something once a bar. True where events that were drawn
   * ahead no longer hold.
   */
  look(piece: PieceHistory): boolean {
    const bar = this.chart.metres.barAt(piece.onset);
    if (bar.index === this.#bar) return false;
    this.#bar = bar.index;
    const before = { stuck: this.#stuck, pull: this.#pull };
    this.#stuck = this.#escapes ? this.#stuckBefore(piece, bar.index) : 0;
    if (this.#stuck >= RELIEF.novelty && before.stuck < RELIEF.novelty) this.escapes++;
    this.chart.relieve(this.#stuck, bar.index);
    const comesBack = this.#bringBack(piece, bar.index);
    this.#border = this.#forgetting(piece, bar.index) ?? this.#returning(piece, bar.index);
    this.#pull = this.#pullIn(piece, bar);
    const same = this.#stuck === before.stuck && samePull(this.#pull, before.pull);
    return !same || comesBack || this.#border !== undefined;
  }

  /** The first `count` bars as ordered. */
  chartUntil(count: number): WrittenChart {
    const { style } = this.#ordered;
    const bars = Array.from({ length: count }, (_, index) => this.#barAsWritten(index));
    return style === undefined ? { bars } : { bars, style };
  }

  /** A bar as ordered, and whether its section begins there, where its name alone does not say so. */
  #barAsWritten(index: number): ChartBar {
    const { begins: _, ...bar } = this.#ordered.bar(index);
    const again = index > 0 && this.#ordered.bar(index - 1).section === bar.section;
    return again && this.beginsAt(index) ? { ...bar, begins: true } : bar;
  }

  /** Whether a section begins with a bar, as ordered. */
  beginsAt(index: number): boolean {
    return this.#ordered.beginsAt(index);
  }

  /** What is given now, by the player and by what comes back. */
  get given(): GivenNotes {
    return this.#given;
  }

  /** Where the past that the model sees changes next. */
  get border(): Border | undefined {
    return this.#border;
  }

  /** How the next tokens are drawn. */
  sampling(asked: SamplingSettings): SamplingSettings {
    const { rhythm, dynamics, pitch } = asked;
    return {
      ...asked,
      rhythm: warmedBy(this.#stuck, rhythm),
      dynamics: this.#pull === undefined ? dynamics : { ...dynamics, pull: this.#pull },
      pitch: warmedBy(this.#stuck, pitch),
    };
  }

  /** The farther the bar before is from the energy asked for, the stronger: of this one a retake has heard more. */
  #pullIn(piece: PieceHistory, { index, start }: Bar): Pull | undefined {
    const energy = this.chart.bar(index)?.energy;
    if (energy === undefined) return undefined;
    const heard = this.#recent(piece, 1)
      .filter(({ onset }) => onset < start)
      .map(({ velocity }) => velocityBucket(velocity));
    const mean = heard.reduce((sum, bucket) => sum + bucket, 0) / heard.length;
    const away = heard.length === 0 ? 1 : Math.min(1, Math.abs(mean - energy));
    return away === 0 ? undefined : { to: energy, by: STRONGEST_PULL * away };
  }

  #stuckBefore(piece: PieceHistory, bar: number): number {
    const { metres } = this.chart;
    const asked = (at: number) => {
      const { players } = this.#ordered.bar(at);
      return [...this.#company].filter((instrument) => players[instrument] === true).length;
    };
    return stuckBars(this.#recent(piece, WATCHED_BARS), metres, bar, asked);
  }

  /** Notes of the newest bar and so many before it, newest first. */
  #recent(piece: PieceHistory, bars: number): readonly Note[] {
    const { metres } = this.chart;
    const from = metres.bar(Math.max(0, metres.barAt(piece.onset).index - bars)).start;
    const recent = [];
    for (let at = piece.events.length - 1; at >= 0 && piece.events[at].note.onset >= from; at--)
      recent.push(piece.events[at].note);
    return recent;
  }

  /** What comes back in this bar and the next is given. True where that is another than it was. */
  #bringBack(piece: PieceHistory, bar: number): boolean {
    const phrases = this.#phrases;
    if (phrases === undefined) return false;
    const returned = [bar, bar + 1].map((each) => phrases.at(each, piece));
    if (returned.every((music, index) => music === this.#returned[index])) return false;
    this.#returned = returned;
    const music = new Set(returned.filter((each) => each !== undefined));
    this.#given = new GivenNotes([...this.#givenByPlayer, ...music]);
    return true;
  }

  /** After a long rut the model goes on from what was alive before it. */
  #forgetting(piece: PieceHistory, bar: number): Border | undefined {
    if (this.#stuck < RELIEF.forgetting || this.#stuck % RELIEF.forgetting > 0) return undefined;
    const { metres } = this.chart;
    const alive = metres.bar(bar - this.#stuck).start;
    const past = recalledRun(piece, 0, alive, RECALLED_TOKENS);
    return past.tokens.length === 0 ? undefined : { step: metres.bar(bar + 1).start, past };
  }

  /** A section that returns is preceded by what it was. */
  #returning(piece: PieceHistory, bar: number): Border | undefined {
    const { metres } = this.#ordered;
    const next = this.#ordered.sectionAt(bar + 1);
    // What comes back note for note is recalled by itself.
    if (next?.first !== bar + 1 || this.#returned[1] !== undefined) return undefined;
    const section = sectionLike(next, (at) => this.#ordered.sectionAt(at));
    // Directly after itself it is the newest past anyway.
    if (section === undefined || section.first + section.bars === next.first) return undefined;
    const step = metres.bar(next.first).start;
    const recalled = recalledRun(
      piece,
      metres.bar(section.first).start,
      metres.bar(section.first + section.bars).start,
      RECALLED_TOKENS,
    );
    if (recalled.tokens.length === 0) return undefined;
    return { step, past: joinRuns(recalledRun(piece, 0, step, RECENT_TOKENS), recalled) };
  }
}

const samePull = (a: Pull | undefined, b: Pull | undefined): boolean =>
  a?.to === b?.to && a?.by === b?.by;
