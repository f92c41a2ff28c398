/** One run of a job: its input fetched, what it makes put into the blob store, in order and bounded. */
import { basename } from "node:path";
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import type { BlobStore } from "./blob-store.ts";
import type { Job, JobFile, JobTools, RunJob } from "./job.ts";

/** What a run needs beside its job. */
export interface Run {
  readonly run: RunJob;
  readonly blobs: BlobStore;
  /** Bytes of all its results. */
  readonly limit: number;
  readonly abort: AbortController;
  readonly progress: (share: number) => void;
  /** Takes a file that is kept; whoever is told of it removes it. */
  readonly onFile: (file: JobFile) => void;
}

/** Resolves when the job is done and every file kept. Rejects with a `Failure`, a bug, or why it was aborted. */
export async function collect(job: Job, parts: Run): Promise<void> {
  const { run, blobs, limit, abort, progress, onFile } = parts;
  let bytes = 0;
  let writing = Promise.resolve();
  const write: JobTools["write"] = ({ name, type, content, hash }) => {
    assert(name === basename(name), `"${name}" must be a plain file name`);
    bytes += content.byteLength;
    if (bytes > limit) {
      abort.abort(new Failure("too-large", "The results are too large; ask for less at once."));
      return;
    }
    const file: JobFile = { name, type, bytes: content.byteLength, hash };
    writing = writing.then(async () => {
      if (abort.signal.aborted) return;
      await blobs.put(hash, content);
      onFile(file);
    });
    writing.catch((error) => abort.abort(error));
  };
  const input = job.input === undefined ? undefined : await blobs.read(job.input);
  try {
    abort.signal.throwIfAborted();
    await run(job, input, { signal: abort.signal, progress, write });
  } finally {
    await Promise.allSettled([writing]);
  }
  abort.signal.throwIfAborted();
}
