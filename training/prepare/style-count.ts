/** Counts who plays with whom and how dense, loud and new bars are, for one style. */
import type { StylePractice } from "#music/chart/practice.ts";
import type { PiecePractice } from "./piece-practice.ts";

/** Pieces of all music that each style is blended with, so that rare pairs are not impossible. */
const BLENDED_PIECES = 20;

const zeros = (count: number): number[] => new Array<number>(count).fill(0);

/** See the header. Each piece weighs the same, whatever its length. */
export class StyleCount {
  pieces = 0;
  #minor = 0;
  readonly #leads = zeros(12);
  readonly #plays = Array.from({ length: 12 }, () => zeros(12));
  readonly #density = zeros(8);
  readonly #drumDensity = zeros(8);
  readonly #energy = zeros(8);
  readonly #novelty = zeros(5);

  add({ bars, mode }: PiecePractice): void {
    if (bars.length === 0) return;
    this.pieces++;
    if (mode === "minor") this.#minor++;
    const weight = 1 / bars.length;
    for (const { record } of bars) {
      const { leader, plays, density, drumDensity, energy, novelty } = record;
      if (leader !== undefined) {
        this.#leads[leader] += weight;
        for (const [instrument, there] of plays.entries())
          if (there) this.#plays[leader][instrument] += weight;
      }
      if (density !== undefined && density > 0) this.#density[density] += weight;
      if (drumDensity !== undefined && drumDensity > 0) this.#drumDensity[drumDensity] += weight;
      if (energy !== undefined) this.#energy[energy] += weight;
      if (novelty !== undefined) this.#novelty[novelty] += weight;
    }
  }

  /** Shares, blended with those of `all` music. */
  table(all: StyleCount): Omit<StylePractice, "harmony"> {
    const share = BLENDED_PIECES / Math.max(1, all.pieces);
    const blend = (own: readonly number[], others: readonly number[]): number[] =>
      own.map((value, at) => value + share * others[at]);
    const shares = (values: readonly number[]): number[] => {
      const total = values.reduce((sum, value) => sum + value, 0);
      return values.map((value) => rounded(total > 0 ? value / total : 0));
    };
    const leads = blend(this.#leads, all.#leads);
    return {
      pieces: this.pieces,
      minor: rounded(
        (this.#minor + share * all.#minor) / Math.max(1, this.pieces + share * all.pieces),
      ),
      leads: shares(leads),
      plays: this.#plays.map((row, leader) =>
        blend(row, all.#plays[leader]).map((value) =>
          rounded(leads[leader] > 0 ? value / leads[leader] : 0),
        ),
      ),
      density: shares(blend(this.#density, all.#density)),
      drumDensity: shares(blend(this.#drumDensity, all.#drumDensity)),
      energy: shares(blend(this.#energy, all.#energy)),
      novelty: shares(blend(this.#novelty, all.#novelty)),
    };
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
