/** What the screen shows: one immutable snapshot, made anew at every change. */
import type { Instrument } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import type { Metre } from "#music/metre.ts";

/**
 * Where the session stands. `loading`: weights on their way. `ready`: Play would work.
 * `gathering`: Play was pressed and music is gathered ahead first. `playing`. `failed`: see `message`.
 */
export type Phase = "loading" | "ready" | "gathering" | "playing" | "failed";

/** Where an instrument's notes go. */
export type Route =
  | { readonly kind: "voice" }
  /** A MIDI output by its id; `channel` 0-15. */
  | { readonly kind: "midi"; readonly port: string; readonly channel: number };

/** One instrument's strip. */
export interface Strip {
  readonly instrument: Instrument;
  readonly muted: boolean;
  readonly soloed: boolean;
  /** Gain 0-1 of the fader; 0.8 is the kit's own balance. */
  readonly level: number;
  /** -1 left to 1 right, added to the kit's own place. */
  readonly pan: number;
  /** Whether the model may give it notes (always true for the lead). */
  readonly enabled: boolean;
  readonly route: Route;
}

/** What the player has set. */
export interface Controls {
  /** Quarter notes a minute. */
  readonly tempo: number;
  readonly metre: Metre;
  readonly lead: Instrument;
  readonly drums: boolean;
  /** 0.1-1.5. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly key: Key | undefined;
}

/** The model that composes. */
export interface ModelName {
  readonly id: string;
  readonly parameters: number;
  /** Why no faster backend runs it, a sentence each; empty where the fastest does. */
  readonly reasons: readonly string[];
}

/** The snapshot. */
export interface SessionState {
  readonly phase: Phase;
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
  readonly controls: Controls;
  readonly strips: readonly Strip[];
}

/** For each strip, whether it is heard, as mixers have it: mute silences; once one is soloed, only those are heard. */
export function audibleStrips(strips: readonly Strip[]): boolean[] {
  const solo = strips.some((strip) => strip.soloed);
  return strips.map((strip) => !strip.muted && (!solo || strip.soloed));
}
