/** Writes one split: token ids as little-endian uint16, and an index of where each piece lies. */
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

/**
 * Appends pieces to `<split>.bin.partial`; `finish` writes `<split>.index.json` and gives the tokens
 * their name. A run that goes on first recalls the pieces it had, then cuts what was written after.
 */
export class SplitWriter {
  readonly #file: number;
  readonly #folder: string;
  readonly #split: Split;
  readonly #pieces: [offset: number, length: number, source: number][] = [];
  #tokens = 0;

  constructor(folder: string, split: Split) {
    this.#folder = folder;
    this.#split = split;
    // A run that was killed while it finished has given the tokens their name already.
    if (!existsSync(this.#path("bin.partial")) && existsSync(this.#path("bin"))) {
      renameSync(this.#path("bin"), this.#path("bin.partial"));
    }
    this.#file = openSync(this.#path("bin.partial"), "a");
  }

  get tokens(): number {
    return this.#tokens;
  }

  get pieces(): number {
    return this.#pieces.length;
  }

  /** Counts a piece of `length` tokens that an earlier run wrote. */
  recall(length: number, source: number): void {
    this.#pieces.push([this.#tokens, length, source]);
    this.#tokens += length;
  }

  /** Cuts the file to what was recalled. Once, before the first `add`. */
  cut(): void {
    const { size } = fstatSync(this.#file);
    const expected = this.#tokens * TOKEN_BYTES;
    if (size < expected) {
      throw new Failure(
        "unreadable",
        `${this.#path("bin.partial")} has ${size} bytes where ${expected} were written; begin anew with --again.`,
      );
    }
    ftruncateSync(this.#file, expected);
  }

  add(tokens: Uint16Array, source: number): void {
    assert(tokens.length > 0, "a piece has at least one token");
    writeFileSync(this.#file, new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength));
    this.recall(tokens.length, source);
  }

  /** Returns once everything added lies on the disk. */
  sync(): void {
    fsyncSync(this.#file);
  }

  finish(sources: readonly string[]): void {
    closeSync(this.#file);
    writeFileSync(this.#path("index.json"), JSON.stringify({ sources, pieces: this.#pieces }));
    renameSync(this.#path("bin.partial"), this.#path("bin"));
  }

  #path(ending: string): string {
    return join(this.#folder, `${this.#split}.${ending}`);
  }
}
