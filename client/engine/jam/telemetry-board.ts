/** The telemetry as it changes: remarks come and go, figures are shown anew a few times a second. */
import type { Seconds } from "#base/brand.ts";
import { type Remark, sameRemark } from "#base/remark.ts";
import type { Pace } from "./pace.ts";
import type { Phase } from "./phase.ts";
import { NO_TELEMETRY, situation, type Telemetry } from "./telemetry.ts";

/** Seconds between two snapshots for the figures alone (rate, seconds ahead). */
const FIGURES_INTERVAL = 0.25;

/** What the figures are made of besides the pace. */
interface Standing {
  readonly phase: Phase;
  readonly secondsPerStep: number;
  /** Seconds of music ahead of the playhead; may be negative. */
  readonly ahead: number;
  /** Steps until the newest change of a control is heard; 0 or less where it is heard at once. */
  readonly stepsUntilHeard: number;
  /** As in `Telemetry`. */
  readonly escapes: number;
  readonly surprise: number | undefined;
}

/** Holds the telemetry of one session. */
export class TelemetryBoard {
  readonly #changed: () => void;
  #telemetry = NO_TELEMETRY;
  #figuresAt = Number.NEGATIVE_INFINITY;

  /** @param changed is called after every change */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get telemetry(): Telemetry {
    return this.#telemetry;
  }

  /** Shows other values. */
  show(change: Partial<Telemetry>): void {
    this.#telemetry = { ...this.#telemetry, ...change };
    this.#changed();
  }

  /** Adds a lasting remark, unless it is there. */
  addRemark(added: Remark): void {
    const { remarks } = this.#telemetry;
    if (!remarks.some((known) => sameRemark(known, added)))
      this.show({ remarks: [...remarks, added] });
  }

  /** Takes a remark back that no longer holds. */
  dropRemark(dropped: Remark): void {
    const remarks = this.#telemetry.remarks.filter((known) => !sameRemark(known, dropped));
    if (remarks.length < this.#telemetry.remarks.length) this.show({ remarks });
  }

  /** Shows how the machine does, unless it did so a moment ago. @param steady any steady time */
  showFigures(steady: Seconds, pace: Pace, standing: () => Standing): void {
    if (steady - this.#figuresAt < FIGURES_INTERVAL) return;
    this.#figuresAt = steady;
    const { phase, secondsPerStep, ahead, stepsUntilHeard, escapes, surprise } = standing();
    const realTimeFactor = pace.realTimeFactor(secondsPerStep);
    const aheadWanted = pace.aheadWanted(secondsPerStep);
    this.show({
      rate: pace.tokensPerSecond,
      realTimeFactor,
      ahead: Math.max(0, ahead),
      aheadWanted,
      ...{ escapes, surprise },
      message: situation({
        phase,
        isSlow: pace.isSlow(secondsPerStep),
        realTimeFactor,
        ahead,
        aheadWanted,
        untilHeard: stepsUntilHeard * secondsPerStep,
      }),
    });
  }
}
