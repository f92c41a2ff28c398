/**
 * What lets a killed preparation go on: `state.json`, replaced whole (written beside, then renamed),
 * and `pieces.partial`, a line for each kept piece. The state says how much of the other files
 * counts; whatever a killed run wrote past it is cut. A checkpoint costs the same however
 * far the run is, since only what is new is written.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Failure } from "#base/failure.ts";
import { type Counts, noCounts, type PieceCounts } from "./counts.ts";

/** Version of both files; another is not gone on with. */
const FORMAT = 2;

/** How far a preparation is. */
export interface State {
  readonly format: number;
  /** Identity of the files it reads. */
  readonly input: string;
  /** Counts of the files taken so far; `counts.files` of them, from the first on. */
  readonly counts: Counts;
  /** Bytes of `pieces.partial` that count. */
  readonly bytes: number;
  /** Seconds that the runs so far took. */
  readonly seconds: number;
}

/** A kept piece as the journal remembers it. */
export interface PieceRecord {
  /** SHA-1 of its fingerprint and of its pitch census, hexadecimal. */
  readonly hash: string;
  readonly census: string;
  /** Length in tokens. */
  readonly length: number;
  /** Records of its chart. */
  readonly records: number;
  /** Number of its melodic runs. */
  readonly runs: number;
  /** Index of the file among all files of the input. */
  readonly file: number;
  /** What it adds to the report's counts. */
  readonly counts: PieceCounts;
}

const statePath = (folder: string): string => join(folder, "state.json");
const journalPath = (folder: string): string => join(folder, "pieces.partial");

/** Writes a file so that it is there whole or not at all, even if the machine stops. */
export function replaceFile(path: string, text: string): void {
  const beside = `${path}.new`;
  const file = openSync(beside, "w");
  writeFileSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(beside, path);
}

/** The state a folder holds, or undefined. @throws Failure "unreadable" for a state that is none of ours. */
export function readState(folder: string): State | undefined {
  const path = statePath(folder);
  if (!existsSync(path)) return undefined;
  let state: Partial<State> | undefined;
  try {
    state = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (state?.format !== FORMAT) {
    throw new Failure(
      "unreadable",
      `${path} is no state that can be gone on with; begin anew with --again.`,
    );
  }
  return state as State;
}

/** The state of a preparation of `input` that has taken no file. */
export const beginning = (input: string): State => ({
  format: FORMAT,
  input,
  counts: noCounts(),
  bytes: 0,
  seconds: 0,
});

/** Makes `state` what the folder goes on from. */
export const writeState = (folder: string, state: State): void =>
  replaceFile(statePath(folder), JSON.stringify(state));

/** Takes the files of the checkpoint away once the preparation is finished; the state first, which needs the other. */
export function removeCheckpoint(folder: string): void {
  rmSync(statePath(folder));
  rmSync(journalPath(folder));
}

/** The journal of kept pieces, open for more. */
export class Journal {
  readonly #file: number;
  #bytes: number;
  #lines = "";

  /** Opens a folder's journal, hands `recall` the pieces in its first `bytes` and cuts the rest. */
  constructor(folder: string, bytes: number, recall: (piece: PieceRecord) => void) {
    const path = journalPath(folder);
    this.#file = openSync(path, "a+");
    if (fstatSync(this.#file).size < bytes) {
      throw new Failure(
        "unreadable",
        `${path} is shorter than the ${bytes} bytes that were written; begin anew with --again.`,
      );
    }
    ftruncateSync(this.#file, bytes);
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    for (const line of lines) recall(JSON.parse(line));
    this.#bytes = bytes;
  }

  add(piece: PieceRecord): void {
    this.#lines += `${JSON.stringify(piece)}\n`;
  }

  /** Returns once everything added lies on the disk: the bytes of the journal. */
  sync(): number {
    writeFileSync(this.#file, this.#lines);
    this.#bytes += Buffer.byteLength(this.#lines);
    this.#lines = "";
    fsyncSync(this.#file);
    return this.#bytes;
  }

  close(): void {
    closeSync(this.#file);
  }
}
