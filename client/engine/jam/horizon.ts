/** How far the music reaches from now: what is composed ahead of the playhead, and what of it is settled. */
import { type Seconds, seconds } from "#base/brand.ts";
import type { Plan } from "#engine/play/plan.ts";
import type { Scheduler } from "#engine/play/scheduler.ts";
import type { Transport } from "#engine/play/transport.ts";
import type { MetreMap } from "#music/metre.ts";
import { secondsPerStep } from "#music/units.ts";

/** The least and the most of the commit horizon, in seconds. */
const COMMIT_RANGE = { least: 0.25, most: 4 } as const;

/** What it is read from. */
interface HorizonParts {
  readonly plan: Plan;
  readonly transport: Transport;
  readonly scheduler: Scheduler;
}

/** Reads plan, transport and scheduler; changes none. Remembers what it said. */
export class Horizon {
  /** How far ahead music is settled, in beats. */
  beats = 1;
  readonly #plan: Plan;
  readonly #transport: Transport;
  readonly #scheduler: Scheduler;
  readonly #metres: () => MetreMap;
  /** What was once said to be settled stays so, whatever becomes of the tempo. */
  #settled = 0;

  constructor({ plan, transport, scheduler }: HorizonParts, metres: () => MetreMap) {
    this.#plan = plan;
    this.#transport = transport;
    this.#scheduler = scheduler;
    this.#metres = metres;
  }

  /** Another piece begins. */
  begin(): void {
    this.#settled = 0;
  }

  /** At the tempo now. */
  get secondsPerStep(): number {
    return secondsPerStep(this.#transport.tempo);
  }

  /** Seconds of music composed ahead of the playhead; negative where the playhead has passed its end. */
  ahead(now: Seconds): number {
    return (this.#plan.composedUntil - this.#transport.stepAt(now)) * this.secondsPerStep;
  }

  /** What lies before this step is not taken back: some beats ahead, and all that was handed over. */
  commitStep(now: Seconds): number {
    const step = this.#transport.stepAt(now);
    if (!this.#transport.playing) {
      this.#settled = 0;
      return step;
    }
    const { start, end } = this.#metres().beatAt(step);
    const wanted = this.beats * (end - start) * this.secondsPerStep;
    const ahead = Math.min(COMMIT_RANGE.most, Math.max(COMMIT_RANGE.least, wanted));
    const horizon = Math.max(now + ahead, this.#scheduler.handedUntil);
    this.#settled = Math.max(this.#settled, this.#transport.stepAt(seconds(horizon)));
    return this.#settled;
  }
}
