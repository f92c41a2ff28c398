/** What the compose page shows: tracks asked for, on their way and done. */
import type { Remark } from "#base/remark.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type { Note } from "#music/note.ts";

/** A piece that was composed. */
export interface MadePiece {
  readonly notes: readonly Note[];
  /** A Standard MIDI File. */
  readonly midi: Uint8Array;
  /** What its bars were to be like, as JSON that can be given back. */
  readonly chart: string;
}

/** One track of a request. */
export interface Track {
  /** `<instrument>-<seed>-<n>`, also its file name. */
  readonly name: string;
  readonly status: "waiting" | "composing" | "done" | "failed" | "cancelled";
  /** 0-1. */
  readonly progress: number;
  /** What went wrong; undefined otherwise. */
  readonly message: Remark | undefined;
  readonly request: ComposeRequest;
  /** Empty until done. */
  readonly notes: readonly Note[];
  /** A Standard MIDI File; undefined until done. */
  readonly midi: Uint8Array | undefined;
  /** What was written and what was arranged, as JSON; undefined until done, and where it was played in a jam. */
  readonly chart: string | undefined;
}

/** The snapshot. */
export interface StudioState {
  readonly busy: boolean;
  readonly tracks: readonly Track[];
  /** Name of the track that is being listened to. */
  readonly listening: string | undefined;
}
