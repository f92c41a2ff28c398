/**
 * MP3 through LAME in WebAssembly, at a constant rate of bits. This build of LAME writes no frame that tells length,
 * delay and padding, so that is ours (mp3-info.ts), as is the tag with the title.
 */
import { createMp3Encoder } from "wasm-media-encoders";
import { Failure } from "#base/failure.ts";
import { id3Tag } from "./id3.ts";
import { infoFrame } from "./mp3-info.ts";
import type { StereoAudio } from "./render-protocol.ts";

const KILOBITS = 192;
const MPEG1_RATES = [32_000, 44_100, 48_000];

/** A whole file at 192 kbit/s. `sampleRate` as MPEG-1 has it. @throws Failure "unsupported" for another */
export async function encodeMp3(
  audio: StereoAudio,
  sampleRate: number,
  title?: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!MPEG1_RATES.includes(sampleRate)) {
    const rates = MPEG1_RATES.join(", ");
    throw new Failure("unsupported", `MP3 knows no rate of ${sampleRate} Hz: use one of ${rates}.`);
  }
  const encoder = await createMp3Encoder();
  encoder.configure({ sampleRate, channels: 2, bitrate: KILOBITS });
  const samples = audio.left.length;
  const parts: Uint8Array[] = [];
  // A second at a time: the encoder copies what it is given.
  for (let from = 0; from < samples; from += sampleRate) {
    const part = encoder.encode([
      audio.left.subarray(from, from + sampleRate),
      audio.right.subarray(from, from + sampleRate),
    ]);
    parts.push(part.slice()); // the encoder's own memory is used again
  }
  parts.push(encoder.finalize().slice());
  const stream = joined(parts);
  return joined([id3Tag(title), infoFrame(stream, samples), stream]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
