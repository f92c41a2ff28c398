/** MP3 through ffmpeg and LAME (VBR, with LAME's tag, so that decoders know the padding). */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Failure } from "#base/failure.ts";
import { RECORDING_RATE } from "./fluidsynth.ts";

const run = promisify(execFile);

/**
 * Encodes equal-length channels (1 or 2) and decodes the result again, for measuring.
 * `folder` takes scratch files. Throws `Failure` where ffmpeg or its LAME is missing.
 */
export async function encodeMp3(
  channels: readonly Float32Array[],
  quality: number,
  folder: string,
): Promise<{ mp3: Buffer; decoded: Float32Array[] }> {
  const count = channels.length;
  const [raw, mp3, back] = ["in.raw", "out.mp3", "back.raw"].map((name) => join(folder, name));
  await writeFile(raw, new Uint8Array(interleave(channels).buffer));
  const format = ["-f", "f32le", "-ar", String(RECORDING_RATE), "-ac", String(count)];
  const plain = ["-bitexact", "-map_metadata", "-1", "-id3v2_version", "0", "-write_id3v1", "0"];
  const lame = ["-c:a", "libmp3lame", "-q:a", String(quality), ...plain];
  await ffmpeg([...format, "-i", raw, ...lame, mp3]);
  await ffmpeg(["-i", mp3, ...format, back]);
  const bytes = await readFile(back);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  const decoded = channels.map((_, channel) =>
    Float32Array.from({ length: samples.length / count }, (_, i) => samples[i * count + channel]),
  );
  return { mp3: await readFile(mp3), decoded };
}

function interleave(channels: readonly Float32Array[]): Float32Array {
  const mixed = new Float32Array(channels.length * channels[0].length);
  channels.forEach((channel, index) => {
    channel.forEach((sample, frame) => {
      mixed[frame * channels.length + index] = sample;
    });
  });
  return mixed;
}

async function ffmpeg(options: readonly string[]): Promise<void> {
  try {
    await run("ffmpeg", ["-nostdin", "-v", "error", "-y", ...options]);
  } catch (cause) {
    const remedy = "install one with libmp3lame (Debian: apt-get install ffmpeg)";
    throw new Failure("unavailable", `ffmpeg did not encode: ${remedy}.`, { cause });
  }
}
