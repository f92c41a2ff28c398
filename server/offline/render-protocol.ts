/** What passes between `renderNotes` and its worker thread. */
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
}

/** Two channels of equal length; samples within (-1, 1). */
export interface StereoAudio {
  readonly left: Float32Array<ArrayBuffer>;
  readonly right: Float32Array<ArrayBuffer>;
}

/** What the worker answers: progress 0-1, then what it rendered. */
export type RenderReply =
  | { readonly kind: "progress"; readonly progress: number }
  | { readonly kind: "done"; readonly audio: StereoAudio };
