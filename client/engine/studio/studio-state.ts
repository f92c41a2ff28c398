/** What the compose page shows: tracks asked for, on their way and done. */
import type { Remark } from "#base/remark.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type { Note } from "#music/note.ts";

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
}

/** The snapshot. */
export interface StudioState {
  readonly busy: boolean;
  readonly tracks: readonly Track[];
  /** Name of the track that is being listened to. */
  readonly listening: string | undefined;
}
