/** Sound files decoded by the audio engine that the server has at hand, for tests that listen. */
import { type AudioBuffer, OfflineAudioContext } from "node-web-audio-api";

/** Decodes a whole MP3 or WAV file at 44,100 frames a second. */
export async function decode(file: Uint8Array): Promise<AudioBuffer> {
  const context = new OfflineAudioContext(2, 1, 44_100);
  return await context.decodeAudioData(Uint8Array.from(file).buffer);
}

/** The largest sample of all channels, as a gain. */
export function peakOf(audio: AudioBuffer): number {
  let peak = 0;
  for (let channel = 0; channel < audio.numberOfChannels; channel++) {
    for (const sample of audio.getChannelData(channel)) peak = Math.max(peak, Math.abs(sample));
  }
  return peak;
}
