/**
 * Renders notes to audio in Node with the very graph the page plays. It happens in a worker
 * thread: the server's loop stays free, a cancelled render stops at once, and the memory of decoded
 * samples goes with the thread.
 */
import { Worker } from "node:worker_threads";
import { Failure } from "#base/failure.ts";
import type { TimedNote } from "#engine/play/player.ts";
import type { Instrument } from "#music/instrument.ts";
import type { RenderReply, RenderRequest, StereoAudio } from "./render-protocol.ts";
import { explainDeath, THREAD_MEMORY } from "./thread.ts";
import { threadSource } from "./thread-source.ts";

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
  /** Whether each instrument is rendered alone as well. */
  readonly stems?: boolean;
  /** Where the worker's code lies; the bundled server names its own file. */
  readonly workerUrl?: URL;
}

/** Rendered audio: samples within (-1, 1). */
export interface RenderedAudio extends StereoAudio {
  readonly sampleRate: number;
  readonly seconds: number;
  /** Each instrument alone, with its room; empty unless asked for. */
  readonly stems: ReadonlyMap<Instrument, StereoAudio>;
}

/** Renders in a worker thread. Rejects with `Failure` for a missing or broken kit. */
export function renderNotes(options: RenderOptions): Promise<RenderedAudio> {
  const { notes, kitFolder, sampleRate = 44_100, seconds, stems = false, signal } = options;
  const request: RenderRequest = {
    ...{ notes, kitFolder, sampleRate, stems },
    ...(seconds !== undefined && { seconds }),
  };
  const url = options.workerUrl ?? new URL("./render-worker.ts", import.meta.url);
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const worker = new Worker(threadSource(url), {
      workerData: request,
      execArgv: [],
      resourceLimits: THREAD_MEMORY,
    });
    const end = (settle: () => void) => {
      signal?.removeEventListener("abort", onAbort);
      worker.removeAllListeners();
      worker.terminate().then(settle, reject);
    };
    const onAbort = () => end(() => reject(signal?.reason));
    signal?.addEventListener("abort", onAbort, { once: true });
    worker.on("error", (error) => end(() => reject(explainDeath(error))));
    worker.on("exit", (code) =>
      end(() => reject(new Error(`the render worker ended early with exit code ${code}`))),
    );
    worker.on("message", (reply: RenderReply) => {
      if (reply.kind === "progress") options.onProgress?.(reply.progress);
      else if (reply.kind === "failed")
        end(() => reject(new Failure(reply.failure, reply.message)));
      else end(() => resolve(audioOf(reply, sampleRate)));
    });
  });
}

function audioOf(reply: RenderReply & { kind: "done" }, sampleRate: number): RenderedAudio {
  const { mix, stems } = reply;
  const seconds = mix.left.length / sampleRate;
  return { ...mix, sampleRate, seconds, stems: new Map(stems) };
}
