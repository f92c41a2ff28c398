/**
 * WAV (RIFF, PCM of 16 bits, little-endian) with triangular dither of two quantisation steps,
 * which turns rounding distortion into steady noise (Lipshitz, Wannamaker, Vanderkooy,
 * "Quantization and dither", JAES 40(5), 1992). Seeded: the same audio gives the same bytes.
 */
import { Random } from "#base/random.ts";
import type { StereoAudio } from "./render-protocol.ts";

const HEADER = 44;
const FULL_SCALE = 32_767;
const SEED = 16;

/** A whole file. `dither: false` leaves exact silence silent and rounds to nearest. */
export function encodeWav(
  audio: StereoAudio,
  sampleRate: number,
  { dither = true }: { readonly dither?: boolean } = {},
): Uint8Array {
  const frames = audio.left.length;
  const bytes = new Uint8Array(HEADER + frames * 4);
  const view = new DataView(bytes.buffer);
  writeHeader(view, frames * 4, sampleRate);
  [audio.left, audio.right].forEach((channel, index) => {
    const random = new Random(SEED, index);
    for (let frame = 0; frame < frames; frame++) {
      const noise = dither ? random.at(frame, 0) - random.at(frame, 1) : 0;
      const value = Math.round(channel[frame] * FULL_SCALE + noise);
      const limited = Math.max(-FULL_SCALE - 1, Math.min(FULL_SCALE, value));
      view.setInt16(HEADER + frame * 4 + index * 2, limited, true);
    }
  });
  return bytes;
}

function writeHeader(view: DataView, dataBytes: number, sampleRate: number): void {
  const text = (offset: number, value: string) => {
    for (let index = 0; index < value.length; index++) {
      view.setUint8(offset + index, value.charCodeAt(index));
    }
  };
  text(0, "RIFF");
  view.setUint32(4, HEADER - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // length of the format chunk
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 2, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 4, true);
  view.setUint16(32, 4, true); // bytes a frame
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, dataBytes, true);
}
