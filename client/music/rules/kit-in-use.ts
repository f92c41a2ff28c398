/**
 * The drums' keys that are in use: a drummer sits at one kit. In real music 87 % of bars strike no key that the four bars
 * before had not (of 40,000 bars in 638 files; 8 % strike one, 3 % two), and a bar has few keys for its strokes. A small
 * model strays from the kit in every other bar.
 */
import { type ChartBar, HIGHEST_NOVELTY } from "#music/chart/chart.ts";
import { DRUMS } from "#music/instrument.ts";

/** Bars after which a key that was not struck is out of use. */
const REMEMBERED_BARS = 4;

/**
 * Most different keys in a bar, by its level of strokes. A model takes all that it may, so usual bars have what half of real
 * ones have at the most that bring in no key (of 7,700 in 213 files), and fills what three quarters of those have that do.
 */
const MOST_KEYS = {
  fill: [0, 1, 3, 4, 5, 7, 11, 14],
  usual: [0, 1, 2, 3, 3, 4, 6, 12],
} as const;

/** Keys that a bar may bring in: where the chart wants it to be wholly new, a fill or a beginning, and else. */
const BROUGHT_IN = { fill: 2, usual: 0 } as const;

/** A kit of fewer keys takes another in any bar. */
const SMALL_KIT = 3;

type Keys = ReadonlySet<number>;

const NONE: Keys = new Set();

/** See the header. Immutable. */
export class KitInUse {
  /** Struck in this bar. */
  readonly #struck: Keys;
  /** Struck in those before it, newest first. */
  readonly #before: readonly Keys[];
  /** All of those before. */
  readonly #used: Keys;

  constructor(struck: Keys = NONE, before: readonly Keys[] = []) {
    this.#struck = struck;
    this.#before = before;
    this.#used = new Set(before.flatMap((keys) => [...keys]));
  }

  /** With a key that was struck. */
  with(key: number): KitInUse {
    return this.#struck.has(key)
      ? this
      : new KitInUse(new Set([...this.#struck, key]), this.#before);
  }

  /** `bars` bars later. @param bars at least 1 */
  after(bars: number): KitInUse {
    const rests = Array.from({ length: Math.min(bars - 1, REMEMBERED_BARS) }, () => NONE);
    const before = [...rests, this.#struck, ...this.#before].slice(0, REMEMBERED_BARS);
    return new KitInUse(NONE, before);
  }

  /** Clears the keys that may not be struck next in the bar. @param allowed (1,536) 1 or 0 */
  narrow(allowed: Uint8Array, bar: ChartBar): void {
    const keys = this.#keysFor(bar);
    if (keys === undefined) return;
    const own = allowed.subarray(DRUMS * 128, (DRUMS + 1) * 128);
    // Who has none left that is in use takes what there is.
    if (!own.some((may, key) => may === 1 && keys.has(key))) return;
    for (const key of own.keys()) if (!keys.has(key)) own[key] = 0;
  }

  /** A number from 0 to 63 that stays while `narrow` says the same of the bar and, with `after`, of the next. */
  hearing(bar: ChartBar): number {
    const recent = this.#before.slice(0, REMEMBERED_BARS - 1);
    const unlike = [...this.#struck].filter((key) => !recent.some((keys) => keys.has(key)));
    return Number(this.#isFull(bar)) + 2 * Number(this.#isKept(bar)) + 4 * (unlike.length % 16);
  }

  /** Undefined where any may be. */
  #keysFor(bar: ChartBar): Keys | undefined {
    if (this.#isFull(bar)) return this.#struck;
    return this.#isKept(bar) ? new Set([...this.#used, ...this.#struck]) : undefined;
  }

  #isFull({ drumDensity, novelty }: ChartBar): boolean {
    if (drumDensity === undefined) return false;
    const most = novelty === HIGHEST_NOVELTY ? MOST_KEYS.fill : MOST_KEYS.usual;
    return this.#struck.size >= most[drumDensity];
  }

  /** Whether no other key may come in. */
  #isKept({ novelty }: ChartBar): boolean {
    const used = this.#used;
    if (novelty === undefined || used.size === 0) return false;
    const broughtIn = [...this.#struck].filter((key) => !used.has(key)).length;
    const may = novelty === HIGHEST_NOVELTY ? BROUGHT_IN.fill : BROUGHT_IN.usual;
    return broughtIn >= Math.max(may, used.size < SMALL_KIT ? 1 : 0);
  }
}
