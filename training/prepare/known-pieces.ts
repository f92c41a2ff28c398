/**
 * The pieces kept so far, to tell a copy by. A copy on the same grid has the same fingerprint.
 * One of another division, or whose tempo was written into its ticks, rounds to other steps: it has
 * the same pitch census, which is rare enough that both files are read again and compared.
 * Some 300 bytes a piece.
 */
import { readFileSync } from "node:fs";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { PieceRecord } from "./checkpoint.ts";
import type { MidiFile } from "./find-files.ts";
import { inSameOrder } from "./same-notes.ts";

/** Remembers pieces by their index among `files`, and recognises copies. */
export class KnownPieces {
  readonly #files: readonly MidiFile[];
  readonly #hashes = new Set<string>();
  readonly #byCensus = new Map<string, number[]>();

  constructor(files: readonly MidiFile[]) {
    this.#files = files;
  }

  add({ hash, census, file }: Pick<PieceRecord, "hash" | "census" | "file">): void {
    this.#hashes.add(hash);
    const others = this.#byCensus.get(census);
    if (others === undefined) this.#byCensus.set(census, [file]);
    else others.push(file);
  }

  /** Whether a file holds the notes of a known piece. Reads files again where only their notes can tell. */
  isCopy({ hash, census, file }: Pick<PieceRecord, "hash" | "census" | "file">): boolean {
    if (this.#hashes.has(hash)) return true;
    const others = this.#byCensus.get(census);
    if (others === undefined) return false;
    const song = this.#read(file);
    return others.some((other) => inSameOrder(this.#read(other), song));
  }

  #read(file: number) {
    return readMidi(readFileSync(this.#files[file].path));
  }
}
