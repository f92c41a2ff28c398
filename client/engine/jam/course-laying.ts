/**
 * Lays a course onto the piece that is played, from the first step on that may still change: bars go round from a bar line
 * on and to one, a part and a recording from that very step on, in time with the bar. Each keeps the place where it once
 * began, so that what undo brings back is in time as though it had never been left.
 */
import type { GivenMusic } from "#engine/compose/given-music.ts";
import type { Instrument } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import { type Course, type Layer, type Passage, partOf } from "./course.ts";

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

  /** Another piece begins. */
  begin(): void {
    this.#laid = new Map();
  }

  /** A layer was cut out of the piece, up to a bar line: from there on it is in time. */
  cutOut(layer: Layer, until: number): void {
    this.#cutAt.set(layer, until);
  }

  /**
   * @param step the first that may change
   * @param band all who are to play: where each one's part is frozen, nothing is left to draw
   */
  lay(
    step: number,
    metres: MetreMap,
    { layers, passage }: Course,
    band: readonly Instrument[],
  ): LaidCourse {
    const line = metres.barLineFrom(step);
    const heard = layers.filter((layer) => layer.kind !== "part" || band.includes(partOf(layer)));
    const frozen = heard.filter(({ kind }) => kind === "part").map(partOf);
    const repeats = heard.some(({ kind }) => kind === "bars");
    const isWhole = band.every((instrument) => frozen.includes(instrument));
    for (const layer of heard) {
      const isBars = layer.kind === "bars";
      const begins = this.#cutAt.get(layer) ?? metres.barAt(step).start;
      const from = this.#laid.get(layer)?.from ?? (isBars ? line : begins);
      const alone = isBars || (isWhole && !repeats);
      this.#laid.set(layer, { from, cycle: layer.steps, notes: layer.notes, alone });
    }
    if (passage !== undefined) {
      const { steps: cycle, notes, after } = passage;
      const from = this.#laid.get(passage)?.from ?? Math.max(line, after);
      const place = { from, until: from + cycle, ...(from === after ? {} : { after }) };
      this.#laid.set(passage, { ...place, cycle, notes, alone: true });
    }
    this.#end([...heard, passage], step, line);
    const given = [...this.#laid.values()].filter(
      ({ until = Number.POSITIVE_INFINITY }) => until > step,
    );
    return { given, frozen: isWhole ? [] : frozen, repeats };
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
