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
import { DensityGovernor } from "./density-governor.ts";
import { Pace } from "./pace.ts";
import type { Rendition } from "./rendition.ts";
import { Retakes } from "./retakes.ts";

/** Seconds ahead that no retake uses up on a machine that keeps up. */
const LEAST_AHEAD = 1.5;

/** Seconds from one tick to the next, and to spare. */
const TICK = 0.06;

/** How much longer than the pace says a retake is thought to take: notes and ticks come when they come. */
const CAUTION = 1.15;

/** What is composed from a step on; `density` is the most notes a whole note, if there is a limit. */
export type SettingsFrom = (step: number, density: number | undefined) => CompositionSettings;

/** Joins source and rendition; neither is disposed. */
export class Supply {
  readonly pace = new Pace();
  readonly #source: CompositionSource;
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

  /** Another piece begins. */
  begin(): void {
    this.pace.beginPiece();
    this.#retakes.begin();
  }

  /** A control moved that changes what is composed: what is not settled is composed anew, soon. */
  want(): void {
    this.#retakes.want();
  }

  /** Takes what arrived into the plan, but for what was taken back meanwhile. */
  receive(composed: ComposedNotes, playing: boolean): void {
    const before = this.#retakes.composedUntil;
    this.#retakes.receive(composed);
    const steps = this.#retakes.composedUntil - before;
    this.pace.add(composed.tokens, steps, composed.milliseconds, playing);
  }

  /** Orders what is missing; true where the density that is allowed changed. @param steady any steady time */
  tick(now: Seconds, steady: Seconds): boolean {
    const { secondsPerStep } = this.#rendition;
    this.#settle(now, steady);
    if (this.#retakes.isDue(steady)) this.#carryOut(now, steady);
    const changed = this.#density.update(steady, secondsPerStep);
    if (changed) this.#retakes.goOn(this.#rendition.commitStep(now));
    const target = this.pace.aheadTarget(secondsPerStep);
    this.#source.composeUntil(Math.ceil(this.#rendition.stepAt(now) + target / secondsPerStep));
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

  /** Waits while there is too little to play on from until the new music is long enough. */
  #carryOut(now: Seconds, steady: Seconds): void {
    const committed = this.#rendition.commitStep(now);
    const cost = Math.max(this.#retakes.cost, this.#expectedCost);
    if (!this.#rendition.playing) this.#retakes.carryOut(steady, committed, "goes");
    else if (this.pace.isSlow(this.#rendition.secondsPerStep))
      this.#retakes.carryOut(steady, committed, "stays");
    else if (this.#rendition.ahead(now) >= LEAST_AHEAD + TICK + cost) {
      const ready = this.#stepIn(now, LOOKAHEAD + TICK + cost);
      this.#retakes.carryOut(steady, Math.max(committed, ready), "plays on");
    }
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
