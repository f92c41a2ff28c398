/** What the page and the composing worker say to each other: one union a direction. */

import type { Remark } from "#base/remark.ts";
import type { ComposeRequest } from "#engine/compose/compose-request.ts";
import type { ComposedNotes, CompositionSettings } from "#engine/compose/composition.ts";
import type { Future, FuturesOrder, NoFuture } from "#engine/compose/futures.ts";
import type { OrderRecord } from "#engine/journal/recorded-source.ts";
import type { MadePiece } from "#engine/studio/studio-state.ts";
import type { BackendName } from "#model/decoder.ts";
import type { Recovered } from "#model/recovering-decoder.ts";
import type { WasmPaths } from "#model/tfjs/tfjs-backend.ts";
import type { Note } from "#music/note.ts";

/** Which backend the player prefers; "auto" takes WebGPU where there is one. */
export type BackendChoice = "auto" | "webgpu" | "wasm";

/** From the page to the worker. `load` comes first and once. */
export type ToWorker =
  | {
      readonly kind: "load";
      /** Absolute URL of the model's folder, ending in a slash. */
      readonly modelUrl: string;
      /** Absolute URL of each of tfjs' .wasm files by its name, or of the folder that holds them, ending in a slash. */
      readonly wasmPaths: WasmPaths;
      readonly backend: BackendChoice;
    }
  | {
      readonly kind: "begin";
      readonly settings: CompositionSettings;
      readonly prime: readonly Note[];
    }
  | { readonly kind: "composeUntil"; readonly step: number }
  | { readonly kind: "retake"; readonly step: number; readonly settings: CompositionSettings }
  | { readonly kind: "foresee"; readonly order: FuturesOrder | undefined }
  | { readonly kind: "composePiece"; readonly request: ComposeRequest; readonly n: number }
  | { readonly kind: "cancelPiece" }
  /** Composes a piece once more by its orders; nothing else goes on in the worker meanwhile. */
  | { readonly kind: "replay"; readonly record: OrderRecord };

/** What is known once a model runs. */
export interface LoadedModel {
  readonly id: string;
  readonly parameters: number;
  readonly backend: BackendName;
  /** In plain words: what happened while it was loaded. */
  readonly remarks: readonly Remark[];
  /** In plain words: why no faster backend runs it. */
  readonly reasons: readonly Remark[];
  /** Why no music can be given to it; it can where undefined. */
  readonly whyNoneGiven?: Remark;
}

/** From the worker to the page. */
export type FromWorker =
  | { readonly kind: "progress"; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: "loaded"; readonly model: LoadedModel }
  | { readonly kind: "composed"; readonly composed: ComposedNotes }
  | { readonly kind: "foreseen"; readonly future: Future | NoFuture }
  /** The device was lost, and composing goes on on another; nothing is asked of the page. */
  | { readonly kind: "recovered"; readonly recovered: Recovered }
  | { readonly kind: "pieceProgress"; readonly share: number }
  | (MadePiece & { readonly kind: "piece" })
  | { readonly kind: "pieceFailed"; readonly why: Remark; readonly cancelled: boolean }
  | { readonly kind: "replayed"; readonly notes: readonly Note[] }
  | { readonly kind: "replayFailed"; readonly why: Remark }
  /** Nothing further will come: the model could not be loaded, or composing broke. */
  | { readonly kind: "failed"; readonly why: Remark };
