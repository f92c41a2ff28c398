/** What the screen shows: one immutable snapshot, made anew at every change. */
import { type Course, repeatsBars } from "./course.ts";
import type { Futures } from "./futures-desk.ts";
import type { Performance } from "./performance.ts";
import type { Phase } from "./phase.ts";
import type { Telemetry } from "./telemetry.ts";

/** The snapshot: the phase, what the player has set, and what is only shown. */
export interface SessionState extends Performance, Telemetry {
  readonly phase: Phase;
  /** Whether a decision can be taken back, and one that was be made again. */
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Step from which another performance holds; undefined where none is on its way. */
  readonly comingStep: number | undefined;
  /** Where that one leads the piece. */
  readonly comingCourse: Course | undefined;
  /** Bars of a piece that was left in play, and can be gone on with; undefined where there is none. */
  readonly leftBars: number | undefined;
  /** The end of a bar is waited for: what the human plays up to there is to go round. */
  readonly records: boolean;
  /** The same, for what sounds up to there to be kept. */
  readonly keeps: boolean;
  /** Ways to go on that were asked for. */
  readonly futures: Futures | undefined;
  /** It stops with the bar. */
  readonly stops: boolean;
  /** The piece was asked to end, or has ended. */
  readonly ending: boolean;
}

/** Whether bars go round, or will from a bar line on: a press then lets them go, on the page and on hardware. */
export const isRepeating = ({
  course,
  comingCourse,
}: Pick<SessionState, "course" | "comingCourse">): boolean => repeatsBars(comingCourse ?? course);
