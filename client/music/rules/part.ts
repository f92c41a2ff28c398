/**
 * What one instrument may play: its register, how many notes it sounds at once, how dense it gets. The register is a rule
 * like others (pitch-rules.ts); the other two have to be waited for, until a note ends or what is owed is paid.
 */
import { DensityLimit } from "./density-limit.ts";

/** Limits of one instrument; open where undefined. */
export interface PartLimits {
  /** Lowest and highest pitch, within the kit's range. */
  readonly register?: readonly [lowest: number, highest: number];
  /** Most notes that sound at once, a positive integer. */
  readonly polyphony?: number;
  /** Most notes a whole note, a positive integer; see density-limit.ts. */
  readonly density?: number;
}

/** Whether two limits say the same. */
export const sameLimits = (a: PartLimits, b: PartLimits): boolean =>
  a.register?.[0] === b.register?.[0] &&
  a.register?.[1] === b.register?.[1] &&
  a.polyphony === b.polyphony &&
  a.density === b.density;

/** Steps after which no density makes wait any longer: time tokens reach past them with room to spare. */
const LONGEST_WAIT = 64;

/** What an instrument has played, as far as its limits ask. */
export class Part {
  readonly #limits: PartLimits;
  readonly #density: DensityLimit | undefined;
  #onset = 0;
  /** Where notes end that may still sound, ascending. */
  #ends: readonly number[] = [];

  /** @param before the part until now, under other limits */
  constructor(limits: PartLimits, before?: Part) {
    const { density } = limits;
    this.#limits = limits;
    const owed = before === undefined ? undefined : before.#density;
    if (density !== undefined) this.#density = new DensityLimit(density, owed);
    if (before === undefined) return;
    this.#onset = before.#onset;
    this.#ends = before.#ends;
  }

  /** Whether anything has to be waited for at all. */
  get isFree(): boolean {
    return this.#limits.polyphony === undefined && this.#density === undefined;
  }

  /** Whether another note may be struck at `onset`, not before the newest. */
  mayStrike(onset: number): boolean {
    if (onset < this.#endOfPolyphony) return false;
    const density = this.#density;
    if (density === undefined) return true;
    return onset > this.#onset ? onset >= this.#endOfDensity : density.mayJoin;
  }

  /** The first step after `onset` at which that may change. */
  changesAfter(onset: number): number {
    if (this.isFree) return Number.POSITIVE_INFINITY;
    const places = [this.#onset + 1, this.#endOfPolyphony, this.#endOfDensity];
    return Math.min(...places.filter((place) => place > onset));
  }

  /** A note was struck. */
  push(onset: number, duration: number): void {
    this.#density?.push(onset - this.#onset);
    this.#onset = onset;
    const sounding = this.#ends.filter((end) => end > onset);
    this.#ends = [...sounding, onset + duration].sort((a, b) => a - b);
  }

  /** From this step on fewer notes sound than may. */
  get #endOfPolyphony(): number {
    const { polyphony } = this.#limits;
    return polyphony === undefined ? 0 : (this.#ends.at(-polyphony) ?? 0);
  }

  get #endOfDensity(): number {
    return this.#onset + Math.min(LONGEST_WAIT, this.#density?.spacing ?? 0);
  }
}
