/**
 * The jobs of the server: one at a time, a short queue, results on disk for a while. Everything is
 * bounded: how many wait, how many are remembered, how long one may run, how long results stay.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { assert } from "#base/assert.ts";
import { Emitter } from "#base/emitter.ts";
import { describeError, Failure } from "#base/failure.ts";
import { isFinal, type JobKind, type JobState, type JobTools, type Work } from "./job.ts";

/** Bounds of a store; times in milliseconds. */
export interface JobLimits {
  /** Jobs that may wait while one runs. */
  readonly waiting: number;
  /** Finished jobs remembered; the oldest go first. */
  readonly kept: number;
  /** How long a finished job and its files stay. */
  readonly keepFor: number;
  /** How long a job may run. */
  readonly runFor: number;
}

export const DEFAULT_LIMITS: JobLimits = {
  waiting: 8,
  kept: 64,
  keepFor: 60 * 60 * 1000,
  runFor: 20 * 60 * 1000,
};

interface Job {
  state: JobState;
  readonly work: Work;
  readonly abort: AbortController;
  readonly changed: Emitter<JobState>;
  expiry?: NodeJS.Timeout;
}

/** What is refused when too many wait. */
export class QueueFull extends Error {
  override readonly name = "QueueFull";
}

/** Runs jobs in order and keeps what they made. */
export class JobStore {
  /** Every change of every job, for metrics. */
  readonly changed = new Emitter<JobState>();
  readonly #folder: string;
  readonly #limits: JobLimits;
  readonly #report: (error: unknown) => void;
  /** In order of submission. */
  readonly #jobs = new Map<string, Job>();
  #running: Promise<void> | undefined;
  #disposed = false;

  private constructor(folder: string, limits: JobLimits, report: (error: unknown) => void) {
    this.#folder = folder;
    this.#limits = limits;
    this.#report = report;
  }

  /**
   * Opens a store with a folder of its own.
   * @param parent where the folder is made
   * @param report takes errors that are our bugs; the job's reader is told no details of them
   */
  static async open(
    parent: string,
    limits: JobLimits,
    report: (error: unknown) => void,
  ): Promise<JobStore> {
    return new JobStore(await mkdtemp(join(parent, "cadenza-jobs-")), limits, report);
  }

  /** Jobs that wait. */
  get waiting(): number {
    return this.#queued().length;
  }

  /** Takes a job in. @throws QueueFull */
  submit(kind: JobKind, work: Work): JobState {
    assert(!this.#disposed, "the job store is closed");
    if (this.waiting >= this.#limits.waiting) throw new QueueFull("the queue is full");
    const job: Job = {
      state: { id: randomUUID(), kind, status: "queued", progress: 0, message: "", files: [] },
      work,
      abort: new AbortController(),
      changed: new Emitter(),
    };
    this.#jobs.set(job.state.id, job);
    this.changed.emit(job.state);
    this.#startNext();
    return job.state;
  }

  /** The state of a job, or undefined where none of that kind and id is known. */
  find(kind: JobKind, id: string): JobState | undefined {
    const state = this.#jobs.get(id)?.state;
    return state?.kind === kind ? state : undefined;
  }

  /** Calls `listener` at every change of a job; the function returned ends that. */
  watch(id: string, listener: (state: JobState) => void): () => void {
    const job = this.#jobs.get(id);
    assert(job !== undefined, `there is no job ${id} to watch`);
    return job.changed.on(listener);
  }

  /** Cancels a job that is not finished; removes a finished one with its files. */
  async remove(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    if (isFinal(job.state.status)) await this.#forget(job);
    else this.#cancel(job);
  }

  /** Cancels everything, waits for the running job to let go, and removes every file. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const job of this.#jobs.values()) {
      if (!isFinal(job.state.status)) this.#cancel(job);
      clearTimeout(job.expiry);
    }
    await this.#running;
    this.#jobs.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #queued(): Job[] {
    return [...this.#jobs.values()].filter((job) => job.state.status === "queued");
  }

  #startNext(): void {
    if (this.#running !== undefined || this.#disposed) return;
    const next = this.#queued()[0];
    if (next === undefined) return;
    this.#running = this.#run(next)
      .catch(this.#report)
      .finally(() => {
        this.#running = undefined;
        this.#startNext();
      });
  }

  async #run(job: Job): Promise<void> {
    this.#update(job, { status: "running" });
    const limit = setTimeout(
      () => job.abort.abort(new Failure("unavailable", "The job took too long; ask for less.")),
      this.#limits.runFor,
    );
    try {
      const files = await job.work(this.#toolsOf(job));
      if (!isFinal(job.state.status)) this.#update(job, { status: "done", progress: 1, files });
      else await this.#removeFiles(job);
    } catch (error) {
      await this.#removeFiles(job);
      if (!isFinal(job.state.status)) this.#fail(job, error);
    } finally {
      clearTimeout(limit);
    }
  }

  #fail(job: Job, error: unknown): void {
    if (error instanceof Failure) {
      this.#update(job, { status: "failed", message: describeError(error) });
      return;
    }
    this.#report(error);
    const message = "Something failed on our side; try again, and report it if it stays.";
    this.#update(job, { status: "failed", message });
  }

  #cancel(job: Job): void {
    const message = "The job was cancelled.";
    this.#update(job, { status: "cancelled", message });
    job.abort.abort(new DOMException(message, "AbortError"));
  }

  #toolsOf(job: Job): JobTools {
    const folder = join(this.#folder, job.state.id);
    return {
      signal: job.abort.signal,
      progress: (share) => {
        // Half a percent is the least worth telling; a listener need not keep up with every note.
        const progress = Math.min(0.999, Math.max(0, share));
        if (job.state.status === "running" && progress >= job.state.progress + 0.005) {
          this.#update(job, { progress });
        }
      },
      writeFile: async (name, type, content) => {
        assert(name === basename(name), `"${name}" must be a plain file name`);
        job.abort.signal.throwIfAborted();
        await mkdir(folder, { recursive: true });
        const path = join(folder, name);
        await writeFile(path, content);
        const tag = createHash("sha256").update(content).digest("hex");
        return { name, path, type, bytes: content.byteLength, tag };
      },
    };
  }

  #update(job: Job, change: Partial<JobState>): void {
    job.state = { ...job.state, ...change };
    this.changed.emit(job.state);
    job.changed.emit(job.state);
    if (!isFinal(job.state.status)) return;
    job.expiry = setTimeout(() => {
      this.#forget(job).catch(this.#report);
    }, this.#limits.keepFor);
    job.expiry.unref();
    const finished = [...this.#jobs.values()].filter((other) => isFinal(other.state.status));
    for (const old of finished.slice(0, Math.max(0, finished.length - this.#limits.kept))) {
      this.#forget(old).catch(this.#report);
    }
  }

  async #forget(job: Job): Promise<void> {
    clearTimeout(job.expiry);
    this.#jobs.delete(job.state.id);
    await this.#removeFiles(job);
  }

  async #removeFiles(job: Job): Promise<void> {
    await rm(join(this.#folder, job.state.id), { recursive: true, force: true });
  }
}
