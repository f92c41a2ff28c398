/**
 * Keeps what sounds as marks of the player's chart, with its notes: the last bars, or the section as far as it was heard. A
 * mark comes back at a bar or a phrase: note for note, once or round and round, or composed anew to its chart. What is kept
 * is what was heard, so the bar that sounds is waited for.
 */
import type { Seconds } from "#base/brand.ts";
import { cutOut } from "#engine/compose/given-music.ts";
import { writeChart } from "#music/chart/chart-file.ts";
import { type HeardBars, type Mark, notesOfMark } from "#music/chart/mark.ts";
import type { OrderedChart } from "#music/chart/ordered-chart.ts";
import { type Cue, type PlayerChart, withMark } from "#music/chart/player-chart.ts";
import { sameMetre } from "#music/metre.ts";
import { type BarCount, withBars, withPassage } from "./course.ts";
import type { CourseLaying } from "./course-laying.ts";
import { meantBar } from "./meant-bar.ts";
import type { Performance } from "./performance.ts";
import type { Rendition } from "./rendition.ts";

/** How a mark comes back: its notes once, or round and round until they are let go; its chart alone. */
export const RECALLS = ["once", "round", "anew"] as const;
export type Recall = (typeof RECALLS)[number];

/** Most bars of a section that is marked. */
const MOST_MARKED = 16;

/** What a player keeps and calls back. */
export interface Marking {
  /** The section that sounds is kept under a number, with its notes up to the end of the bar that sounds. */
  mark(): void;
  /** The bar that sounds, and so many before it, are kept under their own numbers; false where nothing sounded in them. */
  keep(bars: BarCount): boolean;
  /** A mark comes back; false where it comes without its notes: they are of another metre, or none can be given. */
  recall(name: string, on: Cue["on"], how: Recall): boolean;
}

/** What is to be kept once its last bar is over. */
interface Wanted {
  readonly last: number;
  /** Of these so many bars; the section where undefined. */
  readonly bars: BarCount | undefined;
}

/** What it goes by. */
interface MarkParts {
  readonly rendition: Rendition;
  readonly clock: () => Seconds;
  readonly performance: () => Performance;
  /** The chart of the piece in play. */
  readonly charting: { readonly ordered: OrderedChart };
  readonly laying: CourseLaying;
  readonly canBeGiven: () => boolean;
  /** Called when what is waited for is another. */
  readonly changed: () => void;
  readonly decide: (change: (before: Performance) => Performance) => void;
}

/** See the header. */
export class MarkDesk implements Marking {
  readonly #parts: MarkParts;
  #wanted: readonly Wanted[] = [];

  constructor(parts: MarkParts) {
    this.#parts = parts;
  }

  /** Whether the end of a bar is waited for. */
  get isWaiting(): boolean {
    return this.#wanted.length > 0;
  }

  /** Another piece begins. */
  begin(): void {
    this.#wanted = [];
  }

  mark(): void {
    this.#want({ last: this.#meant, bars: undefined });
  }

  keep(bars: BarCount): boolean {
    const { metres, plan } = this.#parts.rendition;
    const last = this.#meant;
    const from = metres.bar(Math.max(0, last + 1 - bars)).start;
    if (cutOut(plan.notes, from, metres.bar(last + 1).start).length === 0) return false;
    this.#want({ last, bars });
    return true;
  }

  recall(section: string, on: Cue["on"], how: Recall): boolean {
    const { performance, laying, canBeGiven, decide } = this.#parts;
    const { chart, controls } = performance();
    const mark = chart.marks.find(({ name }) => name === section);
    const heard = how === "anew" ? undefined : mark?.heard;
    const cue: Cue = { section, on };
    const called = (before: Performance) => ({ ...before, chart: { ...before.chart, cue } });
    const fits = canBeGiven() && heard !== undefined && sameMetre(heard.metre, controls.metre);
    if (mark === undefined || !fits) {
      decide(called);
      return heard === undefined;
    }
    const bars = { steps: heard.steps, notes: notesOfMark(mark, chart.moves, controls.key) };
    const layer = { kind: "bars" as const, ...bars };
    laying.beginWith(how === "round" ? layer : bars, cue);
    decide((before) => {
      const { course } = before;
      const led = how === "round" ? withBars(course, layer) : withPassage(course, bars);
      return { ...called(before), course: led };
    });
    return true;
  }

  /** Keeps what was waited for. */
  tick(): void {
    if (!this.isWaiting) return;
    const over = this.#wanted.filter((wanted) => this.#isOver(wanted));
    this.#wanted = this.#wanted.filter((wanted) => !over.includes(wanted));
    for (const wanted of over) this.#keep(wanted);
  }

  #want(wanted: Wanted): void {
    const waits = this.#parts.rendition.playing && !this.#isOver(wanted);
    if (waits) this.#wanted = [...this.#wanted, wanted];
    else this.#keep(wanted);
    this.#parts.changed();
  }

  #isOver({ last }: Wanted): boolean {
    return this.#step >= this.#parts.rendition.metres.bar(last + 1).start;
  }

  /** Where it ends is only known by then: another section may have been called meanwhile. */
  #keep({ last, bars }: Wanted): void {
    const { charting, decide } = this.#parts;
    const { ordered } = charting;
    const section = ordered.sectionAt(last) ?? { first: last, bars: 1 };
    const first = bars === undefined ? section.first : Math.max(0, last + 1 - bars);
    const count = bars === undefined ? Math.min(section.bars, MOST_MARKED) : last + 1 - first;
    const kept = Array.from({ length: count }, (_, at) => {
      const { section: _name, ...said } = ordered.bar(first + at);
      return said;
    });
    const heard = this.#heardIn(first, Math.min(last + 1, first + count));
    const written = { chart: writeChart({ bars: kept }), ...(heard && { heard }) };
    const named = (free: number) =>
      bars === undefined ? `Mark ${free}` : nameOf(first, last, free);
    decide(({ chart, controls, ...rest }) => {
      const name = freeName(chart, named);
      const mark: Mark = { name, tonic: controls.key?.tonic, ...written };
      return { ...rest, controls, chart: withMark(chart, mark) };
    });
  }

  /** Whole bars as they were heard; undefined where nothing was, or the metre changed within. */
  #heardIn(first: number, end: number): HeardBars | undefined {
    const { metres, music } = this.#parts.rendition;
    const { metre, start } = metres.bar(first);
    const until = metres.bar(end).start;
    const notes = cutOut(music.notes, start, until);
    for (let bar = first; bar < end; bar++)
      if (!sameMetre(metres.bar(bar).metre, metre)) return undefined;
    return notes.length === 0 ? undefined : { metre, steps: until - start, notes };
  }

  get #meant(): number {
    return meantBar(this.#parts.rendition.metres, this.#step);
  }

  get #step(): number {
    const { rendition, clock } = this.#parts;
    return Math.max(0, rendition.stepAt(clock()));
  }
}

/** "Bars 9–12", as people count; another of that name has a number. */
function nameOf(first: number, last: number, free: number): string {
  const bars = first === last ? `Bar ${last + 1}` : `Bars ${first + 1}–${last + 1}`;
  return free === 1 ? bars : `${bars} (${free})`;
}

/** The first of the names, counted from 1, that no mark has. */
function freeName({ marks }: PlayerChart, named: (free: number) => string): string {
  let free = 1;
  while (marks.some(({ name }) => name === named(free))) free++;
  return named(free);
}
