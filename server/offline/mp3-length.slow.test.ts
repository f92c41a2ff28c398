/** An MP3 as a listener's browser decodes it: as long as the music to the sample, and beginning with its first. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { expect, it } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../../chromium.ts";
import { encodeMp3 } from "./encode-mp3.ts";
import { renderNotes } from "./render-notes.ts";
import { readSong } from "./song.ts";

const CASE = new URL("../../client/music/testing/cases/46-tempo-changes.mid", import.meta.url);
const KIT = fileURLToPath(new URL("../../presets/kits/general", import.meta.url));

it("lasts as long as the music, and begins where it begins", async () => {
  const song = readSong(new Uint8Array(readFileSync(CASE)), { seconds: 60, notes: 1000 });
  expect(song.seconds).toBeCloseTo(10.333, 3);
  const { left, right, sampleRate } = await renderNotes({ ...song, kitFolder: KIT });
  const mp3 = await encodeMp3({ left, right }, sampleRate, "Tempo changes");
  const decoded = await decodedInChromium(mp3, sampleRate);
  expect(decoded.length).toBe(left.length);
  expect(decoded.length / sampleRate).toBeCloseTo(10.333, 3);
  // Of all shifts that an encoder or a decoder could have made, none.
  const shifts = Array.from({ length: 2401 }, (_, index) => index - 1200);
  const errors = shifts.map((shift) => differenceAt(left, decoded, shift));
  expect(shifts[errors.indexOf(Math.min(...errors))]).toBe(0);
});

async function decodedInChromium(mp3: Uint8Array, sampleRate: number): Promise<Float32Array> {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_FLAGS],
  });
  try {
    const page = await browser.newPage();
    const text = await page.evaluate(
      async ({ base64, rate }) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const audio = await new OfflineAudioContext(2, 1, rate).decodeAudioData(bytes.buffer);
        const blob = new Blob([audio.getChannelData(0) as BlobPart]);
        return await new Promise<string>((resolve) => {
          const reader = new FileReader();
          reader.onload = () => resolve(String(reader.result));
          reader.readAsDataURL(blob);
        });
      },
      { base64: Buffer.from(mp3).toString("base64"), rate: sampleRate },
    );
    const bytes = Buffer.from(text.split(",")[1], "base64");
    return new Float32Array(Uint8Array.from(bytes).buffer);
  } finally {
    await browser.close();
  }
}

/** Sum of squares between a stretch of the music and what was decoded `shift` samples later. */
function differenceAt(music: Float32Array, decoded: Float32Array, shift: number): number {
  let sum = 0;
  for (let at = 22_050; at < 22_050 + 8192; at++) sum += (music[at] - decoded[at + shift]) ** 2;
  return sum;
}
