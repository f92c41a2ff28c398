/** A thread of the preparation: takes batches of paths, answers with what became of each file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { type Prepared, prepareFile } from "./prepare-file.ts";

/** A kept file as it travels between threads; `hash` is the SHA-1 of its fingerprint. */
export type FileResult =
  | { readonly refused: Exclude<Prepared["refused"], undefined>; readonly bytes: number }
  | {
      readonly refused: undefined;
      readonly bytes: number;
      readonly hash: string;
      readonly tokens: Uint16Array;
      readonly notes: number;
      readonly clampedDeltas: number;
      readonly clampedDurations: number;
      readonly droppedNotes: number;
    };

parentPort?.on("message", ({ id, paths }: { id: number; paths: string[] }) => {
  const results = paths.map((path): FileResult => {
    const bytes = readFileSync(path);
    const prepared = prepareFile(bytes);
    if (prepared.refused !== undefined) return { refused: prepared.refused, bytes: bytes.length };
    const { fingerprint, ...rest } = prepared;
    const hash = createHash("sha1").update(new Uint8Array(fingerprint.buffer)).digest("hex");
    return { ...rest, bytes: bytes.length, hash };
  });
  parentPort?.postMessage({ id, results });
});
