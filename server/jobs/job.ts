/** A piece of work the server does in the background, and what is told about it. */

/** Where a job stands; the last three are final. */
export type JobStatus = "queued" | "running" | "done" | "failed" | "cancelled";

/** What a job makes. */
export type JobKind = "render" | "composition";

/** A file a job made. */
export interface JobFile {
  /** Plain file name, unique within the job. */
  readonly name: string;
  /** Absolute path, inside the job's folder. */
  readonly path: string;
  /** Media type. */
  readonly type: string;
  readonly bytes: number;
  /** Sha256 of the content. */
  readonly tag: string;
}

/** What the work of a job is handed. */
export interface JobTools {
  /** Aborted when the job is cancelled, runs too long or the server stops. */
  readonly signal: AbortSignal;
  /** Reports progress, 0-1. */
  progress(share: number): void;
  /** Writes a file into the job's folder. @param name plain file name */
  writeFile(name: string, type: string, content: Uint8Array): Promise<JobFile>;
}

/** The work itself; its files are the job's results, the main one first. */
export type Work = (tools: JobTools) => Promise<readonly JobFile[]>;

/** A moment of a job. */
export interface JobState {
  readonly id: string;
  readonly kind: JobKind;
  readonly status: JobStatus;
  /** 0-1; 1 only when done. */
  readonly progress: number;
  /** What went wrong, one sentence; empty otherwise. */
  readonly message: string;
  /** Empty until done. */
  readonly files: readonly JobFile[];
}

/** Whether nothing will change any more. */
export const isFinal = (status: JobStatus): boolean =>
  status === "done" || status === "failed" || status === "cancelled";
