/** The real renderer: the page's own graph in one thread, the encoder in another. */

import type { AudioFormat, RenderAudio } from "./audio.ts";
import { renderNotes } from "./render-notes.ts";
import type { StereoAudio } from "./render-protocol.ts";
import { runThread } from "./thread.ts";

/** What the encoding thread is handed. */
export interface EncodeOrder {
  readonly audio: StereoAudio;
  /** Frames a second. */
  readonly sampleRate: number;
  readonly format: AudioFormat;
  /** Written into formats that carry one. */
  readonly title?: string;
}

/** What it answers. */
export type EncodeReply = { readonly kind: "done"; readonly bytes: Uint8Array };

/** Share of the work that is rendering; encoding is quick beside it. */
const RENDERING = 0.95;

/** Renders with the instrument's own sounds. Rejects with `Failure` for a missing or broken kit. */
export const renderAudio: RenderAudio = async (order) => {
  const { notes, seconds, kitFolder, format, title, onProgress, signal } = order;
  const { left, right, sampleRate } = await renderNotes({
    ...{ notes, seconds, kitFolder, signal },
    onProgress: (share) => onProgress(RENDERING * share),
  });
  const request: EncodeOrder = {
    audio: { left, right },
    ...{ sampleRate, format, ...(title !== undefined && { title }) },
  };
  const url = new URL("./encode-worker.ts", import.meta.url);
  const channels = [left.buffer, right.buffer];
  const { bytes } = await runThread<EncodeReply>(url, request, () => undefined, signal, channels);
  onProgress(1);
  return bytes;
};
