/** What passes between `renderNotes` and its worker thread. */
import type { FailureKind } from "#base/failure.ts";
import type { TimedNote } from "#engine/play/player.ts";

/** Given to the worker when it starts. */
export interface RenderRequest {
  readonly notes: readonly TimedNote[];
  /** Folder with `kit.json` and its files. */
  readonly kitFolder: string;
  /** Frames a second. */
  readonly sampleRate: number;
  /** Length of the result; by default what cuts nothing. */
  readonly seconds?: number;
  /** Whether each instrument is rendered alone as well. */
  readonly stems: boolean;
}

/** Two channels of equal length; samples within (-1, 1). */
export interface StereoAudio {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
}

/** What the worker answers: progress 0-1, then one of the others. */
export type RenderReply =
  | { readonly kind: "progress"; readonly progress: number }
  | {
      readonly kind: "done";
      readonly mix: StereoAudio;
      /** By instrument id, where stems were asked for. */
      readonly stems: readonly (readonly [number, StereoAudio])[];
    }
  | { readonly kind: "failed"; readonly failure: FailureKind; readonly message: string };
