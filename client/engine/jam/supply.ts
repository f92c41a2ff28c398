/**
 * The music ahead of a rendition: ordered from the source, taken back where a control moved, and as dense as the pace
 * allows. Composed 4 s ahead where the machine keeps up; where it does not, farther, and the band is thinned.
 */
import type { Seconds } from "#base/brand.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import { DensityGovernor } from "./density-governor.ts";
import { Pace } from "./pace.ts";
import type { Rendition } from "./rendition.ts";
import { Retakes } from "./retakes.ts";

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
    const { plan } = this.#rendition;
    const before = plan.composedUntil;
    plan.add(this.#retakes.valid(composed));
    const steps = plan.composedUntil - before;
    this.pace.add(composed.tokens, steps, composed.milliseconds, playing);
  }

  /** Orders what is missing; true where the density that is allowed changed. @param steady any steady time */
  tick(now: Seconds, steady: Seconds): boolean {
    const { secondsPerStep, playing } = this.#rendition;
    if (this.#retakes.isDue(steady)) {
      const keeps = this.pace.isSlow(secondsPerStep) && playing;
      this.#retakes.carryOut(steady, this.#rendition.commitStep(now), keeps);
    }
    const changed = this.#density.update(steady, secondsPerStep);
    if (changed) this.#retakes.goOn(this.#rendition.commitStep(now));
    const target = this.pace.aheadTarget(secondsPerStep);
    this.#source.composeUntil(Math.ceil(this.#rendition.stepAt(now) + target / secondsPerStep));
    return changed;
  }
}
