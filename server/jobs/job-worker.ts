/** A job's thread: does the one job it is handed, passes on what that makes, and ends. */
import { workerData } from "node:worker_threads";
import { NEVER } from "../never.ts";
import { renderAudio } from "../offline/render-audio.ts";
import { answer } from "../offline/thread.ts";
import { Presets } from "../presets.ts";
import { perform } from "./perform.ts";
import type { JobReply, JobTask } from "./thread-runner.ts";

await answer<JobReply>(async (reply) => {
  const { job, input, presetsFolder } = workerData as JobTask;
  await perform(job, input, {
    presets: new Presets(presetsFolder),
    renderAudio,
    signal: NEVER,
    progress: (share) => reply({ kind: "progress", share }),
    write: (file) => reply({ kind: "file", file }, [file.content.buffer as ArrayBuffer]),
  });
  reply({ kind: "done" });
});
