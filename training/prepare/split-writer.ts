/** Writes one split: token ids as little-endian uint16, and an index of where each piece lies. */
import { closeSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The parts of the data; a piece belongs to one by the hash of its content. */
export const SPLITS = ["train", "validation", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** 2 % validation, 2 % test, by content, so that a piece never stands in two. */
export function splitOf(hash: string): Split {
  const value = Number.parseInt(hash.slice(0, 8), 16) % 100;
  return value < 2 ? "validation" : value < 4 ? "test" : "train";
}

/** Appends pieces to `<split>.bin`; `finish` writes `<split>.index.json` and gives both their names. */
export class SplitWriter {
  readonly #file: number;
  readonly #folder: string;
  readonly #split: Split;
  readonly #pieces: [offset: number, length: number, source: number][] = [];
  #tokens = 0;

  constructor(folder: string, split: Split) {
    this.#folder = folder;
    this.#split = split;
    this.#file = openSync(join(folder, `${split}.bin.partial`), "w");
  }

  get tokens(): number {
    return this.#tokens;
  }

  get pieces(): number {
    return this.#pieces.length;
  }

  add(tokens: Uint16Array, source: number): void {
    writeSync(this.#file, new Uint8Array(tokens.buffer, tokens.byteOffset, tokens.byteLength));
    this.#pieces.push([this.#tokens, tokens.length, source]);
    this.#tokens += tokens.length;
  }

  finish(sources: readonly string[]): void {
    closeSync(this.#file);
    const path = (ending: string) => join(this.#folder, `${this.#split}.${ending}`);
    writeFileSync(path("index.json"), JSON.stringify({ sources, pieces: this.#pieces }));
    renameSync(path("bin.partial"), path("bin"));
  }
}
