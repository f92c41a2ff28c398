/** What the compose page shows: tracks asked for, on their way and done. */
import type { Instrument } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import type { Note } from "#music/note.ts";

/** What to compose. The same request gives the same notes on the same model and backend. */
export interface ComposeRequest {
  readonly lead: Instrument;
  readonly drums: boolean;
  /** Melodic instruments that may accompany the lead; the model chooses where undefined. */
  readonly band?: readonly Instrument[];
  /** Length in bars of 4/4, 1-512. */
  readonly bars: number;
  /** Number of pieces made at once, 1-16. */
  readonly tracks: number;
  /** 0-2. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  /** Quarter notes a minute. */
  readonly tempo: number;
  readonly key?: Key;
  /** Notes to go on from; they stand at the beginning of the piece. */
  readonly prime?: readonly Note[];
}

/** One track of a request. */
export interface Track {
  /** `<instrument>-<seed>-<n>`, also its file name. */
  readonly name: string;
  readonly status: "waiting" | "composing" | "done" | "failed" | "cancelled";
  /** 0-1. */
  readonly progress: number;
  /** What went wrong, one sentence; empty otherwise. */
  readonly message: string;
  readonly request: ComposeRequest;
  /** Empty until done. */
  readonly notes: readonly Note[];
  /** A Standard MIDI File; undefined until done. */
  readonly midi: Uint8Array | undefined;
}

/** The snapshot. */
export interface StudioState {
  readonly busy: boolean;
  readonly tracks: readonly Track[];
  /** Name of the track that is being listened to. */
  readonly listening: string | undefined;
}
