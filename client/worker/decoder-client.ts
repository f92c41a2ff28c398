/** The page's end of the composing worker: a composition source, and pieces as promises. */
import { assert, unreachable } from "#base/assert.ts";
import { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type {
  ComposedNotes,
  CompositionSettings,
  CompositionSource,
} from "#engine/compose/composition.ts";
import type { Future, FuturesOrder, FuturesSource, NoFuture } from "#engine/compose/futures.ts";
import type { OrderRecord } from "#engine/journal/recorded-source.ts";
import type { PieceSource } from "#engine/studio/studio.ts";
import type { MadePiece } from "#engine/studio/studio-state.ts";
import type { Recovered } from "#model/recovering-decoder.ts";
import type { WasmPaths } from "#model/tfjs/tfjs-backend.ts";
import type { Note } from "#music/note.ts";
import type { BackendChoice, FromWorker, LoadedModel, ToWorker } from "./protocol.ts";

/** What is needed of a `Worker`; tests pass a fake. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

/** Where the worker finds its files. */
export interface LoadRequest {
  readonly modelUrl: string;
  readonly wasmPaths: WasmPaths;
  readonly backend: BackendChoice;
}

/** Steps by which the wish must have moved before the worker hears of it: an eighth note. */
const FEWEST_STEPS = 4;

/** What the worker was asked for and has not answered. */
interface Pending<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

interface PendingPiece extends Pending<MadePiece> {
  readonly onProgress: (share: number) => void;
}

/** Speaks with one worker, which it owns. */
export class DecoderClient implements CompositionSource, FuturesSource, PieceSource {
  readonly composed = new Emitter<ComposedNotes>();
  readonly failed = new Emitter<Error>();
  readonly foreseen = new Emitter<Future | NoFuture>();
  /** Bytes of weights that arrived. */
  readonly progressed = new Emitter<{ loadedBytes: number; totalBytes: number }>();
  /** The device was lost, and another composes on. */
  readonly recovered = new Emitter<Recovered>();
  readonly #worker: WorkerLike;
  #revisions = 0;
  #loading: Pending<LoadedModel> | undefined;
  #piece: PendingPiece | undefined;
  #replay: Pending<readonly Note[]> | undefined;
  #until = 0;

  constructor(worker: WorkerLike) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(
        new Failure("unavailable", remark("thread-broken", { reason: event.message ?? "" })),
      );
    };
  }

  /** Loads the model. Once. Rejects with what is wrong and what to do. */
  load(request: LoadRequest): Promise<LoadedModel> {
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
      this.#worker.postMessage({ kind: "load", ...request });
    });
  }

  begin(settings: CompositionSettings, prime: readonly Note[] = []): number {
    this.#until = 0;
    this.#worker.postMessage({ kind: "begin", settings, prime });
    return ++this.#revisions;
  }

  composeUntil(step: number): void {
    // Called at every tick: a message for each step would be more talk than music.
    if (Math.abs(step - this.#until) < FEWEST_STEPS) return;
    this.#until = step;
    this.#worker.postMessage({ kind: "composeUntil", step });
  }

  retake(step: number, settings: CompositionSettings): number {
    this.#worker.postMessage({ kind: "retake", step, settings });
    return ++this.#revisions;
  }

  foresee(order: FuturesOrder | undefined): void {
    this.#worker.postMessage({ kind: "foresee", order });
  }

  composePiece(
    request: ComposeRequest,
    n: number,
    onProgress: (share: number) => void,
  ): Promise<MadePiece> {
    assert(this.#piece === undefined, "one piece at a time");
    return new Promise((resolve, reject) => {
      this.#piece = { onProgress, resolve, reject };
      this.#worker.postMessage({ kind: "composePiece", request, n });
    });
  }

  cancelPiece(): void {
    this.#worker.postMessage({ kind: "cancelPiece" });
  }

  /** A piece composed once more by its orders: its notes. Rejects with a Failure where they cannot be followed. */
  replay(record: OrderRecord): Promise<readonly Note[]> {
    assert(this.#replay === undefined, "one piece at a time");
    return new Promise((resolve, reject) => {
      this.#replay = { resolve, reject };
      this.#worker.postMessage({ kind: "replay", record });
    });
  }

  dispose(): void {
    this.#worker.onmessage = null;
    this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "progress":
        this.progressed.emit(message);
        return;
      case "loaded":
        this.#loading?.resolve(message.model);
        this.#loading = undefined;
        return;
      case "composed":
        this.composed.emit(message.composed);
        return;
      case "foreseen":
        this.foreseen.emit(message.future);
        return;
      case "recovered":
        this.recovered.emit(message.recovered);
        return;
      case "pieceProgress":
        this.#piece?.onProgress(message.share);
        return;
      case "piece":
        this.#endedPiece()?.resolve(message);
        return;
      case "pieceFailed":
        this.#endedPiece()?.reject(
          message.cancelled
            ? new DOMException("The piece was cancelled.", "AbortError")
            : new Failure("unavailable", message.why),
        );
        return;
      case "replayed":
        this.#endedReplay()?.resolve(message.notes);
        return;
      case "replayFailed":
        this.#endedReplay()?.reject(new Failure("unreadable", message.why));
        return;
      case "failed":
        this.#fail(new Failure("unavailable", message.why));
        return;
      default:
        unreachable(message);
    }
  }

  #endedPiece(): PendingPiece | undefined {
    const piece = this.#piece;
    this.#piece = undefined;
    return piece;
  }

  #endedReplay(): Pending<readonly Note[]> | undefined {
    const replay = this.#replay;
    this.#replay = undefined;
    return replay;
  }

  #fail(error: Failure): void {
    const loading = this.#loading;
    this.#loading = undefined;
    this.#endedPiece()?.reject(error);
    this.#endedReplay()?.reject(error);
    if (loading !== undefined) loading.reject(error);
    else this.failed.emit(error);
  }
}
