/** A chart that asks for more than was ordered where the music is stuck (see rut.ts): new bars, then another chord where none was written. */

import {
  type ChartBar,
  type ChartBars,
  type ChartChord,
  HIGHEST_NOVELTY,
  movedBy,
  OPEN_BAR,
  styleIn,
} from "#music/chart/chart.ts";
import type { MetreMap } from "#music/metre.ts";
import { RELIEF } from "./rut.ts";

/** Semitones by which chords go elsewhere: a fourth up, which every style does. */
const FOURTH = 5;

/** See the header. What was asked for before the music got stuck stays as it was ordered. */
export class RelievedChart implements ChartBars {
  readonly #ordered: ChartBars;
  /** Bars from this one on are asked for anew. */
  #from = Number.POSITIVE_INFINITY;
  #stuck = 0;
  revision = 0;

  constructor(ordered: ChartBars) {
    this.#ordered = ordered;
  }

  get metres(): MetreMap {
    return this.#ordered.metres;
  }

  get style(): number | undefined {
    return this.#ordered.style;
  }

  styleAt(bar: number): number | undefined {
    return styleIn(this.#ordered, bar);
  }

  get isOpen(): boolean {
    return this.#ordered.isOpen ?? false;
  }

  /** From bar `from` on the music has been stuck for so many bars; 0: no more. */
  relieve(stuck: number, from: number): void {
    if (stuck > 0 || this.#stuck > 0) this.revision++;
    this.#stuck = stuck;
    this.#from = from;
  }

  bar(index: number): ChartBar | undefined {
    const bar = this.#ordered.bar(index);
    if (index < this.#from || this.#stuck < RELIEF.novelty) return bar;
    const fresh = { ...(bar ?? OPEN_BAR), novelty: HIGHEST_NOVELTY };
    if (this.#stuck < RELIEF.chord) return fresh;
    const [first, second] = fresh.chords;
    const [firstHeld, secondHeld] = this.#ordered.holds?.(index) ?? [false, false];
    return {
      ...fresh,
      chords: [firstHeld ? first : elsewhere(first), secondHeld ? second : elsewhere(second)],
    };
  }
}

const elsewhere = (chord: ChartChord): ChartChord => movedBy(chord, FOURTH);
