/**
 * Key to sound: keys of the computer that play an instrument while the band rests, from the moment that the browser gives a
 * key to the beginning of its note in what is recorded. Two clocks tell: what is heard at that moment, with the output's
 * own delay, and what is rendered, which is ours alone.
 */
import type { Page } from "playwright";
import { type Measured, timesOf } from "./figures.ts";
import { firstOnset } from "./onsets.ts";
import { recorded } from "./recorder.ts";

const KEYS = 100;
const CODES = "AWSEDFTGYHUJK".split("").map((letter) => `Key${letter}`);

/** Milliseconds that a key is held, and until the next at least and at most. */
const HELD = 100;
const PAUSE = [350, 650] as const;

/** Seconds that are listened to, before a key and after it. */
const LISTENED = { before: 0.06, after: 0.4 } as const;

/** Level (RMS) from which a note counts as begun. */
const AUDIBLE = 0.002;

/** @param random numbers in [0, 1) */
export async function struckKeys(page: Page, random: () => number): Promise<Measured> {
  await page.evaluate(() => {
    const session = document.querySelector("cadenza-app")!.session!;
    session.stop();
    session.setControls({ hand: "Piano" });
  });
  await page.locator("h1").click();
  await page.waitForTimeout(4000);
  const heard: number[] = [];
  const rendered: number[] = [];
  const told: number[] = [];
  for (let key = 0; key < KEYS; key++) {
    const code = CODES[Math.floor(random() * CODES.length)];
    await page.keyboard.down(code);
    await page.waitForTimeout(HELD);
    await page.keyboard.up(code);
    const struck = await page.evaluate(() => globalThis.recorder!.keys.at(-1)!);
    const from = struck.rendered - LISTENED.before;
    const sound = await recorded(page, from, struck.rendered + LISTENED.after);
    const onset = firstOnset(sound, AUDIBLE, struck.heard);
    if (onset !== undefined) {
      heard.push(onset - struck.heard);
      rendered.push(onset - struck.rendered);
      told.push(struck.told);
    }
    await page.waitForTimeout(PAUSE[0] + random() * (PAUSE[1] - PAUSE[0]));
  }
  const [all, ours, late] = [heard, rendered, told].map(timesOf);
  const output = await page.evaluate(() => {
    const { baseLatency, outputLatency } = globalThis.recorder!.context;
    return Math.round(1000 * (baseLatency + outputLatency));
  });
  return {
    line:
      `key to sound, ${heard.length} of ${KEYS} keys: p50 ${all.p50} ms, p95 ${all.p95} ms; of them up to its rendering p50 ${ours.p50} ms, ` +
      `p95 ${ours.p95} ms (the key was told after ${late.p50} and ${late.p95} ms), the rest is the output's, which says ${output} ms (bar: nothing of ours waits)`,
    json: { keys: KEYS, heard: heard.length, all, ours, late, output },
  };
}
