/**
 * Kept pieces on their way to a split: which one is theirs is known once all files are read. Tokens, records of charts and
 * melodic runs lie one piece after the other in three files; a run that goes on first recalls the pieces it had,
 * then cuts what was written after.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { RECORD_BYTES } from "./chart-records.ts";
import type { PieceRecord } from "./checkpoint.ts";

/** What a piece brings to the spool. */
export interface SpooledPiece {
  /** Token ids. */
  readonly tokens: Uint16Array;
  /** Records of its chart. */
  readonly chart: Uint8Array;
  /** Hashes of its melodic runs. */
  readonly runs: Uint32Array;
}

type Sizes = Pick<PieceRecord, "length" | "records" | "runs">;

/** Appends pieces, and reads them back in order. */
export class Spool {
  readonly #tokens: PartialFile;
  readonly #charts: PartialFile;
  readonly #runs: PartialFile;

  constructor(folder: string) {
    this.#tokens = new PartialFile(join(folder, "tokens.partial"));
    this.#charts = new PartialFile(join(folder, "charts.partial"));
    this.#runs = new PartialFile(join(folder, "runs.partial"));
  }

  /** Counts a piece that an earlier run wrote. */
  recall({ length, records, runs }: Sizes): void {
    this.#tokens.expect(length * Uint16Array.BYTES_PER_ELEMENT);
    this.#charts.expect(records * RECORD_BYTES);
    this.#runs.expect(runs * Uint32Array.BYTES_PER_ELEMENT);
  }

  /** Cuts the files to what was recalled. Once, before the first `add`. */
  cut(): void {
    for (const file of this.#files) file.cut();
  }

  add({ tokens, chart, runs }: SpooledPiece): void {
    assert(tokens.length > 0, "a piece has at least one token");
    this.#tokens.add(bytesOf(tokens));
    this.#charts.add(chart);
    this.#runs.add(bytesOf(runs));
  }

  /** Returns once everything added lies on the disk. */
  sync(): void {
    for (const file of this.#files) file.sync();
  }

  /** The melodic runs of each piece, in order. */
  *runs(pieces: readonly Sizes[]): Iterable<Uint32Array> {
    let at = 0;
    for (const { runs } of pieces) {
      const bytes = this.#runs.read(at, runs * Uint32Array.BYTES_PER_ELEMENT);
      yield new Uint32Array(bytes.buffer);
      at += bytes.length;
    }
  }

  /** The tokens and records of each piece as bytes, in order. */
  *pieces(pieces: readonly Sizes[]): Iterable<{ tokens: Uint8Array; chart: Uint8Array }> {
    let [token, record] = [0, 0];
    for (const { length, records } of pieces) {
      const tokens = this.#tokens.read(token, length * Uint16Array.BYTES_PER_ELEMENT);
      const chart = this.#charts.read(record, records * RECORD_BYTES);
      yield { tokens, chart };
      token += tokens.length;
      record += chart.length;
    }
  }

  /** Closes the files and takes them away. */
  remove(): void {
    for (const file of this.#files) file.remove();
  }

  get #files(): readonly PartialFile[] {
    return [this.#tokens, this.#charts, this.#runs];
  }
}

const bytesOf = (numbers: Uint16Array | Uint32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** A file of which a known number of bytes counts. */
class PartialFile {
  readonly #file: number;
  readonly #path: string;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "a+");
  }

  expect(bytes: number): void {
    this.#bytes += bytes;
  }

  /** @throws Failure "unreadable" where there is less than what was expected. */
  cut(): void {
    const { size } = fstatSync(this.#file);
    if (size < this.#bytes) {
      throw new Failure(
        "unreadable",
        `${this.#path} has ${size} bytes where ${this.#bytes} were written; begin anew with --again.`,
      );
    }
    ftruncateSync(this.#file, this.#bytes);
  }

  add(bytes: Uint8Array): void {
    writeFileSync(this.#file, bytes);
    this.#bytes += bytes.length;
  }

  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    const read = length === 0 ? 0 : readSync(this.#file, bytes, 0, length, at);
    assert(read === length, `${this.#path} gave ${read} of ${length} bytes at ${at}`);
    return bytes;
  }

  sync(): void {
    fsyncSync(this.#file);
  }

  remove(): void {
    closeSync(this.#file);
    rmSync(this.#path);
  }
}
