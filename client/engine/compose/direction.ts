/**
 * What the composer watches from bar to bar, beside drawing notes: it brings back the past of a section that returns,
 * leads the music out of a rut, and holds it to the chart's levels. All of it follows from the notes and the chart alone,
 * so that a piece is the same however it is composed.
 */
import type { SampleWay } from "#model/sampler.ts";
import { joinRuns } from "#model/token-run.ts";
import type { WrittenChart } from "#music/chart/chart-file.ts";
import type { OrderedChart } from "#music/chart/ordered-chart.ts";
import type { Note } from "#music/note.ts";
import type { TokenKind } from "#music/rules/piece-grammar.ts";
import type { SamplingSettings } from "./composition.ts";
import type { Border } from "./event-drawing.ts";
import { HEARD_BARS, levelTilts, UNTILTED } from "./level-control.ts";
import type { PieceHistory } from "./piece-history.ts";
import { RelievedChart } from "./relieved-chart.ts";
import { RELIEF, stuckBars, WATCHED_BARS } from "./rut.ts";

/** Most tokens of a past that is recalled, and of the newest that stand before it. */
const RECALLED_TOKENS = 300;
const RECENT_TOKENS = 60;

/** By how much rhythm and pitch are drawn warmer in a rut; nothing is cut from their tail then. */
const WARMTH = 1.12;

/** Directs one piece under one chart. */
export class Direction {
  /** What the piece is composed to. */
  readonly chart: RelievedChart;
  readonly #ordered: OrderedChart;
  readonly #escapes: boolean;
  /** The bar that was looked at last. */
  #bar = -1;
  #stuck = 0;
  #border: Border | undefined;
  /** The half bar that was looked at last, and how draws are tilted in it. */
  #half = -1;
  #tilts = UNTILTED;
  /** How often the music was led out of a rut. */
  escapes = 0;

  /** @param escapes whether the music is led out of ruts; off where the player loops on purpose */
  constructor(ordered: OrderedChart, escapes: boolean) {
    this.chart = new RelievedChart(ordered);
    this.#ordered = ordered;
    this.#escapes = escapes;
  }

  /**
   * Looks at the piece before its next event is drawn; costs something once a half bar. True where events that were
   * drawn ahead no longer hold.
   */
  look(piece: PieceHistory): boolean {
    const moved = this.#lookAtBar(piece);
    return this.#lookAtLevels(piece) || moved;
  }

  #lookAtLevels(piece: PieceHistory): boolean {
    const { start } = this.chart.metres.halfAt(piece.onset);
    if (start === this.#half) return false;
    this.#half = start;
    const before = this.#tilts;
    this.#tilts = this.chart.isOpen
      ? UNTILTED
      : levelTilts(this.#recent(piece, HEARD_BARS), this.chart, start);
    return (Object.keys(before) as TokenKind[]).some((kind) => before[kind] !== this.#tilts[kind]);
  }

  #lookAtBar(piece: PieceHistory): boolean {
    const bar = this.chart.metres.barAt(piece.onset);
    if (bar.index === this.#bar) return false;
    this.#bar = bar.index;
    const before = this.#stuck;
    this.#stuck = this.#escapes ? this.#stuckBefore(piece, bar.index) : 0;
    if (this.#stuck >= RELIEF.novelty && before < RELIEF.novelty) this.escapes++;
    this.chart.relieve(this.#stuck, bar.index);
    this.#border = this.#forgetting(piece, bar.index) ?? this.#returning(piece, bar.index);
    return this.#stuck !== before || this.#border !== undefined;
  }

  /** The first `count` bars as ordered. */
  chartUntil(count: number): WrittenChart {
    const { style } = this.#ordered;
    const bars = Array.from({ length: count }, (_, index) => this.#ordered.bar(index));
    return style === undefined ? { bars } : { bars, style };
  }

  /** Where the past that the model sees changes next. */
  get border(): Border | undefined {
    return this.#border;
  }

  /** How the next tokens are drawn. */
  sampling(asked: SamplingSettings): SamplingSettings {
    const stuck = this.#stuck >= RELIEF.warmth;
    const { rhythm, dynamics, pitch } = this.#tilts;
    return {
      rhythm: { ...(stuck ? warmer(asked.rhythm) : asked.rhythm), tilt: rhythm },
      dynamics: { ...asked.dynamics, tilt: dynamics },
      pitch: { ...(stuck ? warmer(asked.pitch) : asked.pitch), tilt: pitch },
    };
  }

  #stuckBefore(piece: PieceHistory, bar: number): number {
    return stuckBars(this.#recent(piece, WATCHED_BARS), this.chart.metres, bar);
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

  /** After a long rut the model goes on from what was alive before it. */
  #forgetting(piece: PieceHistory, bar: number): Border | undefined {
    if (this.#stuck < RELIEF.forgetting || this.#stuck % RELIEF.forgetting > 0) return undefined;
    const { metres } = this.chart;
    const alive = metres.bar(bar - this.#stuck).start;
    const past = piece.runBetween(0, alive, RECALLED_TOKENS);
    return past.tokens.length === 0 ? undefined : { step: metres.bar(bar + 1).start, past };
  }

  /** A section that returns is preceded by what it was. */
  #returning(piece: PieceHistory, bar: number): Border | undefined {
    const { metres } = this.#ordered;
    const next = this.#ordered.sectionAt(bar + 1);
    if (next?.first !== bar + 1) return undefined;
    let section = this.#ordered.sectionAt(bar);
    while (section !== undefined && section.first > 0 && section.label !== next.label)
      section = this.#ordered.sectionAt(section.first - 1);
    // Directly after itself it is the newest past anyway.
    if (section?.label !== next.label || section.first + section.bars === next.first)
      return undefined;
    const step = metres.bar(next.first).start;
    const recalled = piece.runBetween(
      metres.bar(section.first).start,
      metres.bar(section.first + section.bars).start,
      RECALLED_TOKENS,
    );
    if (recalled.tokens.length === 0) return undefined;
    return { step, past: joinRuns(piece.runBetween(0, step, RECENT_TOKENS), recalled) };
  }
}

const warmer = (way: SampleWay): SampleWay => ({ temperature: way.temperature * WARMTH });
