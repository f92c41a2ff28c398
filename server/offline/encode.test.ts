import { readFileSync } from "node:fs";
import { OfflineAudioContext } from "node-web-audio-api";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { centsOff, decibels } from "#sound/testing/spectrum.ts";
import { encodeMp3 } from "./encode-mp3.ts";
import { encodeWav } from "./encode-wav.ts";
import { readSong } from "./song.ts";

const RATE = 44_100;
/** Samples that a decoder that heeds no Info frame puts before the music, beside the encoder's own. */
const DECODER_DELAY = 529;
const CASE = new URL("../../client/music/testing/cases/46-tempo-changes.mid", import.meta.url);

/** Seconds of A4 left and C5 right at half scale. */
function tones(seconds: number) {
  const [left, right] = [440, 523.2511].map((frequency) =>
    Float32Array.from(
      { length: seconds * RATE },
      (_, frame) => 0.5 * Math.sin((2 * Math.PI * frequency * frame) / RATE),
    ),
  );
  return { left, right };
}

const mp3Of = async (audio: ReturnType<typeof tones>, title?: string): Promise<Buffer> =>
  Buffer.from(await encodeMp3(audio, RATE, title));

const decode = (bytes: Uint8Array) =>
  new OfflineAudioContext(2, 1, RATE).decodeAudioData(Uint8Array.from(bytes).buffer);

/** The title in an ID3v2.3 tag (id3.org, "ID3 tag version 2.3.0", sections 3.1 and 4.2). */
function titleOf(mp3: Buffer): string {
  expect(mp3.toString("latin1", 0, 3)).toBe("ID3");
  expect([...mp3.subarray(3, 6)]).toEqual([3, 0, 0]);
  const bytes = [...mp3.subarray(6, 10)].reduce((size, seven) => size * 128 + seven, 0);
  expect(mp3.readUInt16BE(10 + bytes)).toBe(0xfffb); // the first frame of sound
  expect(mp3.toString("latin1", 10, 14)).toBe("TIT2");
  const text = mp3.subarray(21, 20 + mp3.readUInt32BE(14));
  if (mp3[20] === 0) return text.toString("latin1");
  expect(text.readUInt16LE(0)).toBe(0xfeff);
  return text.toString("utf16le", 2);
}

describe("encodeMp3", () => {
  it("writes 192 kbit/s that decode to the same tones and length", async () => {
    const mp3 = await mp3Of(tones(4));
    expect(mp3.length).toBeGreaterThan(0.98 * 4 * 24_000);
    expect(mp3.length).toBeLessThan(1.06 * 4 * 24_000);
    const decoded = await decode(mp3);
    expect(Math.abs(decoded.duration - 4)).toBeLessThan(0.1);
    expect(Math.abs(centsOff(decoded.getChannelData(0), RATE, 69))).toBeLessThan(1);
    expect(Math.abs(centsOff(decoded.getChannelData(1), RATE, 72))).toBeLessThan(1);
    expect(decibels(decoded.getChannelData(0).subarray(RATE, 3 * RATE))).toBeCloseTo(-9, 0);
  });

  it("gives the same bytes twice, and the same size for the same length", async () => {
    const once = await mp3Of(tones(2));
    expect(Buffer.compare(await mp3Of(tones(2)), once)).toBe(0);
    const silence = { left: new Float32Array(2 * RATE), right: new Float32Array(2 * RATE) };
    expect((await mp3Of(silence)).length).toBe(once.length);
  });

  it("refuses a rate that MP3 does not know", async () => {
    await expect(encodeMp3(tones(1), 96_000)).rejects.toThrow(Failure);
  });

  it.each([1, 1151, 44_100, 44_101])("tells that %d samples are music", async (samples) => {
    const { left, right } = tones(2);
    const audio = { left: left.slice(0, samples), right: right.slice(0, samples) };
    const mp3 = await mp3Of(audio);
    const at = mp3.indexOf("Info");
    expect(at).toBe(36);
    const frames = mp3.readUInt32BE(at + 8);
    expect(mp3.readUInt32BE(at + 12)).toBe(mp3.length);
    const toc = [...mp3.subarray(at + 16, at + 116)];
    expect(toc).toEqual([...toc].sort((a, b) => a - b));
    expect(mp3.toString("latin1", at + 120, at + 129)).toBe("LAME3.100");
    const [delay, padding] = [
      mp3.readUIntBE(at + 141, 3) >> 12,
      mp3.readUIntBE(at + 141, 3) & 4095,
    ];
    expect(delay).toBe(576);
    expect(frames * 1152 - delay - padding).toBe(samples);
    // Whoever decodes from its first byte to its last gets whole frames: the frame that tells is none of them.
    expect((await decode(mp3)).length).toBe(frames * 1152);
  });

  it("holds a song's samples from the first to the last where its Info frame says", async () => {
    const { seconds } = readSong(new Uint8Array(readFileSync(CASE)), { seconds: 60, notes: 1000 });
    // A rising tone, which is like itself at one shift alone.
    const left = Float32Array.from(
      { length: Math.round(seconds * RATE) },
      (_, frame) => 0.3 * Math.sin(frame * (0.01 + 1e-6 * frame)),
    );
    const mp3 = await mp3Of({ left, right: left });
    const told = mp3.readUIntBE(mp3.indexOf("Info") + 141, 3);
    const [delay, padding] = [told >> 12, told & 4095];
    const decoded = (await decode(mp3)).getChannelData(0);
    expect((decoded.length - delay - padding) / RATE).toBeCloseTo(10.333, 3);
    const differenceAt = (shift: number): number =>
      left
        .subarray(RATE, RATE + 4096)
        .reduce((sum, sample, at) => sum + (sample - decoded[RATE + at + shift]) ** 2, 0);
    const differences = Array.from({ length: 2400 }, (_, shift) => differenceAt(shift));
    expect(differences.indexOf(Math.min(...differences))).toBe(delay + DECODER_DELAY);
  });

  it("names its title in the letters it has", async () => {
    const titles = ["Ténor", "钢琴 – 1", " two\nlines ", "x".repeat(5000)];
    const tags = await Promise.all(titles.map((title) => mp3Of(tones(1), title)));
    expect(tags.map(titleOf)).toEqual(["Ténor", "钢琴 – 1", "two lines", "x".repeat(200)]);
    expect((await mp3Of(tones(1))).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfb]));
    expect((await decode(tags[1])).length).toBe((await decode(await mp3Of(tones(1)))).length);
  });
});

describe("encodeWav", () => {
  it("writes a file that decodes to the same samples within the dither's two steps", async () => {
    const audio = tones(1);
    const decoded = await decode(encodeWav(audio, RATE));
    expect(decoded.length).toBe(RATE);
    expect(decoded.sampleRate).toBe(RATE);
    const error = audio.right.map((sample, frame) => sample - decoded.getChannelData(1)[frame]);
    expect(Math.max(...error.map(Math.abs))).toBeLessThan(2.1 / 32_768);
    expect(decibels(error)).toBeLessThan(-94);
  });

  it("dithers as told: seeded, or not at all", () => {
    const silence = { left: new Float32Array(1000), right: new Float32Array(1000) };
    expect(encodeWav(silence, RATE, { dither: false }).subarray(44)).toEqual(new Uint8Array(4000));
    const dithered = encodeWav(silence, RATE);
    expect(dithered.subarray(44).some((byte) => byte !== 0)).toBe(true);
    expect(encodeWav(silence, RATE)).toEqual(dithered);
  });

  it("clamps what lies beyond full scale instead of wrapping it round", () => {
    const loud = { left: Float32Array.of(2, -2), right: Float32Array.of(1, -1) };
    const bytes = encodeWav(loud, RATE, { dither: false });
    const view = new DataView(bytes.buffer);
    const samples = [44, 46, 48, 50].map((offset) => view.getInt16(offset, true));
    expect(samples).toEqual([32_767, 32_767, -32_768, -32_767]);
  });
});
