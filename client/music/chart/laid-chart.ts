/**
 * The player's chart as it lies on a piece: spans of bars, in each a loop that was written or the arranger's form, and
 * what was drawn over either. Spans of the past stay, so the chart of what was played is the one it was played to.
 */
import type { Key } from "#music/key.ts";
import type { ChartBar, Chord } from "./chart.ts";
import { chordKeyOf, closingChord } from "./chord-key.ts";
import { ENDING_BARS, type PlacedPart, roleOf, type Section } from "./form.ts";
import { barOfDrawn, type Drawn, type DrawnPlace, drawnIn } from "./player-chart.ts";

/** What holds from a bar of the piece on, until the next span. Data: it crosses threads and stands in orders. */
export interface ChartSpan {
  readonly bar: number;
  /** The bar that it begins with: of the loop, or of the arranger's form where there is none. */
  readonly at: number;
  /** Bars that go round; none where the arranger's form goes on. */
  readonly loop: readonly Partial<ChartBar>[];
  readonly drawn: Drawn;
  /** A mark was called: whether its notes come back is the player's to say, each time. */
  readonly marked?: true;
  /** The chord of all its bars, whatever the loop says: the piece closes. */
  readonly closes?: Chord;
}

/** Before anything was written. */
const OPEN: ChartSpan = { bar: 0, at: 0, loop: [], drawn: {} };

/** Where a bar of the piece lies in what was written. */
export interface LaidBar extends DrawnPlace {
  /** Bars of its section. */
  readonly sectionBars: number;
  /** The bar of the arranger's form that goes on underneath. */
  readonly formBar: number;
  /** Its section has a name that the player gave; else it is the form's. */
  readonly named: PlacedPart | undefined;
  /** The bars that go round there; none where the form goes on. */
  readonly loop: readonly Partial<ChartBar>[];
  /** It is of a mark. */
  readonly marked: boolean;
  /** What the player wrote and drew; undefined where nothing. */
  readonly written: Partial<ChartBar> | undefined;
  readonly drawn: Partial<ChartBar> | undefined;
}

/** Which bar of its loop, or of the form, a span plays at a bar of the piece. */
function placeIn({ bar: first, at, loop }: ChartSpan, bar: number): number {
  const on = at + bar - first;
  return loop.length === 0 ? on : on % loop.length;
}

/** The span from a later bar on; `bar` lies in it. */
export const spanFrom = (span: ChartSpan, bar: number): ChartSpan => ({
  ...span,
  bar,
  at: placeIn(span, bar),
});

/**
 * A chart on a piece of `count` bars: it goes round, as a progression that is looped. One that does not reach the end by
 * itself leaves the last bars to the ending of the form, but for what it says of them, and the last chord: wherever in its
 * round a piece of three bars and more stops, it stops on the tonic.
 * @param key in which it closes; that of its chords where none was chosen
 */
export function laidOn(
  bars: readonly Partial<ChartBar>[],
  count: number,
  key?: Key,
): readonly ChartSpan[] {
  const span: ChartSpan = { bar: 0, at: 0, loop: bars, drawn: {} };
  const ending = count - ENDING_BARS;
  if (bars.length >= count || ending <= 0) return [span];
  const nameless = bars.map(({ section: _name, begins: _begins, ...bar }) => bar);
  const ended = { ...spanFrom(span, ending), loop: nameless };
  const closes = closingChord(bars, key && chordKeyOf(key));
  if (closes === undefined) return [span, ended];
  return [span, ended, { ...spanFrom(ended, count - 1), closes }];
}

/** See the header. */
export class LaidChart {
  /** Nothing is written or drawn. */
  readonly isOpen: boolean;
  readonly #spans: readonly ChartSpan[];
  readonly #formAt: ((bar: number) => Section) | undefined;

  /** @param spans ascending by bar @param formAt the arranger's sections, where there is one */
  constructor(spans: readonly ChartSpan[], formAt: ((bar: number) => Section) | undefined) {
    this.isOpen = spans.length === 0;
    this.#spans = spans[0]?.bar === 0 ? spans : [OPEN, ...spans];
    this.#formAt = formAt;
  }

  at(bar: number): LaidBar {
    const span = this.#spanAt(bar);
    const place = placeIn(span, bar);
    const formBar = span.loop.length === 0 ? place : bar;
    const run = this.#runAt(span, bar);
    const { label, first, bars } = run ?? { label: "", first: bar, bars: 1 };
    const at = bar - first;
    const { closes } = span;
    const said = span.loop.at(place);
    const written = closes === undefined ? said : { ...said, chords: [closes, closes] as const };
    const drawn = drawnIn(span.drawn, label)[at];
    const named = written?.section === undefined ? undefined : run;
    return {
      ...{ section: label, at, sectionBars: bars, formBar, written, named, loop: span.loop },
      marked: span.marked ?? false,
      drawn: drawn === undefined ? undefined : barOfDrawn(drawn),
    };
  }

  /** The section in which a bar lies, as far as it was or will be played; a loop without a name is none, the form goes on. */
  sectionAt(bar: number): PlacedPart | undefined {
    const index = this.#indexAt(bar);
    const span = this.#spans[index];
    const written = this.#runAt(span, bar);
    const run = written === undefined || written.label === "" ? this.#formRun(bar, bar) : written;
    if (run === undefined) return undefined;
    let begins = index;
    while (begins > 0 && goesOn(this.#spans[begins - 1], this.#spans[begins])) begins--;
    let ends = index + 1;
    while (this.#spans[ends] !== undefined && goesOn(this.#spans[ends - 1], this.#spans[ends]))
      ends++;
    const first = Math.max(run.first, this.#spans[begins].bar);
    const end = Math.min(run.first + run.bars, this.#spans[ends]?.bar ?? Number.POSITIVE_INFINITY);
    const { label, role } = run;
    return { label, role, first, bars: end - first };
  }

  /** The first bar, `bar` or later, at which a section or a loop begins. */
  phraseFrom(bar: number): number {
    const run = this.#runAt(this.#spanAt(bar), bar);
    if (run === undefined || run.first === bar) return bar;
    const next = this.#spans.find((span) => span.bar > bar);
    return Math.min(run.first + run.bars, next?.bar ?? Number.POSITIVE_INFINITY);
  }

  #indexAt(bar: number): number {
    return this.#spans.findLastIndex((span) => span.bar <= bar);
  }

  #spanAt(bar: number): ChartSpan {
    return this.#spans[this.#indexAt(bar)];
  }

  /** The bars around one that bear the same name, in bars of the piece. */
  #runAt(span: ChartSpan, bar: number): PlacedPart | undefined {
    const at = placeIn(span, bar);
    if (span.loop.length === 0) return this.#formRun(bar, at);
    const name = span.loop[at].section;
    /** Whether bar `index` is of the same section as the one before it. */
    const goesOnAt = (index: number) =>
      [index - 1, index].every((each) => span.loop[each]?.section === name) &&
      span.loop[index].begins !== true;
    let [from, to] = [at, at + 1];
    while (from > 0 && goesOnAt(from)) from--;
    while (to < span.loop.length && goesOnAt(to)) to++;
    const label = name ?? "";
    return { label, role: roleOf(label), first: bar - (at - from), bars: to - from };
  }

  #formRun(bar: number, formBar: number): PlacedPart | undefined {
    const section = this.#formAt?.(formBar);
    return section && { ...section, first: section.first + bar - formBar };
  }
}

/** Whether a span goes on where the one before it would: only what was drawn over it is another. */
const goesOn = (before: ChartSpan, span: ChartSpan): boolean =>
  before.loop.length === span.loop.length &&
  placeIn(before, span.bar) === span.at &&
  before.loop[span.at]?.section === span.loop[span.at]?.section;
