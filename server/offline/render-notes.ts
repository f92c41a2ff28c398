/**
 * Renders notes to audio in Node with the very graph the page plays. It happens in a worker
 * thread: the server's loop stays free, a cancelled render stops at once, and the memory of decoded
 * samples goes with the thread.
 */
import type { TimedNote } from "#engine/play/player.ts";
import { NEVER } from "../never.ts";
import type { RenderReply, RenderRequest, StereoAudio } from "./render-protocol.ts";
import { runThread } from "./thread.ts";

/** What to render and how. */
export interface RenderOptions {
  /** Starts in seconds from the beginning of the file; in any order. */
  readonly notes: readonly TimedNote[];
  /** Folder with `kit.json` and its files. */
  readonly kitFolder: string;
  /** Frames a second, 44,100 by default. */
  readonly sampleRate?: number;
  /** Length of the result; by default the last note's end and a tail of 3 s that cuts nothing. */
  readonly seconds?: number;
  /** Gets 0-1, about once a rendered second. */
  readonly onProgress?: (progress: number) => void;
  /** Stops the render; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Rendered audio: samples within (-1, 1). */
export interface RenderedAudio extends StereoAudio {
  readonly sampleRate: number;
  readonly seconds: number;
}

/** Renders in a worker thread. Rejects with `Failure` for a missing or broken kit. */
export async function renderNotes(options: RenderOptions): Promise<RenderedAudio> {
  const { notes, kitFolder, sampleRate = 44_100, onProgress, signal = NEVER } = options;
  const { seconds } = options;
  const request: RenderRequest = {
    ...{ notes, kitFolder, sampleRate },
    ...(seconds !== undefined && { seconds }),
  };
  const { audio } = await runThread<RenderReply>(
    new URL("./render-worker.ts", import.meta.url),
    request,
    ({ progress }) => onProgress?.(progress),
    signal,
  );
  return { ...audio, sampleRate, seconds: audio.left.length / sampleRate };
}
