/**
 * What the routes know of a queue of jobs: asynchronous, so that it may lie elsewhere. Whoever wants
 * something done first takes a place, before the body is read, and then hands the job in or lets
 * the place go.
 */
import type { Readable } from "node:stream";
import type { Emitter } from "#base/emitter.ts";
import type { JobFile, JobKind, JobState, Order } from "./job.ts";

/** Takes jobs in, has them done, and keeps what they made for a while. */
export interface JobQueue {
  /** Every change of every job, for metrics. */
  readonly changed: Emitter<JobState>;
  /** How much there is of it now. */
  load(): QueueLoad;
  /** Whether the results of a job would find room. */
  hasRoom(): Promise<boolean>;
  /** Takes a place for a client's next job. @throws Refused */
  reserve(client: string): Promise<Place>;
  /** The state of a job, or undefined where none of that kind and id is known. */
  find(kind: JobKind, id: string): Promise<JobState | undefined>;
  /** Calls `listener` with the state now and at every change; the function returned ends that. */
  watch(id: string, listener: (state: JobState) => void): () => void;
  /** A file of a finished job, from `start` to `end`, both included. */
  stream(file: JobFile, start: number, end: number): Readable;
  /** Cancels a job that is not finished; removes a finished one with its files. */
  remove(id: string): Promise<void>;
  /** Cancels everything and removes every file. */
  dispose(): Promise<void>;
}

/** Numbers of a queue. */
export interface QueueLoad {
  readonly waiting: number;
  readonly running: number;
  /** Bytes of all results. */
  readonly bytes: number;
}

/** A place in the queue, held for one request. */
export interface Place {
  /** Hands the job in. @throws Failure "unavailable" where its input finds no room */
  submit(order: Order, input: Uint8Array | undefined, judgement: Judgement): Promise<JobState>;
  /** Lets it go; a place whose job was handed in is none any more. */
  release(): void;
}

/** What is known of a job before it begins. */
export interface Judgement {
  /** Seconds it may take a core, roughly. */
  readonly cost: number;
  /** What of its input is damaged or left out, one sentence each. */
  readonly remarks: readonly string[];
}

/** Why there is no place: the queue is full, or the client has enough in it. */
export class Refused extends Error {
  override readonly name = "Refused";
}
