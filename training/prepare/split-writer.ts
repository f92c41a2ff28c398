/**
 * Writes one split: token ids as little-endian uint16, the records of charts (see chart-records.ts), and an index of
 * where each piece lies in both.
 */
import { closeSync, openSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RECORD_BYTES } from "./chart-records.ts";
import type { MidiFile } from "./find-files.ts";
import type { Split } from "./splits.ts";

/** Where a piece lies: tokens and records of its split, and the rows that are its file's. */
type Row = [
  offset: number,
  length: number,
  source: number,
  firstRecord: number,
  records: number,
  styleRow: number,
];

/** A piece as bytes. */
export interface PieceBytes {
  readonly tokens: Uint8Array;
  readonly chart: Uint8Array;
}

/** Writes pieces beside `<split>.bin` and `<split>.chart.bin`; `finish` gives them their names and writes `<split>.index.json`. */
export class SplitWriter {
  readonly #folder: string;
  readonly #split: Split;
  readonly #files: Readonly<Record<"bin" | "chart.bin", number>>;
  readonly #rows: Row[] = [];
  readonly #fresh: boolean[] = [];
  #tokens = 0;
  #records = 0;

  constructor(folder: string, split: Split) {
    this.#folder = folder;
    this.#split = split;
    const open = (ending: string): number => openSync(`${this.#path(ending)}.partial`, "w");
    this.#files = { bin: open("bin"), "chart.bin": open("chart.bin") };
  }

  get tokens(): number {
    return this.#tokens;
  }

  get pieces(): number {
    return this.#rows.length;
  }

  /** @param fresh whether nothing was learned from the piece's song. */
  add({ tokens, chart }: PieceBytes, { source, style }: MidiFile, fresh: boolean): void {
    writeFileSync(this.#files.bin, tokens);
    writeFileSync(this.#files["chart.bin"], chart);
    const length = tokens.length / Uint16Array.BYTES_PER_ELEMENT;
    const records = chart.length / RECORD_BYTES;
    this.#rows.push([this.#tokens, length, source, this.#records, records, style]);
    this.#fresh.push(fresh);
    this.#tokens += length;
    this.#records += records;
  }

  /** @param withFresh whether the index says which pieces are fresh. */
  finish(sources: readonly string[], withFresh: boolean): void {
    const index = { sources, pieces: this.#rows, ...(withFresh ? { fresh: this.#fresh } : {}) };
    writeFileSync(this.#path("index.json"), JSON.stringify(index));
    for (const ending of ["bin", "chart.bin"] as const) {
      closeSync(this.#files[ending]);
      renameSync(`${this.#path(ending)}.partial`, this.#path(ending));
    }
  }

  #path(ending: string): string {
    return join(this.#folder, `${this.#split}.${ending}`);
  }
}
