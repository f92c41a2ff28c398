/** What is only shown: how the machine does and what the person should know. Nothing here is kept, undone or played. */

import type { Phase } from "./phase.ts";

/** The model that composes. */
export interface ModelName {
  readonly id: string;
  readonly parameters: number;
  /** Why no faster backend runs it, a sentence each; empty where the fastest does. */
  readonly reasons: readonly string[];
}

/** See the header. */
export interface Telemetry {
  /** What a person should know now, one sentence; empty when all is well. */
  readonly message: string;
  /** Lasting remarks: what this browser lacks and what is done instead. */
  readonly remarks: readonly string[];
  /** Bytes of weights that arrived; undefined when none are on their way. */
  readonly loading: { readonly loadedBytes: number; readonly totalBytes: number } | undefined;
  readonly model: ModelName | undefined;
  readonly backend: string | undefined;
  /** Tokens composed a second while composing; 0 before the first. */
  readonly rate: number;
  /** Seconds of music composed a second of composing, at the tempo now; 0 before the first. */
  readonly realTimeFactor: number;
  /** Seconds of music composed ahead of the playhead. */
  readonly ahead: number;
  /** Seconds ahead that are wanted before Play sounds, and kept afterwards. */
  readonly aheadWanted: number;
}

/** Before anything is known. */
export const NO_TELEMETRY: Telemetry = {
  message: "",
  remarks: [],
  loading: undefined,
  model: undefined,
  backend: undefined,
  rate: 0,
  realTimeFactor: 0,
  ahead: 0,
  aheadWanted: 0,
};

/** What `situation` goes by. */
interface Standing {
  readonly phase: Phase;
  readonly isSlow: boolean;
  readonly realTimeFactor: number;
  readonly ahead: number;
  readonly aheadWanted: number;
  /** Seconds until the newest change of a control is heard; 0 or less where it is heard at once. */
  readonly untilHeard: number;
}

/** What a person should know now. */
export function situation(standing: Standing): string {
  const { phase, isSlow, realTimeFactor, aheadWanted, untilHeard } = standing;
  if (phase === "playing" && untilHeard > 0)
    return `This machine composes slowly and keeps what it has: the change is heard in ${untilHeard.toFixed(0)} s.`;
  if (phase !== "gathering") return "";
  if (!isSlow) return "Composing the first bars.";
  const ahead = Math.max(0, standing.ahead);
  return (
    `This machine composes ${realTimeFactor.toFixed(1)} s of music a second; ` +
    `${aheadWanted.toFixed(0)} s are gathered first so that the music does not stop: ${ahead.toFixed(0)} s so far.`
  );
}
