/** Where inputs and results of jobs lie, named by their content: a folder here, elsewhere a bucket. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** Content by its hash. What was put twice stays until it was removed twice. */
export interface BlobStore {
  /** Keeps content. @param hash its `hashOf` @throws Failure "unavailable" where there is no room */
  put(hash: string, content: Uint8Array): Promise<void>;
  /** The whole content of one that was put. */
  read(hash: string): Promise<Uint8Array>;
  /** Its bytes from `start` to `end`, both included. */
  stream(hash: string, start: number, end: number): Readable;
  /** Takes one `put` back. */
  remove(hash: string): Promise<void>;
  /** Bytes that may be added before the disk is full. */
  room(): Promise<number>;
  /** Removes everything. */
  dispose(): Promise<void>;
}

/** The name of content: its sha256. */
export const hashOf = (content: Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");
