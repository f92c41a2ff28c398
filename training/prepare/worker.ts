/** A thread of the preparation: takes batches of paths, answers with what became of each file. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { describeError } from "#base/failure.ts";
import { LARGEST_TRAINING_FILE } from "#music/midi/selection.ts";
import { type Prepared, prepareFile } from "./prepare-file.ts";

/** A kept file as it travels between threads; `hash` and `census` are SHA-1s of its fingerprint and pitch census. */
export type FileResult =
  | { readonly refused: Exclude<Prepared["refused"], undefined>; readonly bytes: number }
  | {
      readonly refused: undefined;
      readonly bytes: number;
      readonly hash: string;
      readonly census: string;
      readonly tokens: Uint16Array;
      readonly chart: Uint8Array;
      readonly runs: Uint32Array;
      readonly notes: number;
      readonly clampedDeltas: number;
      readonly clampedDurations: number;
      readonly droppedNotes: number;
    };

/** A file's bytes; its size where that is over the limit; undefined where it cannot be read. */
function readSmall(path: string): Uint8Array | number | undefined {
  try {
    const { size } = statSync(path);
    return size > LARGEST_TRAINING_FILE ? size : readFileSync(path);
  } catch (error) {
    // What cannot be read is counted in the report like what cannot be parsed; the reason goes to stderr.
    process.stderr.write(`${path} could not be read: ${describeError(error)}\n`);
    return undefined;
  }
}

const sha1 = (numbers: Int32Array | Uint32Array): string =>
  createHash("sha1")
    .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest("hex");

parentPort?.on("message", ({ id, paths }: { id: number; paths: string[] }) => {
  const results = paths.map((path): FileResult => {
    const bytes = readSmall(path);
    if (typeof bytes === "number") return { refused: "too-large", bytes };
    if (bytes === undefined) return { refused: "unreadable", bytes: 0 };
    const prepared = prepareFile(bytes);
    if (prepared.refused !== undefined) return { refused: prepared.refused, bytes: bytes.length };
    const { fingerprint, census, ...rest } = prepared;
    return { ...rest, bytes: bytes.length, hash: sha1(fingerprint), census: sha1(census) };
  });
  parentPort?.postMessage({ id, results });
});
