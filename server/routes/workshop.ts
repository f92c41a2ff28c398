/** What routes need that take jobs in. */
import type { JobQueue } from "../jobs/job-queue.ts";
import type { JobLimits } from "../jobs/limits.ts";
import type { Inspector } from "../offline/inspector.ts";
import type { Presets } from "../presets.ts";

/** Queue, presets, and the reader of what people send. */
export interface Workshop {
  readonly queue: JobQueue;
  readonly presets: Presets;
  readonly inspector: Inspector;
  readonly limits: JobLimits;
}
