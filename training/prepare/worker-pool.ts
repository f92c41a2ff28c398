/**
 * Threads that read files. Batches are handed out as threads come free and their results handed over
 * in the order of the files, so that what a preparation writes does not depend on the threads. Only
 * a few batches are ever in memory, however many files there are.
 */
import { Worker } from "node:worker_threads";
import type { MidiFile } from "./find-files.ts";
import type { FileResult } from "./worker.ts";

const BATCH_FILES = 32;
/** Batches that wait at a thread, so that it never idles. */
const BATCHES_PER_WORKER = 3;
/** Batches under way or waiting for an earlier one, a thread: bounds memory. */
const BATCHES_AHEAD = 12;

/** Reads files on `workerCount` threads; `take` gets each batch and its results, in order. */
export async function readInOrder(
  files: readonly MidiFile[],
  workerCount: number,
  take: (batch: readonly MidiFile[], results: readonly FileResult[]) => void,
): Promise<void> {
  if (files.length === 0) return;
  const batchCount = Math.ceil(files.length / BATCH_FILES);
  const batchOf = (id: number) => files.slice(id * BATCH_FILES, (id + 1) * BATCH_FILES);
  const waiting = new Map<number, readonly FileResult[]>();
  const idle: Worker[] = [];
  let sent = 0;
  let taken = 0;
  const workers = Array.from({ length: workerCount }, startWorker);
  for (let i = 0; i < BATCHES_PER_WORKER; i++) idle.push(...workers);
  try {
    await new Promise<void>((resolve, reject) => {
      const feed = (): void => {
        while (sent < batchCount && sent - taken < BATCHES_AHEAD * workerCount && idle.length > 0) {
          const id = sent++;
          idle.shift()?.postMessage({ id, paths: batchOf(id).map((file) => file.path) });
        }
      };
      for (const worker of workers) {
        worker.on("error", reject);
        worker.on("message", ({ id, results }: { id: number; results: FileResult[] }) => {
          try {
            idle.push(worker);
            waiting.set(id, results);
            for (let next = waiting.get(taken); next !== undefined; next = waiting.get(taken)) {
              waiting.delete(taken);
              take(batchOf(taken++), next);
            }
            if (taken === batchCount) resolve();
            else feed();
          } catch (error) {
            reject(error);
          }
        });
      }
      feed();
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A thread that runs worker.ts; tsx's loader is registered first, since threads do not inherit it. */
function startWorker(): Worker {
  const target = JSON.stringify(new URL("./worker.ts", import.meta.url).href);
  return new Worker(
    `import("tsx/esm/api").then(({ register }) => { register(); return import(${target}); });`,
    { eval: true },
  );
}
