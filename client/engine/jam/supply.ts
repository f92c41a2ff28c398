/**
 * The music ahead of a rendition: ordered from the source, taken back where a control moved, and as dense as the pace
 * allows. Composed 4 s ahead where the machine keeps up; where it does not, farther, and the band is thinned.
 */
import { type Seconds, seconds } from "#base/brand.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import { LOOKAHEAD } from "#engine/play/scheduler.ts";
import type { Note } from "#music/note.ts";
import { DensityGovernor } from "./density-governor.ts";
import { Pace } from "./pace.ts";
import type { Rendition } from "./rendition.ts";
import { type OldPlan, Retakes } from "./retakes.ts";
import { Surprise } from "./surprise.ts";

/** Seconds ahead that no retake uses up on a machine that keeps up. */
const LEAST_AHEAD = 1.5;

/** Seconds from one tick to the next, and to spare. */
const TICK = 0.06;

/** How much longer than the pace says a retake is thought to take: notes and ticks come when they come. */
const CAUTION = 1.15;

/** Seconds of music ahead, while it plays, below which the band is held to what the machine can compose. */
const RUNS_LOW = 1;

/** Seconds ahead beyond those that are wanted at least, while the machine has something else to draw. */
const SPARE = 0.5;

/** What is composed from a step on; `density` is the most notes a whole note, if there is a limit. */
export type SettingsFrom = (step: number, density: number | undefined) => CompositionSettings;

/** Joins source and rendition; neither is disposed. */
export class Supply {
  readonly pace = new Pace();
  /** Something else is to be drawn, too: no more is composed ahead than is wanted at least. */
  sharing = false;
  readonly #source: CompositionSource;
  #escapes = 0;
  readonly #surprise = new Surprise();
  readonly #rendition: Rendition;
  readonly #retakes: Retakes;
  readonly #density = new DensityGovernor(this.pace);

  constructor(source: CompositionSource, rendition: Rendition, settingsFrom: SettingsFrom) {
    this.#source = source;
    this.#rendition = rendition;
    this.#retakes = new Retakes(rendition.plan, source, (step) =>
      settingsFrom(step, this.#density.limit),
    );
  }

  /** Step at which the newest change is heard, where that is far ahead; else 0. */
  get heardAt(): number {
    return this.#retakes.heardAt;
  }

  /** Whether the machine allows less than a full band. */
  get thins(): boolean {
    return this.#density.thins;
  }

  /** Seconds ahead wanted before playing begins. */
  get aheadWanted(): number {
    return this.pace.aheadWanted(this.#rendition.secondsPerStep);
  }

  /** Another piece begins, or one goes on whose `heard` notes stand already. */
  begin(heard: readonly Note[] = []): void {
    this.pace.beginPiece();
    this.#surprise.clear();
    this.#retakes.begin(heard);
  }

  /** A control moved that changes what is composed: what is not settled is composed anew, soon. */
  want(): void {
    this.#retakes.want();
  }

  /**
   * Takes music back from the next bar line on that can still be reached, under what `settingsFrom` says there.
   * @param held is told the step first @returns false where there is none yet: ask again soon
   */
  takeBackFromBar(now: Seconds, steady: Seconds, held: (step: number) => void): boolean {
    const opening = this.#retakes.underWay ? undefined : this.#openingAt(now);
    if (opening === undefined) return false;
    const bar = this.#rendition.nextBar(opening.step);
    if (opening.old !== "stays" && this.#retakes.composedUntil < bar) return false;
    held(bar);
    this.#retakes.holdFrom(bar, steady, opening.old);
    return true;
  }

  /** Nothing is on its way any more: music is taken back from where it is settled, as ever. */
  release(): void {
    this.#retakes.release();
  }

  /** How the music does: how often it was led out of a rut since the piece began, and nats a bar, where they are known. */
  healthAt(now: Seconds): { readonly escapes: number; readonly surprise: number | undefined } {
    const { metres } = this.#rendition;
    const { steps } = metres.barAt(Math.max(0, this.#rendition.stepAt(now)));
    const { perStep } = this.#surprise;
    return { escapes: this.#escapes, surprise: perStep && perStep * steps };
  }

  /** Takes what arrived into the plan, but for what was taken back meanwhile. */
  receive(composed: ComposedNotes, playing: boolean): void {
    this.#escapes = composed.escapes ?? 0;
    const before = this.#retakes.composedUntil;
    this.#retakes.receive(composed);
    const steps = this.#retakes.composedUntil - before;
    const { tokens, given = 0, milliseconds, surprise } = composed;
    if (surprise !== undefined) this.#surprise.add(surprise, Math.max(0, steps));
    // What was not drawn says nothing of how fast this machine draws.
    if (given < tokens) this.pace.add(tokens - given, steps, milliseconds, playing);
  }

  /** Orders what is missing; true where the density that is allowed changed. @param steady any steady time */
  tick(now: Seconds, steady: Seconds): boolean {
    const { secondsPerStep, playing, plan } = this.#rendition;
    this.#settle(now, steady);
    const isOver = plan.isWhole && !playing;
    const opening = this.#retakes.isDue(steady) && !isOver ? this.#openingAt(now) : undefined;
    if (opening !== undefined) this.#retakes.carryOut(steady, opening.step, opening.old);
    const runsLow = playing && this.#rendition.ahead(now) < RUNS_LOW;
    const changed = this.#density.update(steady, secondsPerStep, runsLow);
    if (changed && !plan.isWhole) this.#retakes.goOn(this.#rendition.commitStep(now));
    const most = this.sharing ? this.aheadWanted + SPARE : Number.POSITIVE_INFINITY;
    const target = Math.min(most, this.pace.aheadTarget(secondsPerStep));
    const enough = this.#rendition.stepAt(now) + target / secondsPerStep;
    // However far ahead music is settled, some beyond it can be taken back.
    const settled = this.#rendition.commitStep(now) + LEAST_AHEAD / secondsPerStep;
    this.#source.composeUntil(Math.ceil(Math.max(enough, settled)));
    return changed;
  }

  #settle(now: Seconds, steady: Seconds): void {
    const { playing } = this.#rendition;
    this.#retakes.settle({
      steady,
      enough: playing ? this.#stepIn(now, LEAST_AHEAD + TICK) : 0,
      handing: this.#stepIn(now, LOOKAHEAD + TICK),
    });
  }

  /** From where music can be taken back, and what becomes of the old; undefined while there is too little to play on from. */
  #openingAt(now: Seconds): { readonly step: number; readonly old: OldPlan } | undefined {
    const step = this.#rendition.commitStep(now);
    if (!this.#rendition.playing) return { step, old: "goes" };
    if (this.pace.isSlow(this.#rendition.secondsPerStep))
      return { step: Math.max(step, this.#retakes.composedUntil), old: "stays" };
    const cost = Math.max(this.#retakes.cost, this.#expectedCost);
    if (this.#rendition.ahead(now) < LEAST_AHEAD + TICK + cost) return undefined;
    // What is settled has to be there first: nothing is composed into it afterwards.
    if (this.#retakes.composedUntil < step) return undefined;
    return { step: Math.max(step, this.#stepIn(now, LOOKAHEAD + TICK + cost)), old: "plays on" };
  }

  /** Seconds until a retake is long enough at this pace; what is handed over meanwhile is not composed anew. */
  get #expectedCost(): number {
    const factor = this.pace.realTimeFactor(this.#rendition.secondsPerStep);
    return factor > 0 ? CAUTION * (TICK + (LEAST_AHEAD + TICK - LOOKAHEAD) / factor) : 0;
  }

  /** The step that plays in so many seconds. */
  #stepIn(now: Seconds, wait: number): number {
    return this.#rendition.stepAt(seconds(now + wait));
  }
}
