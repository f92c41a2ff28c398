/**
 * Lays a course onto the piece that is played, from the first step on that may still change: bars go round from a bar line
 * on and to one, a part and a recording from that very step on, in time with the bar. Each keeps the place where it once
 * began, so that what undo brings back is in time as though it had never been left.
 */
import type { GivenMusic } from "#engine/compose/given-music.ts";
import type { Cue } from "#music/chart/player-chart.ts";
import type { Instrument } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { type Course, type Layer, type Passage, partOf } from "./course.ts";

/** What a course is laid by. */
interface LaidBy {
  readonly metres: MetreMap;
  /** All who are to play: where each one's part is frozen, nothing is left to draw. */
  readonly band: readonly Instrument[];
  /** Whether an instrument's notes are heard in bars that come back. */
  readonly isHeard: (instrument: Instrument) => boolean;
  /** The bar at which a cue began the chart, if it has. */
  readonly barOf: (cue: Cue) => number | undefined;
}

/** What the composer is told of it. */
export interface LaidCourse {
  readonly given: readonly GivenMusic[];
  /** Whose parts are frozen: the model gives them nothing. */
  readonly frozen: readonly Instrument[];
  /** Bars go round, and are no rut. */
  readonly repeats: boolean;
}

/** See the header. Of one piece at a time. */
export class CourseLaying {
  #laid = new Map<Layer | Passage, GivenMusic>();
  /** Where layers began that were cut out of the piece: behind what was cut out. */
  readonly #cutAt = new WeakMap<Layer, number>();
  /** With which part of the chart bars come back. */
  readonly #cues = new WeakMap<Layer | Passage, Cue>();

  /** Another piece begins. */
  begin(): void {
    this.#laid = new Map();
  }

  /** A layer was cut out of the piece, up to a bar line: from there on it is in time. */
  cutOut(layer: Layer, until: number): void {
    this.#cutAt.set(layer, until);
  }

  /** Bars come back where a cue begins the chart. */
  beginWith(bars: Layer | Passage, cue: Cue): void {
    this.#cues.set(bars, cue);
  }

  /** @param step the first that may change */
  lay(step: number, { layers, passage }: Course, by: LaidBy): LaidCourse {
    const { metres, band, isHeard } = by;
    const line = metres.barLineFrom(step);
    const heard = layers.filter((layer) => layer.kind !== "part" || band.includes(partOf(layer)));
    const frozen = heard.filter(({ kind }) => kind === "part").map(partOf);
    const repeats = heard.some(({ kind }) => kind === "bars");
    const isWhole = band.every((instrument) => frozen.includes(instrument));
    for (const layer of heard) {
      const isBars = layer.kind === "bars";
      const inTime = this.#cutAt.get(layer) ?? metres.barAt(step).start;
      const begins = isBars ? this.#barLineOf(layer, line, by) : inTime;
      const from = this.#laid.get(layer)?.from ?? begins;
      const alone = isBars || (isWhole && !repeats);
      const notes = isBars ? heardOf(layer, isHeard) : layer.notes;
      this.#laid.set(layer, { from, cycle: layer.steps, notes, alone });
    }
    if (passage !== undefined) {
      const { steps: cycle, after = 0 } = passage;
      const begins = Math.max(this.#barLineOf(passage, line, by), after);
      const from = this.#laid.get(passage)?.from ?? begins;
      const follows = passage.after !== undefined && from !== after;
      const place = { from, until: from + cycle, ...(follows ? { after } : {}) };
      this.#laid.set(passage, { ...place, cycle, notes: heardOf(passage, isHeard), alone: true });
    }
    this.#end([...heard, passage], step, line);
    const given = [...this.#laid.values()].filter(
      ({ until = Number.POSITIVE_INFINITY, notes }) => until > step && notes.length > 0,
    );
    return { given, frozen: isWhole ? [] : frozen, repeats };
  }

  /** Where bars begin: with their part of the chart, or at the next bar line. */
  #barLineOf(bars: Layer | Passage, line: number, { metres, barOf }: LaidBy): number {
    const cue = this.#cues.get(bars);
    const bar = cue && barOf(cue);
    return bar === undefined ? line : metres.bar(bar).start;
  }

  /** Of what the course has no more, bars end at the next bar line and the rest at once; what has not begun is forgotten. */
  #end(kept: readonly (Layer | Passage | undefined)[], step: number, line: number): void {
    for (const [music, given] of this.#laid) {
      if (kept.includes(music)) continue;
      const isPart = "kind" in music && music.kind !== "bars";
      const until = Math.min(given.until ?? line, isPart ? step : line);
      if (until <= given.from) this.#laid.delete(music);
      else this.#laid.set(music, { ...given, until });
    }
  }
}

/** Notes of those who may be heard. */
const heardOf = ({ notes }: Layer | Passage, isHeard: LaidBy["isHeard"]): readonly Note[] =>
  notes.filter(({ instrument }) => isHeard(instrument));
