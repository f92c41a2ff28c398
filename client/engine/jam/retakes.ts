/**
 * When music that is composed and not heard yet is taken back, and from where. A moved control asks for a retake. While
 * music plays, what was planned plays on until what takes its place is long enough, and only then gives way: however
 * long a control is dragged, what lies ahead does not drain. The next retake waits for that, so retakes are as far apart
 * as they cost. It begins at the commit horizon, or later where it takes longer than that to be long enough.
 *
 * A slow machine keeps what it has while it plays, since taking it back would stop the music; then the change is heard
 * once that has passed.
 */
import type { Seconds } from "#base/brand.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import type { Plan } from "#engine/play/plan.ts";
import type { Note } from "#music/note.ts";
import { Revisions } from "./revisions.ts";

/** Seconds between two retakes at least, while a control is being moved. */
const RETAKE_INTERVAL = 0.15;

/** Seconds that a retake is thought to take before the first has shown it, and at most. */
const COST = { first: 0.1, most: 2 } as const;

/** What is planned while a retake is carried out: it goes at once, plays on until there is other music, or stays. */
export type OldPlan = "goes" | "plays on" | "stays";

/** Where things stand, in steps, and any steady time. */
export interface Standing {
  readonly steady: Seconds;
  /** Music up to here is long enough. */
  readonly enough: number;
  /** What begins before this step is about to be handed to the player; none while nothing plays. */
  readonly handing: number;
}

/** Music that is to take the place of what is planned from a step on. */
interface Successor {
  readonly from: number;
  readonly notes: Note[];
  readonly orderedAt: Seconds;
  /** Where the piece ends with it, once that is composed. */
  endsAt?: number;
}

/** The retakes of one session, on its plan and its source. */
export class Retakes {
  readonly #plan: Plan;
  readonly #source: CompositionSource;
  readonly #settingsFrom: (step: number) => CompositionSettings;
  readonly #revisions = new Revisions();
  #wanted = false;
  #carriedOutAt = Number.NEGATIVE_INFINITY;
  #heardAt = 0;
  #successor: Successor | undefined;
  #cost: number = COST.first;
  /** Nothing before this step is taken back. */
  #held = 0;

  /** @param settingsFrom what is to be composed from a step on */
  constructor(
    plan: Plan,
    source: CompositionSource,
    settingsFrom: (step: number) => CompositionSettings,
  ) {
    this.#plan = plan;
    this.#source = source;
    this.#settingsFrom = settingsFrom;
  }

  /** Step at which the newest change is heard, where that is far ahead; else 0. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Seconds that a retake takes until its music is long enough, by those before it. */
  get cost(): number {
    return this.#cost;
  }

  /** Steps up to which the newest music is complete, that which is to take a place included. */
  get composedUntil(): number {
    const next = this.#successor;
    if (next === undefined) return this.#plan.composedUntil;
    return next.endsAt ?? next.notes.at(-1)?.onset ?? next.from;
  }

  /** Whether music is being composed that is to take the place of other. */
  get underWay(): boolean {
    return this.#successor !== undefined;
  }

  /** Another piece begins, or one goes on whose `heard` notes stand already. */
  begin(heard: readonly Note[] = []): void {
    const step = heard.at(-1)?.onset ?? 0;
    this.#wanted = false;
    this.#heardAt = 0;
    this.#successor = undefined;
    this.#held = 0;
    this.#plan.clear();
    this.#plan.add(heard);
    this.#plan.take(Number.POSITIVE_INFINITY);
    this.#revisions.begin(this.#source.begin(this.#settingsFrom(step), heard));
    this.#source.composeUntil(step + 1);
  }

  /** A control moved that changes what is composed. */
  want(): void {
    this.#wanted = true;
  }

  /** Whether one is to be carried out. @param steady any steady time */
  isDue(steady: Seconds): boolean {
    const waits = this.#successor !== undefined || steady - this.#carriedOutAt < RETAKE_INTERVAL;
    return this.#wanted && !waits;
  }

  /** Carries out what is due. @param committed what lies before this step is not taken back */
  carryOut(steady: Seconds, committed: number, old: OldPlan): void {
    this.#wanted = false;
    this.#carriedOutAt = steady;
    this.#takePlace();
    const from = this.#from(old === "stays" ? this.#end(committed) : committed);
    this.#heardAt = old === "stays" ? from : 0;
    if (old === "plays on") this.#successor = { from, notes: [], orderedAt: steady };
    this.#retake(from);
  }

  /** What is not composed yet keeps to other settings; what is planned stays. */
  goOn(committed: number): void {
    this.#retake(this.#from(this.#end(committed)));
  }

  /** As `carryOut`, exactly from `step` on; until `release` nothing before it is taken back, since there other settings hold. */
  holdFrom(step: number, steady: Seconds, old: OldPlan): void {
    this.#held = step;
    this.carryOut(steady, step, old);
  }

  /** What lies before the step of `holdFrom` may be taken back again. */
  release(): void {
    this.#held = 0;
  }

  /** Takes what arrived into the plan, or into what is to take its place, but for what was taken back meanwhile. */
  receive(composed: ComposedNotes): void {
    const next = this.#successor;
    const notes = this.#revisions.valid(composed);
    this.#plan.add(notes.filter(({ onset }) => next === undefined || onset < next.from));
    next?.notes.push(...notes.filter(({ onset }) => onset >= next.from));
    const { endsAt } = composed;
    if (endsAt === undefined || !this.#revisions.isNewest(composed.revision)) return;
    if (next === undefined) this.#plan.endAt(endsAt);
    else next.endsAt = endsAt;
  }

  /** Lets new music take its place once it is long enough, as long as the old, or cannot wait any longer. */
  settle({ steady, enough, handing }: Standing): void {
    const next = this.#successor;
    if (next === undefined) return;
    const until = this.composedUntil;
    const isLong = until >= enough || next.endsAt !== undefined;
    if (!isLong && until < this.#plan.composedUntil && next.from > handing) return;
    const took = steady - next.orderedAt;
    if (isLong) this.#cost = Math.max(took, (this.#cost + took) / 2);
    else if (next.from <= handing) this.#cost = Math.min(COST.most, 2 * this.#cost);
    this.#takePlace();
  }

  #takePlace(): void {
    const next = this.#successor;
    if (next === undefined) return;
    this.#successor = undefined;
    this.#plan.dropFrom(next.from);
    this.#plan.add(next.notes);
    if (next.endsAt !== undefined) this.#plan.endAt(next.endsAt);
  }

  /** The whole step from which on music may be taken back. */
  #from(step: number): number {
    return Math.max(Math.ceil(step), this.#held);
  }

  #end(committed: number): number {
    return Math.max(this.composedUntil, committed);
  }

  #retake(from: number): void {
    const settings = this.#settingsFrom(from);
    const next = this.#successor;
    if (next === undefined) this.#plan.dropFrom(from);
    else
      while (next.notes.length > 0 && next.notes[next.notes.length - 1].onset >= from)
        next.notes.pop();
    this.#revisions.retake(this.#source.retake(from, settings), from);
  }
}
