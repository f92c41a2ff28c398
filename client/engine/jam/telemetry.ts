/** What is only shown: how the machine does and what the person should know. Nothing here is kept, undone or played. */

import { type Remark, remark } from "#base/remark.ts";
import type { Phase } from "./phase.ts";

/** The model that composes. */
export interface ModelName {
  readonly id: string;
  readonly parameters: number;
  /** Why no faster backend runs it; empty where the fastest does. */
  readonly reasons: readonly Remark[];
  /** Why no music can be given to it, bars that come back or parts that stay; it can where undefined. */
  readonly whyNoneGiven?: Remark;
}

/** See the header. */
export interface Telemetry {
  /** What a person should know now; undefined when all is well. */
  readonly message: Remark | undefined;
  /** Lasting remarks: what this browser lacks and what is done instead. None twice. */
  readonly remarks: readonly Remark[];
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
  /** How often the piece was led out of a rut since it began. */
  readonly escapes: number;
  /** Nats a bar by which the music of late surprised the model; undefined where nothing tells. */
  readonly surprise: number | undefined;
}

/** Before anything is known. */
export const NO_TELEMETRY: Telemetry = {
  message: undefined,
  remarks: [],
  loading: undefined,
  model: undefined,
  backend: undefined,
  rate: 0,
  realTimeFactor: 0,
  ahead: 0,
  aheadWanted: 0,
  escapes: 0,
  surprise: undefined,
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
export function situation(standing: Standing): Remark | undefined {
  const { phase, isSlow, realTimeFactor, aheadWanted, untilHeard } = standing;
  if (phase === "playing" && untilHeard > 0)
    return remark("heard-later", { seconds: Math.round(untilHeard) });
  if (phase !== "gathering") return undefined;
  if (!isSlow) return remark("composing-first-bars", {});
  return remark("gathering", {
    realTimeFactor: Math.round(10 * realTimeFactor) / 10,
    ahead: Math.round(Math.max(0, standing.ahead)),
    aheadWanted: Math.round(aheadWanted),
  });
}
