/**
 * Does jobs in threads of this process, one a job: the server's loop stays free, cancelling means
 * ending the thread, and what it and its own threads held goes with it.
 */
import { runThread } from "../offline/thread.ts";
import type { Job, MadeFile, RunJob } from "./job.ts";

/** What the thread is handed. */
export interface JobTask {
  readonly job: Job;
  readonly input: Uint8Array | undefined;
  /** Where this machine has its presets. */
  readonly presetsFolder: string;
}

/** What it answers. */
export type JobReply =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "file"; readonly file: MadeFile }
  | { readonly kind: "done" };

/** A runner. @param presetsFolder absolute path of models/ and kits/ */
export const threadRunner =
  (presetsFolder: string): RunJob =>
  async (job, input, tools) => {
    const task: JobTask = { job, input, presetsFolder };
    const url = new URL("./job-worker.ts", import.meta.url);
    await runThread<JobReply>(
      url,
      task,
      (reply) => {
        if (reply.kind === "progress") tools.progress(reply.share);
        else tools.write(reply.file);
      },
      tools.signal,
    );
  };
