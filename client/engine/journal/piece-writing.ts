/**
 * Writes a piece in play down, chunk after chunk, each once the one before is written. Where the store takes none, since it is
 * full, it says so, rests, and then writes all of the piece anew: what was written before stays, and nothing that was
 * heard is missing once there is room again.
 */
import { ChunkWriter, type PieceInPlay } from "./chunks.ts";

/** Calls that are let pass once a chunk could not be written. */
const RESTS = 10;

/** Where chunks go. */
interface ChunkLog {
  append(chunk: unknown): Promise<void>;
  clear(): Promise<void>;
}

/** See the header. Calls what failed, each time, with why. */
export class PieceWriting {
  readonly #log: ChunkLog;
  readonly #failed: (error: unknown) => void;
  #writer = new ChunkWriter();
  #writing: Promise<void> = Promise.resolve();
  #rests = 0;

  constructor(log: ChunkLog, failed: (error: unknown) => void) {
    this.#log = log;
    this.#failed = failed;
  }

  /** Writes what is new of the piece, unless it rests. Call about once a second. */
  write(piece: PieceInPlay): void {
    if (this.#rests > 0) {
      this.#rests--;
      return;
    }
    const writer = this.#writer;
    const chunk = writer.next(piece);
    if (chunk === undefined) return;
    this.#then(
      () => this.#log.append(chunk),
      () => {
        // What follows the chunk that is missing would say nothing.
        if (this.#writer === writer) this.#writer = new ChunkWriter();
        this.#rests = RESTS;
      },
    );
  }

  /** Another piece takes its place, and nothing of it is needed any more. */
  begin(): void {
    this.#writer = new ChunkWriter();
    this.#rests = 0;
    this.#then(() => this.#log.clear());
  }

  /** All that was begun is done. */
  get done(): Promise<void> {
    return this.#writing;
  }

  #then(act: () => Promise<void>, mend: () => void = () => undefined): void {
    this.#writing = this.#writing.then(act).catch((error: unknown) => {
      mend();
      this.#failed(error);
    });
  }
}
