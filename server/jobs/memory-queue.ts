/**
 * The queue of this process: jobs in memory, results in a blob store for a while. Everything is
 * bounded (limits.ts): who may wait, what runs beside what, how long, and what is kept.
 */
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { assert } from "#base/assert.ts";
import { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import { type BlobStore, hashOf } from "./blob-store.ts";
import { collect } from "./collect.ts";
import {
  isFinal,
  type Job,
  type JobFile,
  type JobKind,
  type JobState,
  type Order,
  type RunJob,
} from "./job.ts";
import { type JobQueue, type Judgement, type Place, type QueueLoad, Refused } from "./job-queue.ts";
import { surplus } from "./keeping.ts";
import type { JobLimits } from "./limits.ts";
import { Turns } from "./turns.ts";

/** A job and what this queue knows of it. */
interface Entry {
  state: JobState;
  readonly job: Job;
  readonly client: string;
  readonly cost: number;
  readonly abort: AbortController;
  readonly changed: Emitter<JobState>;
  /** Results handed over so far. */
  files: JobFile[];
  expiry?: NodeJS.Timeout;
}

/** What a queue works with. */
export interface QueueParts {
  readonly blobs: BlobStore;
  readonly run: RunJob;
  readonly limits: JobLimits;
  /** Takes errors that are our bugs; the job's reader is told no details of them. */
  readonly report: (error: unknown) => void;
  /** Takes out of a sentence what must not leave this machine. */
  readonly discreet: (text: string) => string;
}

/** Runs jobs, clients in turns, and keeps what they made. */
export class MemoryQueue implements JobQueue {
  readonly changed = new Emitter<JobState>();
  readonly #parts: QueueParts;
  readonly #turns: Turns;
  /** In order of submission. */
  readonly #entries = new Map<string, Entry>();
  /** Places held by requests under way, by client. */
  readonly #places: string[] = [];
  readonly #running = new Map<Entry, Promise<void>>();
  #disposed = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.limits);
  }

  load(): QueueLoad {
    const finished = this.#of(({ state }) => isFinal(state.status));
    const bytes = finished.reduce((sum, entry) => sum + bytesOf(entry), 0);
    return { waiting: this.#queued().length, running: this.#running.size, bytes };
  }

  async hasRoom(): Promise<boolean> {
    return (await this.#parts.blobs.room()) >= this.#parts.limits.jobBytes;
  }

  async reserve(client: string): Promise<Place> {
    assert(!this.#disposed, "the queue is closed");
    const { waiting, perClient } = this.#parts.limits;
    const own =
      this.#of((entry) => entry.client === client && !isFinal(entry.state.status)).length +
      this.#places.filter((holder) => holder === client).length;
    if (own >= perClient) throw new Refused(`You have ${own} jobs under way, as many as one may`);
    const held = this.#queued().length + this.#places.length;
    if (held >= waiting) throw new Refused("The queue is full");
    this.#places.push(client);
    let open = true;
    const release = (): void => {
      if (open) this.#places.splice(this.#places.indexOf(client), 1);
      open = false;
    };
    return {
      release,
      submit: async (order, input, judgement) => {
        assert(open, "a place takes one job");
        const job = await this.#withInput(order, input);
        if (this.#disposed || !open) {
          await this.#dropInput(job);
          throw new Failure(
            "unavailable",
            "The request ended before its job began; send it again.",
          );
        }
        release();
        return this.#submit(job, client, judgement);
      },
    };
  }

  async find(kind: JobKind, id: string): Promise<JobState | undefined> {
    const state = this.#entries.get(id)?.state;
    return state?.kind === kind ? state : undefined;
  }

  watch(id: string, listener: (state: JobState) => void): () => void {
    const entry = this.#entries.get(id);
    assert(entry !== undefined, `there is no job ${id} to watch`);
    listener(entry.state);
    return entry.changed.on(listener);
  }

  stream(file: JobFile, start: number, end: number): Readable {
    return this.#parts.blobs.stream(file.hash, start, end);
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (isFinal(entry.state.status)) await this.#forget(entry);
    else await this.#cancel(entry);
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const entry of this.#entries.values()) {
      if (!isFinal(entry.state.status)) await this.#cancel(entry);
      clearTimeout(entry.expiry);
    }
    await Promise.all(this.#running.values());
    this.#entries.clear();
    await this.#parts.blobs.dispose();
  }

  #of(wanted: (entry: Entry) => boolean): Entry[] {
    return [...this.#entries.values()].filter(wanted);
  }

  #queued(): Entry[] {
    return this.#of(({ state }) => state.status === "queued");
  }

  async #withInput(order: Order, input: Uint8Array | undefined): Promise<Job> {
    if (input === undefined) {
      assert(order.kind === "composition", "a render has a file to sound");
      return order;
    }
    const hash = hashOf(input);
    await this.#parts.blobs.put(hash, input);
    return { ...order, input: hash };
  }

  async #dropInput(job: Job): Promise<void> {
    if (job.input !== undefined) await this.#parts.blobs.remove(job.input);
  }

  #submit(job: Job, client: string, { cost, remarks }: Judgement): JobState {
    const { kind } = job;
    const id = randomUUID();
    const entry: Entry = {
      state: { id, kind, status: "queued", progress: 0, message: "", remarks, files: [] },
      ...{ job, client, cost, files: [] },
      abort: new AbortController(),
      changed: new Emitter(),
    };
    this.#entries.set(id, entry);
    this.changed.emit(entry.state);
    this.#startNext();
    return entry.state;
  }

  #startNext(): void {
    while (!this.#disposed) {
      const next = this.#turns.next(this.#queued(), [...this.#running.keys()]);
      if (next === undefined) return;
      const running = this.#run(next)
        .catch(this.#parts.report)
        .finally(() => {
          this.#running.delete(next);
          this.#startNext();
        });
      this.#running.set(next, running);
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { abort, job } = entry;
    const { run, blobs, limits } = this.#parts;
    this.#update(entry, { status: "running" });
    const limit = setTimeout(
      () => abort.abort(new Failure("unavailable", "The job took too long; ask for less.")),
      limits.runFor,
    );
    try {
      await collect(job, {
        run,
        blobs,
        abort,
        limit: limits.jobBytes,
        progress: (share) => this.#progress(entry, share),
        onFile: (file) => entry.files.push(file),
      });
      this.#update(entry, { status: "done", progress: 1, files: entry.files });
    } catch (error) {
      await this.#dropFiles(entry);
      if (!isFinal(entry.state.status)) this.#fail(entry, error);
    } finally {
      clearTimeout(limit);
      await this.#dropInput(job);
    }
  }

  #progress(entry: Entry, share: number): void {
    // Half a percent is the least worth telling; a listener need not keep up with every note.
    const progress = Math.min(0.999, Math.max(0, share));
    const { status, progress: told } = entry.state;
    if (status === "running" && progress >= told + 0.005) this.#update(entry, { progress });
  }

  #fail(entry: Entry, error: unknown): void {
    if (error instanceof Failure) {
      this.#update(entry, { status: "failed", message: this.#parts.discreet(error.message) });
      return;
    }
    this.#parts.report(error);
    const message = "Something failed on our side; try again, and report it if it stays.";
    this.#update(entry, { status: "failed", message });
  }

  async #cancel(entry: Entry): Promise<void> {
    const message = "The job was cancelled.";
    const queued = entry.state.status === "queued";
    this.#update(entry, { status: "cancelled", message });
    entry.abort.abort(new DOMException(message, "AbortError"));
    if (queued) await this.#dropInput(entry.job);
  }

  #update(entry: Entry, change: Partial<JobState>): void {
    entry.state = { ...entry.state, ...change };
    this.changed.emit(entry.state);
    entry.changed.emit(entry.state);
    if (!isFinal(entry.state.status)) return;
    const { limits, report } = this.#parts;
    entry.expiry = setTimeout(() => {
      this.#forget(entry).catch(report);
    }, limits.keepFor);
    entry.expiry.unref();
    const finished = this.#of(({ state }) => isFinal(state.status)).map((each) => ({
      entry: each,
      client: each.client,
      bytes: bytesOf(each),
      fruitful: each.state.status === "done",
    }));
    for (const old of surplus(finished, limits)) this.#forget(old.entry).catch(report);
  }

  async #forget(entry: Entry): Promise<void> {
    clearTimeout(entry.expiry);
    // A cancelled job may still be letting go; it drops its files itself.
    const done = entry.state.status === "done";
    if (!this.#entries.delete(entry.state.id)) return;
    if (done) await this.#dropFiles(entry);
  }

  async #dropFiles(entry: Entry): Promise<void> {
    const files = entry.files;
    entry.files = [];
    await Promise.all(files.map(({ hash }) => this.#parts.blobs.remove(hash)));
  }
}

const bytesOf = (entry: Entry): number => entry.files.reduce((sum, file) => sum + file.bytes, 0);
