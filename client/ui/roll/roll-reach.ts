/**
 * How much music the roll shows and where its playhead stands, fitted to what is planned: a third of
 * the screen that can never fill is of no use to a player. The scale changes at bar lines alone, and
 * not because a control took the plan back for a moment, so that nothing jumps under the eye.
 */
import type { MetreMap } from "#music/metre.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import type { Timeline } from "../surface-model.ts";

/** The stretch of music in view. */
export interface Reach {
  /** Whole notes in view, bars of 4/4: another metre moves the bar lines and not the scale. */
  readonly wholes: number;
  /** Where the playhead stands once the music moves, as a share 0-1 of the width. */
  readonly playhead: number;
}

/** Fewest whole notes in view: fewer are no phrase. */
const LEAST_WHOLES = 4;
/** The playhead with little ahead of it, and with more than the widest view holds. */
const PLAYHEAD = { late: 0.6, early: 0.36 } as const;
/** The plan may fill this much less of its room before the view is drawn in. */
const SLACK = 1.5;

/** Whole notes in view at least, and the playhead, where bars to come are looked at before they are composed: three bars ahead, of which the plan is two. */
const OUTLOOK = { wholes: 6, playhead: 0.5 } as const;

/** The smallest view that holds `ahead` steps after its playhead, of at most `most` whole notes. */
export function reachFor(ahead: number, most: number): Reach {
  const room = (1 - PLAYHEAD.late) * STEPS_PER_WHOLE;
  const wholes = Math.max(LEAST_WHOLES, Math.ceil(ahead / room));
  return wholes <= most
    ? { wholes, playhead: PLAYHEAD.late }
    : { wholes: most, playhead: Math.max(PLAYHEAD.early, 1 - ahead / (most * STEPS_PER_WHOLE)) };
}

/** The reach of one roll from frame to frame. */
export class RollReach {
  #reach: Reach | undefined;
  #bar = -1;
  #most = 0;
  /** The longest plan seen in this bar and in the one before. */
  #peaks = [0, 0];

  /**
   * The reach now.
   * @param most whole notes that the width holds at the least scale
   * @param outlook shows bars that are not planned yet, too
   */
  at(timeline: Timeline, metres: MetreMap, most: number, outlook = false): Reach {
    const fitting = this.#fittingAt(timeline, metres, most);
    if (!outlook) return fitting;
    const wholes = Math.min(most, Math.max(OUTLOOK.wholes, fitting.wholes));
    return { wholes, playhead: Math.min(OUTLOOK.playhead, fitting.playhead) };
  }

  #fittingAt({ step, plannedStep }: Timeline, metres: MetreMap, most: number): Reach {
    const ahead = Math.max(0, plannedStep - step);
    const bar = metres.barAt(step).index;
    const turned = bar !== this.#bar;
    if (turned) this.#peaks = [0, bar === this.#bar + 1 ? this.#peaks[0] : 0];
    this.#peaks[0] = Math.max(this.#peaks[0], ahead);
    // Before the first bar is over the plan only grows; from then on the scale keeps to bar lines.
    if (turned || bar === 0 || most !== this.#most || this.#reach === undefined) {
      const fitting = reachFor(Math.max(...this.#peaks), most);
      this.#reach = this.#settled(fitting, most);
    }
    this.#bar = bar;
    this.#most = most;
    return this.#reach;
  }

  #settled(fitting: Reach, most: number): Reach {
    const before = this.#reach;
    if (before === undefined || most !== this.#most) return fitting;
    const holds = before.playhead === fitting.playhead && before.wholes >= fitting.wholes;
    return holds && before.wholes <= fitting.wholes * SLACK ? before : fitting;
  }
}
