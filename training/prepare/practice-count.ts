/** Counts the arranger's practice (client/music/chart/practice.ts) from prepared pieces. */
import { Failure } from "#base/failure.ts";
import { STYLES } from "#music/chart/conditions.ts";
import type { PracticeTable } from "#music/chart/practice.ts";
import { HarmonyCount } from "./harmony-count.ts";
import type { PiecePractice } from "./piece-practice.ts";
import { StyleCount } from "./style-count.ts";

/** Styles that share their counts of chords, by name. */
const FAMILIES: readonly (readonly string[])[] = [
  ["rock", "pop", "country", "hip hop", "soul", "metal", "ambient"],
  ["folk", "hymn", "song"],
  ["game"],
  ["orchestra", "chamber", "piano", "choir"],
  ["jazz"],
];

/** Index into FAMILIES, -1 for a style of none. */
const familyOf = (style: string): number => FAMILIES.findIndex((names) => names.includes(style));

/** See the header. */
export class PracticeCount {
  readonly #harmonies = FAMILIES.map(() => new HarmonyCount());
  readonly #styles = STYLES.map(() => new StyleCount());
  readonly #allHarmonies = new HarmonyCount();
  readonly #all = new StyleCount();

  /** @param style index into STYLES, undefined where none is known */
  add(piece: PiecePractice, style: number | undefined): void {
    this.#all.add(piece);
    this.#allHarmonies.add(piece);
    if (style === undefined) return;
    this.#styles[style].add(piece);
    this.#harmonies[familyOf(STYLES[style])].add(piece);
  }

  /** How many pieces each style has, by index into STYLES. */
  get pieces(): number[] {
    return this.#styles.map(({ pieces }) => pieces);
  }

  /**
   * The table; families of too few pieces have the chords of all music.
   * @throws Failure "usage" where all music is too little
   */
  table(): PracticeTable {
    const missing = this.#allHarmonies.missing;
    if (missing !== undefined)
      throw new Failure(
        "usage",
        `No piece in ${missing} has chords that follow each other; prepare more music and count again.`,
      );
    return {
      harmonies: this.#harmonies.map((count) => count.table(this.#allHarmonies)),
      styles: this.#styles.map((count, style) => ({
        harmony: familyOf(STYLES[style]),
        ...count.table(this.#all),
      })),
    };
  }
}
