/**
 * The whole instrument as a visitor meets it: the built server, real Chromium, Play pressed once,
 * and two minutes of what comes out of the audio context, measured. Nothing inside is asked how it
 * feels about its sound: the witness is an analyser between the page's graph and its destination.
 */
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INSTRUMENTS } from "#music/instrument.ts";
import { CHROMIUM_FLAGS, findChromium } from "../chromium.ts";
import { type BuiltServer, startBuiltServer } from "./testing/built-server.ts";
import {
  decibels,
  heard,
  type Level,
  LONGEST_SILENCE,
  longestSilence,
  meanOf,
  readSession,
  SILENCE,
  tap,
  watchPhases,
} from "./testing/witness.ts";

const PLAYED_SECONDS = 120;
/** The longest that a software GPU may gather music before it plays, in looks of 200 ms. */
const MOST_LOOKS = 450;
const LOOK = 200;

const heardIn = (page: Page): Promise<Level[]> => page.evaluate(heard);

describe("the page", () => {
  let server: BuiltServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startBuiltServer();
    // As visitors' browsers do, this one lets no sound out before a gesture.
    const args = CHROMIUM_FLAGS.filter((flag) => !flag.startsWith("--autoplay-policy"));
    browser = await chromium.launch({ executablePath: findChromium(), args });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it.each(["wasm", "webgpu"])(
    "plays two minutes by itself without a gap on %s",
    async (backend) => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
      await page.addInitScript(tap);
      await page.goto(`${server.origin}/?backend=${backend}&seed=11`);
      const play = page.getByRole("button", { name: /^play/i });
      await play
        .and(page.locator("[aria-disabled=false], :not([aria-disabled])"))
        .waitFor({ timeout: 120_000 });
      // Two changes of mind before the first sound: the last one counts.
      const lead = page.locator("cadenza-shape label", { hasText: /^\s*Lead/ }).locator("select");
      await lead.selectOption({ label: "Violin" });
      await page.waitForTimeout(1500);
      await lead.selectOption({ label: "Flute" });
      await page.waitForTimeout(1500);
      await play.click({ timeout: 120_000 });
      let levels = await heardIn(page);
      let looks = 0;
      while (!levels.some(({ rms }) => decibels(rms) >= SILENCE)) {
        expect(looks++).toBeLessThan(MOST_LOOKS);
        await page.waitForTimeout(LOOK);
        levels = await heardIn(page);
      }
      const waited = (looks * LOOK) / 1000;
      const first = levels.findIndex(({ rms }) => decibels(rms) >= SILENCE);
      const skip = levels[first].time;
      await page.evaluate(watchPhases);
      await page.waitForTimeout(PLAYED_SECONDS * 1000);
      const { backend: ran, phases, leading } = await page.evaluate(readSession);
      expect(ran).toBe(backend);
      expect(phases).toEqual([]);
      expect(INSTRUMENTS[leading]).toBe("Flute");
      levels = (await heardIn(page)).filter(({ time }) => time >= skip);
      const seconds = levels.length * 0.05;
      const peak = Math.max(...levels.map((level) => level.peak));
      const mean = meanOf(levels);
      console.log(
        `${backend}: first sound ${waited.toFixed(1)} s after Play; ${seconds.toFixed(0)} s heard, ` +
          `longest silence ${longestSilence(levels).toFixed(2)} s, mean ${decibels(mean).toFixed(1)} dBFS, ` +
          `peak ${decibels(peak).toFixed(1)} dBFS`,
      );
      expect(seconds).toBeGreaterThan(PLAYED_SECONDS - 3);
      expect(longestSilence(levels)).toBeLessThan(LONGEST_SILENCE);
      expect(decibels(mean)).toBeGreaterThan(-40);
      expect(peak).toBeLessThan(1);
      expect(errors).toEqual([]);
      await page.close();
    },
    MOST_LOOKS * LOOK + PLAYED_SECONDS * 1000 + 150_000,
  );
});
