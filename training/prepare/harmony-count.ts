/** Counts chords that follow chords, relative to the key, by kind of metre and in all, and writes them as `Harmony`. */
import {
  chordLetter,
  type Harmony,
  METRE_KINDS,
  type MetreKind,
  type Mode,
  metreKind,
  ORDER,
  type Succession,
  type Successors,
} from "#music/chart/progressions.ts";
import type { PiecePractice } from "./piece-practice.ts";

/** Fewest times a context must be seen, by its length: in all metres, and in those of one kind to count before all. */
const FEWEST = [1, 40, 150, 300] as const;
const FEWEST_OF_KIND = [1000, 200, 1000, 2000] as const;

/** Most successors that are kept of a context. */
const MOST_SUCCESSORS = 8;

/** A piece counts at most this often for one succession, so that loops do not rule. */
const MOST_OF_A_PIECE = 8;

/** Fewest pieces in a mode that say what music of their family does. */
const FEWEST_PIECES_OF_MODE = 20;

const MODES = ["major", "minor"] as const satisfies readonly Mode[];

type Counts = Map<string, Map<string, number>>;

/** Counts of a `Succession`. */
class SuccessionCount {
  readonly bars: Counts = new Map();
  readonly halves: Counts = new Map();

  /** Adds what a piece has, of each succession so many times at most. */
  add(piece: SuccessionCount): void {
    for (const part of ["bars", "halves"] as const)
      for (const [context, successors] of piece[part])
        for (const [letter, times] of successors)
          count(this[part], context, letter, Math.min(times, MOST_OF_A_PIECE));
  }

  table(fewest: readonly number[]): Succession {
    return { bars: successors(this.bars, fewest), halves: successors(this.halves, fewest) };
  }
}

const byKind = <Value>(of: (kind: MetreKind) => Value): Record<MetreKind, Value> =>
  Object.fromEntries(METRE_KINDS.map((kind) => [kind, of(kind)])) as Record<MetreKind, Value>;

/** Counts of one mode, or of one piece. */
class MetredCount {
  /** Pieces with a chord at all. */
  pieces = 0;
  readonly all = new SuccessionCount();
  readonly kinds = byKind(() => new SuccessionCount());

  add(piece: MetredCount): void {
    if (piece.all.bars.has("")) this.pieces++;
    this.all.add(piece.all);
    for (const kind of METRE_KINDS) this.kinds[kind].add(piece.kinds[kind]);
  }

  table(): Harmony {
    return {
      ...this.all.table(FEWEST),
      metres: byKind((kind) => this.kinds[kind].table(FEWEST_OF_KIND)),
    };
  }
}

/** Counts of one family of styles. */
export class HarmonyCount {
  readonly #modes = { major: new MetredCount(), minor: new MetredCount() };

  add({ bars, tonic, mode }: PiecePractice): void {
    const piece = new MetredCount();
    let before = "";
    for (const { steps, chords } of bars) {
      const [first, second] = chords;
      if (first === undefined || first === "none") {
        before = "";
        continue;
      }
      const letter = chordLetter(first, tonic);
      for (const counted of [piece.all, piece.kinds[metreKind(steps)]]) {
        for (let order = 0; order <= Math.min(ORDER, before.length); order++)
          count(counted.bars, before.slice(before.length - order), letter);
        if (second !== undefined && second !== "none")
          count(counted.halves, letter, chordLetter(second, tonic));
      }
      before = (before + letter).slice(-ORDER);
    }
    this.#modes[mode].add(piece);
  }

  /** The mode of which there is no succession at all. */
  get missing(): Mode | undefined {
    return MODES.find((mode) => !this.#modes[mode].all.bars.has(""));
  }

  /** A mode of fewer than `FEWEST_PIECES_OF_MODE` has the counts of `all` music. */
  table(all: HarmonyCount): Record<Mode, Harmony> {
    const counted = (mode: Mode): MetredCount =>
      (this.#modes[mode].pieces < FEWEST_PIECES_OF_MODE ? all : this).#modes[mode];
    return { major: counted("major").table(), minor: counted("minor").table() };
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
function successors(counts: Counts, fewest: readonly number[]): Successors {
  const table: Record<string, string> = {};
  for (const context of [...counts.keys()].sort()) {
    const ranked = [...(counts.get(context) ?? [])].sort(
      (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
    );
    const total = ranked.reduce((sum, [, times]) => sum + times, 0);
    if (total < fewest[context.length]) continue;
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
