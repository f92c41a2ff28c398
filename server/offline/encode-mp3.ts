/**
 * MP3 through LAME in WebAssembly, in pieces of a second, so that a server can do other things
 * between them. Constant bit rate: in the variable mode this build writes no Xing header, and
 * players then tell wrong lengths.
 */
import { createMp3Encoder } from "wasm-media-encoders";
import { Failure } from "#base/failure.ts";
import type { StereoAudio } from "./render-protocol.ts";

const KILOBITS = 192;
const MPEG1_RATES = [32_000, 44_100, 48_000];

/** Encodes at 192 kbit/s; yields parts to be written one after another. `sampleRate` as MPEG-1 has it. */
export async function* encodeMp3(
  audio: StereoAudio,
  sampleRate: number,
): AsyncGenerator<Uint8Array, void, void> {
  if (!MPEG1_RATES.includes(sampleRate)) {
    const rates = MPEG1_RATES.join(", ");
    throw new Failure("unsupported", `MP3 knows no rate of ${sampleRate} Hz: use one of ${rates}.`);
  }
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate, channels: 2, bitrate: KILOBITS });
  for (let frame = 0; frame < audio.left.length; frame += sampleRate) {
    const end = frame + sampleRate;
    const part = encoder.encode([
      audio.left.subarray(frame, end),
      audio.right.subarray(frame, end),
    ]);
    yield part.slice(); // the encoder's own memory is used again
    await new Promise((others) => setImmediate(others));
  }
  yield encoder.finalize().slice();
}
