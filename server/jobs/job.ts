/**
 * A piece of work the server does in the background, as data: what to do in ids and options, what to
 * do it with by hash. No closure and no path of this machine stands in it, so any machine that has the
 * same presets and can read the blobs could take it.
 */
import type { AudioFormat } from "../offline/audio.ts";
import type { ComposeOptions } from "../offline/compose-options.ts";

/** Where a job stands; the last three are final. */
export type JobStatus = "queued" | "running" | "done" | "failed" | "cancelled";

/** A MIDI file to sound. */
export interface RenderJob {
  readonly kind: "render";
  readonly order: {
    readonly format: AudioFormat;
    /** Id of a kit. */
    readonly kit: string;
    /** Whether each instrument is rendered alone as well. */
    readonly stems: boolean;
  };
  /** Hash of the MIDI file. */
  readonly input: string;
}

/** New music. */
export interface CompositionJob {
  readonly kind: "composition";
  readonly order: {
    readonly options: Omit<ComposeOptions, "prime">;
    /** Taken where the options name none. */
    readonly seed: number;
    readonly formats: readonly ("mid" | AudioFormat)[];
    /** Ids of a model and a kit. */
    readonly model: string;
    readonly kit: string;
  };
  /** Hash of a MIDI file to go on from. */
  readonly input?: string;
}

/** What is to be done. */
export type Job = RenderJob | CompositionJob;

/** What a job makes. */
export type JobKind = Job["kind"];

/** A job whose input has no name yet. */
export type Order = Omit<RenderJob, "input"> | Omit<CompositionJob, "input">;

/** A file a job made; its content lies in the blob store. */
export interface JobFile {
  /** Plain file name, unique within the job. */
  readonly name: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: number;
  /** Sha256 of the content. */
  readonly hash: string;
}

/** A file as it leaves the work. */
export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array;
  /** Sha256 of the content, computed where it was made. */
  readonly hash: string;
}

/** What the work of a job is handed. */
export interface JobTools {
  /** Aborted when the job is cancelled, runs too long or the server stops. */
  readonly signal: AbortSignal;
  /** Reports progress, 0-1. */
  progress(share: number): void;
  /** Hands a file over, the main one first. */
  write(file: MadeFile): void;
}

/**
 * Does a job. Resolves when every file is handed over; rejects with a `Failure` or the signal's reason.
 * `input` is what the job's hash names.
 */
export type RunJob = (job: Job, input: Uint8Array | undefined, tools: JobTools) => Promise<void>;

/** A moment of a job. */
export interface JobState {
  readonly id: string;
  readonly kind: JobKind;
  readonly status: JobStatus;
  /** 0-1; 1 only when done. */
  readonly progress: number;
  /** What went wrong, one sentence; empty otherwise. */
  readonly message: string;
  /** What of its input is damaged or left out, one sentence each. */
  readonly remarks: readonly string[];
  /** Empty until done. */
  readonly files: readonly JobFile[];
}

/** Whether nothing will change any more. */
export const isFinal = (status: JobStatus): boolean =>
  status === "done" || status === "failed" || status === "cancelled";
