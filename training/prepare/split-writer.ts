/**
 * Writes one split: token ids as little-endian uint16, the records of charts (see chart-records.ts), and an index of
 * where each piece lies in both.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { RECORD_BYTES } from "./chart-records.ts";
import type { MidiFile } from "./find-files.ts";

/** The parts of the data; a piece belongs to one by the hash of its content. */
export const SPLITS = ["train", "validation", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** 2 % validation, 2 % test, by content, so that a piece never stands in two. */
export function splitOf(hash: string): Split {
  const value = Number.parseInt(hash.slice(0, 8), 16) % 100;
  return value < 2 ? "validation" : value < 4 ? "test" : "train";
}

/** Bytes of a token id. */
const TOKEN_BYTES = Uint16Array.BYTES_PER_ELEMENT;

/** Where a piece lies: tokens and records of its split, and the rows that are its file's. */
type Place = [
  offset: number,
  length: number,
  source: number,
  firstRecord: number,
  records: number,
  styleRow: number,
];

/**
 * Appends pieces to `<split>.bin.partial` and `<split>.chart.bin.partial`; `finish` writes `<split>.index.json` and
 * gives both their names. A run that goes on first recalls the pieces it had, then cuts what was written after.
 */
export class SplitWriter {
  readonly #folder: string;
  readonly #split: Split;
  readonly #tokenFile: PartialFile;
  readonly #chartFile: PartialFile;
  readonly #pieces: Place[] = [];
  #tokens = 0;
  #records = 0;

  constructor(folder: string, split: Split) {
    this.#folder = folder;
    this.#split = split;
    this.#tokenFile = new PartialFile(join(folder, `${split}.bin`));
    this.#chartFile = new PartialFile(join(folder, `${split}.chart.bin`));
  }

  get tokens(): number {
    return this.#tokens;
  }

  get pieces(): number {
    return this.#pieces.length;
  }

  /** Counts a piece of `length` tokens and `records` that an earlier run wrote. */
  recall(
    { length, records }: { readonly length: number; readonly records: number },
    { source, style }: Pick<MidiFile, "source" | "style">,
  ): void {
    this.#pieces.push([this.#tokens, length, source, this.#records, records, style]);
    this.#tokens += length;
    this.#records += records;
  }

  /** Cuts the files to what was recalled. Once, before the first `add`. */
  cut(): void {
    this.#tokenFile.cut(this.#tokens * TOKEN_BYTES);
    this.#chartFile.cut(this.#records * RECORD_BYTES);
  }

  add(tokens: Uint16Array, chart: Uint8Array, file: Pick<MidiFile, "source" | "style">): void {
    assert(tokens.length > 0, "a piece has at least one token");
    this.#tokenFile.add(new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength));
    this.#chartFile.add(chart);
    this.recall({ length: tokens.length, records: chart.length / RECORD_BYTES }, file);
  }

  /** Returns once everything added lies on the disk. */
  sync(): void {
    this.#tokenFile.sync();
    this.#chartFile.sync();
  }

  finish(sources: readonly string[]): void {
    const index = JSON.stringify({ sources, pieces: this.#pieces });
    writeFileSync(join(this.#folder, `${this.#split}.index.json`), index);
    this.#tokenFile.finish();
    this.#chartFile.finish();
  }
}

/** A file that is called `<name>.partial` until it is whole. */
class PartialFile {
  readonly #file: number;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    // A run that was killed while it finished has given the file its name already.
    if (!existsSync(this.#partial) && existsSync(path)) renameSync(path, this.#partial);
    this.#file = openSync(this.#partial, "a");
  }

  /** @throws Failure "unreadable" where there is less than `expected` bytes. */
  cut(expected: number): void {
    const { size } = fstatSync(this.#file);
    if (size < expected) {
      throw new Failure(
        "unreadable",
        `${this.#partial} has ${size} bytes where ${expected} were written; begin anew with --again.`,
      );
    }
    ftruncateSync(this.#file, expected);
  }

  add(bytes: Uint8Array): void {
    writeFileSync(this.#file, bytes);
  }

  sync(): void {
    fsyncSync(this.#file);
  }

  finish(): void {
    closeSync(this.#file);
    renameSync(this.#partial, this.#path);
  }

  get #partial(): string {
    return `${this.#path}.partial`;
  }
}
