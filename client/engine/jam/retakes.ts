/**
 * When music that is composed and not heard yet is taken back, and from where. A moved control asks for a retake; while it
 * moves on, one is carried out at most every 0.15 s. It begins at the commit horizon, but a slow machine keeps what
 * it has while it plays, since taking it back would stop the music; then the change is heard once that has passed.
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

/** Seconds between two retakes while a control is being moved. */
const RETAKE_INTERVAL = 0.15;

/** The retakes of one session, on its plan and its source. */
export class Retakes {
  readonly #plan: Plan;
  readonly #source: CompositionSource;
  readonly #settingsFrom: (step: number) => CompositionSettings;
  readonly #revisions = new Revisions();
  #wanted = false;
  #carriedOutAt = Number.NEGATIVE_INFINITY;
  #heardAt = 0;

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

  /** Another piece begins. */
  begin(): void {
    this.#wanted = false;
    this.#heardAt = 0;
    this.#plan.clear();
    this.#revisions.begin(this.#source.begin(this.#settingsFrom(0)));
    this.#source.composeUntil(1);
  }

  /** A control moved that changes what is composed. */
  want(): void {
    this.#wanted = true;
  }

  /** Whether one is to be carried out. @param steady any steady time */
  isDue(steady: Seconds): boolean {
    return this.#wanted && steady - this.#carriedOutAt >= RETAKE_INTERVAL;
  }

  /**
   * Carries out what is due.
   * @param committed what lies before this step is not taken back @param keeps whether nothing planned is
   */
  carryOut(steady: Seconds, committed: number, keeps: boolean): void {
    this.#wanted = false;
    this.#carriedOutAt = steady;
    const from = keeps ? this.#planEnd(committed) : committed;
    this.#heardAt = keeps ? from : 0;
    this.#retake(from);
  }

  /** What is not composed yet keeps to other settings; what is planned stays. */
  goOn(committed: number): void {
    this.#retake(this.#planEnd(committed));
  }

  /** The notes of a batch that were not taken back since they were composed. */
  valid(composed: ComposedNotes): readonly Note[] {
    return this.#revisions.valid(composed);
  }

  #planEnd(committed: number): number {
    return Math.max(this.#plan.composedUntil, committed);
  }

  #retake(step: number): void {
    const from = Math.ceil(step);
    const settings = this.#settingsFrom(from);
    this.#plan.dropFrom(from);
    this.#revisions.retake(this.#source.retake(from, settings), from);
  }
}
