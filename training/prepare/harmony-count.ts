/** Counts chords that follow chords, relative to the key, and writes them as `Harmony`. */
import {
  chordLetter,
  type Harmony,
  type Mode,
  ORDER,
  type Successors,
} from "#music/chart/progressions.ts";
import type { PiecePractice } from "./piece-practice.ts";

/** Fewest times a context must be seen, by its length, and most successors that are kept of one. */
const FEWEST = [1, 40, 150, 300] as const;
const MOST_SUCCESSORS = 8;

/** A piece counts at most this often for one succession, so that loops do not rule. */
const MOST_OF_A_PIECE = 8;

type Counts = Map<string, Map<string, number>>;

/** Counts of one family of styles. */
export class HarmonyCount {
  readonly #counts: Record<Mode, { bars: Counts; halves: Counts }> = {
    major: { bars: new Map(), halves: new Map() },
    minor: { bars: new Map(), halves: new Map() },
  };

  add({ bars, tonic, mode }: PiecePractice): void {
    const own = { bars: new Map() as Counts, halves: new Map() as Counts };
    let before = "";
    for (const { chords } of bars) {
      const [first, second] = chords;
      if (first === undefined || first === "none") {
        before = "";
        continue;
      }
      const letter = chordLetter(first, tonic);
      for (let order = 0; order <= Math.min(ORDER, before.length); order++)
        count(own.bars, before.slice(before.length - order), letter);
      if (second !== undefined && second !== "none")
        count(own.halves, letter, chordLetter(second, tonic));
      before = (before + letter).slice(-ORDER);
    }
    for (const part of ["bars", "halves"] as const)
      for (const [context, successors] of own[part])
        for (const [letter, times] of successors)
          count(this.#counts[mode][part], context, letter, Math.min(times, MOST_OF_A_PIECE));
  }

  table(): Record<Mode, Harmony> {
    const of = (mode: Mode): Harmony => ({
      bars: successors(this.#counts[mode].bars),
      halves: successors(this.#counts[mode].halves),
    });
    return { major: of("major"), minor: of("minor") };
  }
}

function count(counts: Counts, context: string, letter: string, times = 1): void {
  let successors = counts.get(context);
  if (successors === undefined) {
    successors = new Map();
    counts.set(context, successors);
  }
  successors.set(letter, (successors.get(letter) ?? 0) + times);
}

/** Contexts in order; weights from 1 to 35, those under 1 left out. */
function successors(counts: Counts): Successors {
  const table: Record<string, string> = {};
  for (const context of [...counts.keys()].sort()) {
    const ranked = [...(counts.get(context) ?? [])].sort(
      (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
    );
    const total = ranked.reduce((sum, [, times]) => sum + times, 0);
    if (total < FEWEST[context.length]) continue;
    const kept = ranked.slice(0, MOST_SUCCESSORS);
    const most = kept[0][1];
    table[context] = kept
      .map(([letter, times]) => ({ letter, weight: Math.round((35 * times) / most) }))
      .filter(({ weight }) => weight > 0)
      .map(({ letter, weight }) => letter + weight.toString(36))
      .join("");
  }
  return table;
}
