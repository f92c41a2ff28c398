/**
 * Lays the player's chart onto the piece that is played: from the first bar on that may still change, what was written
 * goes on where its cue began it. A cue gets its bar when music is first composed to it, and keeps it; so a chart that
 * undo brings back goes on as though it had never been left. Spans of the past stay as they were.
 */
import { type Section, sectionsBefore } from "#music/chart/form.ts";
import { type ChartSpan, LaidChart, spanFrom } from "#music/chart/laid-chart.ts";
import { barsOfMark } from "#music/chart/mark.ts";
import {
  barsOfText,
  type Cue,
  type Drawn,
  type PlayerChart,
  UNWRITTEN,
} from "#music/chart/player-chart.ts";
import type { Key } from "#music/key.ts";

/** Spans that are remembered: what is older no retake reaches, and a returning section seldom. */
const MOST_SPANS = 24;

/** Bars of the arranger's form in which a section that was not heard yet is looked for. */
const LOOKED_FOR = 96;

/** What a chart is laid by. */
export interface LaidBy {
  /** The key of the piece, the arranger's own where none was chosen: of degrees. */
  readonly key: Key;
  /** The key that was chosen, with which names move. */
  readonly chosen: Key | undefined;
  /** The sections of the arranger's form. */
  readonly formAt: (bar: number) => Section;
}

/** Where a cue began the chart. */
interface Begun {
  readonly bar: number;
  readonly section: string | undefined;
}

/** See the header. Of one piece at a time. */
export class ChartLaying {
  #spans: readonly ChartSpan[] = [];
  #begun = new Map<Cue | undefined, Begun>();
  #isFirst = true;
  /** What was laid last, and the keys it was laid in. */
  #laid: PlayerChart = UNWRITTEN;
  #keys = "";

  /** Another piece begins, and its chart at its first bar. */
  begin(): void {
    this.#spans = [];
    this.#begun = new Map([[undefined, { bar: 0, section: undefined }]]);
    this.#isFirst = true;
    this.#laid = UNWRITTEN;
  }

  /**
   * The chart of the whole piece, where `chart` holds from bar `bar` on; empty where nothing was ever written.
   * @param bar the first bar that may change
   */
  lay(bar: number, chart: PlayerChart, by: LaidBy): readonly ChartSpan[] {
    const keys = JSON.stringify([by.key, by.chosen]);
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (chart === this.#laid && (keys === this.#keys || chart === UNWRITTEN)) return this.#spans;
    this.#laid = chart;
    this.#keys = keys;
    const begun = this.#begun.get(chart.cue) ?? this.#begin(bar, chart.cue, isFirst, by);
    this.#begun.set(chart.cue, begun);
    const border = Math.max(bar, begun.bar);
    const before = drawnFrom(this.#spans, bar, chart.drawn).filter((span) => span.bar < border);
    this.#spans = [...before, ...from(spansOf(chart, begun, by), border)].slice(-MOST_SPANS);
    return this.#spans;
  }

  /** The bar at which a cue began the chart; undefined where it was not laid. */
  barOf(cue: Cue): number | undefined {
    return this.#begun.get(cue)?.bar;
  }

  /** A cue gets its bar; a chart that a piece begins with begins at its own first bar. */
  #begin(bar: number, cue: Cue | undefined, isFirst: boolean, { formAt }: LaidBy): Begun {
    if (isFirst) return { bar, section: undefined };
    const laid = new LaidChart(this.#spans, formAt);
    return { bar: cue?.on === "phrase" ? laid.phraseFrom(bar) : bar, section: cue?.section };
  }
}

/** What is played from the bar of a cue on. */
function spansOf(chart: PlayerChart, { bar, section }: Begun, by: LaidBy): readonly ChartSpan[] {
  const { drawn, marks, moves } = chart;
  const loop = barsOfText(chart, by.key, by.chosen);
  const fromTheTop = (first: number): ChartSpan => {
    return { bar: first, at: loop.length > 0 ? 0 : first, loop, drawn };
  };
  if (section === undefined) return [fromTheTop(bar)];
  const at = loop.findIndex((written) => written.section === section);
  if (at >= 0) return [{ bar, at, loop, drawn }];
  const mark = marks.find(({ name }) => name === section);
  if (mark !== undefined) {
    const kept = barsOfMark(mark, moves, by.chosen);
    return [{ bar, at: 0, loop: kept, drawn, marked: true }, fromTheTop(bar + kept.length)];
  }
  const formBar = loop.length > 0 ? undefined : formBarOf(section, bar, by.formAt);
  return formBar === undefined ? [fromTheTop(bar)] : [{ bar, at: formBar, loop: [], drawn }];
}

/** Where a section of the form began last, or will first. */
function formBarOf(label: string, bar: number, formAt: LaidBy["formAt"]): number | undefined {
  const firsts = [...sectionsBefore(bar + LOOKED_FOR + 1, formAt)]
    .filter((section) => section.label === label)
    .map(({ first }) => first);
  return firsts.findLast((first) => first <= bar) ?? firsts[0];
}

/** What spans say from a bar on; the first begins there or earlier. */
function from(spans: readonly ChartSpan[], bar: number): readonly ChartSpan[] {
  const first = spans.findLastIndex((span) => span.bar <= bar);
  return [spanFrom(spans[first], bar), ...spans.slice(first + 1)];
}

/** The same spans, with other things drawn over them from a bar on. */
const drawnFrom = (spans: readonly ChartSpan[], bar: number, drawn: Drawn): readonly ChartSpan[] =>
  spans.flatMap((span, index) => {
    const end = spans[index + 1]?.bar ?? Number.POSITIVE_INFINITY;
    if (end <= bar || span.drawn === drawn) return [span];
    return span.bar >= bar ? [{ ...span, drawn }] : [span, { ...spanFrom(span, bar), drawn }];
  });
