import { OfflineAudioContext } from "node-web-audio-api";
import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { centsOff, decibels } from "#sound/spectrum.ts";
import { encodeMp3 } from "./encode-mp3.ts";
import { encodeWav } from "./encode-wav.ts";

const RATE = 44_100;

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

async function mp3Of(audio: ReturnType<typeof tones>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of encodeMp3(audio, RATE)) parts.push(part);
  return Buffer.concat(parts);
}

const decode = (bytes: Uint8Array) =>
  new OfflineAudioContext(2, 1, RATE).decodeAudioData(Uint8Array.from(bytes).buffer);

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
    await expect(encodeMp3(tones(1), 96_000).next()).rejects.toThrow(Failure);
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
