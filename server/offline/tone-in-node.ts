/**
 * Brings Tone to life in Node on node-web-audio-api, for offline contexts alone. Tone looks for
 * the browser's classes on the global object while it is imported, so they are put there first and
 * Tone is imported only here and only dynamically. `AudioContext` is left out: with it, importing
 * Tone opens a sound card. Meant for a worker thread, whose globals are its own.
 */
import * as webAudio from "node-web-audio-api";

/** The modules of the sound floor, imported after Tone's world was prepared. */
export async function soundInNode() {
  const {
    AudioContext: _,
    default: __,
    mediaDevices: ___,
    ...classes
  } = webAudio as Record<string, unknown>;
  const quiet = { TONE_SILENCE_LOGGING: true }; // stdout carries results
  Object.assign(globalThis, classes, quiet, {
    window: globalThis,
    self: globalThis,
    isSecureContext: true,
  });
  const [tone, band, offline] = await Promise.all([
    import("tone"),
    import("#sound/band.ts"),
    import("#sound/offline.ts"),
  ]);
  return { ...tone, ...band, ...offline, NativeOfflineContext: webAudio.OfflineAudioContext };
}
