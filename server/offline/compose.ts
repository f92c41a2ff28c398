/** Composes the tracks of a request in a thread: what the command line and the server's jobs share. */
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type { BackendName } from "#model/decoder.ts";
import type { Note } from "#music/note.ts";
import { runThread } from "./thread.ts";

/** What the thread is handed. */
export interface ComposeOrder {
  /** Folder that holds a manifest.json and its shards. */
  readonly modelFolder: string;
  readonly request: ComposeRequest;
}

/** The model that composes. */
export interface ComposingModel {
  readonly id: string;
  readonly backend: BackendName;
}

/** A track that is done. */
export interface ComposedTrack {
  /** From 1. */
  readonly n: number;
  /** `<instrument>-<seed>-<n>`, also the name of its files. */
  readonly name: string;
  readonly notes: readonly Note[];
  /** A Standard MIDI File. */
  readonly midi: Uint8Array;
  /** The chart it was composed to, as JSON that can be given back. */
  readonly chart: string;
  /** Tokens drawn, and the milliseconds that took. */
  readonly tokens: number;
  readonly milliseconds: number;
}

/** What the thread answers. */
export type ComposeReply =
  | { readonly kind: "model"; readonly model: ComposingModel }
  /** `share` 0-1 of track `n`. */
  | {
      readonly kind: "progress";
      readonly n: number;
      readonly share: number;
      readonly tokens: number;
    }
  | { readonly kind: "track"; readonly track: ComposedTrack }
  | { readonly kind: "done" };

/**
 * Composes every track, one after the other; each is handed over as a reply when it is done.
 * Rejects with a `Failure` (model missing or broken, request out of limits) or the signal's reason.
 */
export async function composeTracks(
  order: ComposeOrder,
  onReply: (reply: Exclude<ComposeReply, { kind: "done" }>) => void,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL("./compose-worker.ts", import.meta.url);
  await runThread<ComposeReply>(url, order, onReply, signal);
}
