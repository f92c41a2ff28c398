/**
 * Work in a thread of its own: the server's loop stays free, and cancelling means ending the thread.
 * The thread gets its request as `workerData` and answers with messages; `failed` carries an error
 * across, because structured cloning would strip a `Failure` of its kind.
 */
import {
  parentPort,
  type ResourceLimits,
  type TransferListItem,
  Worker,
} from "node:worker_threads";
import { assert } from "#base/assert.ts";
import { Failure, type FailureKind } from "#base/failure.ts";
import { threadSource } from "./thread-source.ts";

interface FailedReply {
  readonly kind: "failed";
  readonly failure: FailureKind;
  readonly message: string;
}

/**
 * Megabytes of objects a thread may hold before it is ended; sound and weights lie in buffers outside
 * of them, and are bounded by the length of what is rendered and the size of what is loaded.
 */
export const THREAD_MEMORY: ResourceLimits = {
  maxOldGenerationSizeMb: 1024,
  maxYoungGenerationSizeMb: 64,
};

/** What a thread's end by an error means to whoever asked for its work. */
export function explainDeath(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new Failure("too-large", "That takes more memory than there is; split the file.");
}

/** A reply of a thread; the one whose kind is "done" is its last. */
export interface ThreadReply {
  readonly kind: string;
}

/**
 * Starts a thread and resolves with its "done" reply; other replies go to `onReply`.
 * Rejects with the thread's failure, or with the signal's reason once the thread has ended.
 */
export function runThread<Reply extends ThreadReply>(
  url: URL,
  request: unknown,
  onReply: (reply: Exclude<Reply, { kind: "done" }>) => void,
  signal: AbortSignal,
  transfer: TransferListItem[] = [],
): Promise<Extract<Reply, { kind: "done" }>> {
  signal.throwIfAborted();
  const worker = new Worker(threadSource(url), {
    workerData: request,
    // Whatever this process was started with: a thread's own hooks are in its source.
    execArgv: [],
    transferList: transfer,
    resourceLimits: THREAD_MEMORY,
  });
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      signal.removeEventListener("abort", onAbort);
      worker.removeAllListeners();
      worker.terminate().then(settle, reject);
    };
    const onAbort = (): void => end(() => reject(signal.reason));
    signal.addEventListener("abort", onAbort, { once: true });
    worker.on("error", (error) => end(() => reject(explainDeath(error))));
    worker.on("exit", (code) => end(() => reject(new Error(`a thread ended early, code ${code}`))));
    worker.on("message", (reply: Reply | FailedReply) => {
      if (isFailed(reply)) end(() => reject(new Failure(reply.failure, reply.message)));
      else if (reply.kind === "done") {
        end(() => resolve(reply as Extract<Reply, { kind: "done" }>));
      } else onReply(reply as Exclude<Reply, { kind: "done" }>);
    });
  });
}

/** The thread's side: runs `work` and reports a `Failure`; anything else breaks the thread. */
export async function answer<Reply extends ThreadReply>(
  work: (reply: (reply: Reply, transfer?: readonly TransferListItem[]) => void) => Promise<void>,
): Promise<void> {
  const port = parentPort;
  assert(port !== null, "this module runs in a thread only");
  try {
    await work((reply, transfer = []) => port.postMessage(reply, transfer));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reply: FailedReply = { kind: "failed", failure: error.kind, message: error.message };
    port.postMessage(reply);
  }
}

const isFailed = (reply: ThreadReply): reply is FailedReply => reply.kind === "failed";
