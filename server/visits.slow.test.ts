/** One visit after the other: the same seed plays the same notes, and what a page was playing when it went is not lost. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../chromium.ts";
import { type BuiltServer, startBuiltServer } from "./testing/built-server.ts";

/** Steps that are played: eight bars. */
const PLAYED = 8 * 32;

let server: BuiltServer;
let browser: Browser;
beforeAll(async () => {
  server = await startBuiltServer();
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_FLAGS],
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/?backend=wasm&seed=77`);
  await page.waitForFunction(
    () => document.querySelector("cadenza-app")?.session?.state.phase === "ready",
  );
  return page;
}

/** Waits until the music has come to a step; the notes up to there. */
async function heardUntil(page: Page, step: number) {
  await page.waitForFunction(
    (enough) => document.querySelector("cadenza-app")!.session!.timeline().step >= enough,
    step,
  );
  return await page.evaluate(
    (end) =>
      document.querySelector("cadenza-app")!.session!.notes.filter(({ onset }) => onset < end),
    step,
  );
}

const press = (page: Page) =>
  page.evaluate(() => document.querySelector("cadenza-app")!.session!.play());

describe("visits", () => {
  it("play the same notes of the same seed, however fast the machine is just then", async () => {
    const pieces = [];
    for (let number = 0; number < 2; number++) {
      const context = await browser.newContext();
      const page = await visit(context);
      await press(page);
      pieces.push(await heardUntil(page, PLAYED));
      await context.close();
    }
    expect(pieces[0].length).toBeGreaterThan(30);
    expect(pieces[1]).toEqual(pieces[0]);
  });

  it("find what the one before was playing when it went, to the last second, and go on with it", async () => {
    const context = await browser.newContext();
    const first = await visit(context);
    await press(first);
    await heardUntil(first, PLAYED);
    await first.close();
    const second = await visit(context);
    const goOn = second.getByRole("button", { name: /^Go on after \d+ bars/ });
    await goOn.waitFor();
    const kept = await second.evaluate(
      () => document.querySelector("cadenza-app")!.studio!.state.tracks[0],
    );
    expect(kept.name).toBe("take-77");
    const last = Math.max(...kept.notes.map(({ onset }) => onset));
    // A second is 15 steps at 112 beats a minute.
    expect(last).toBeGreaterThan(PLAYED - 2 * 15);
    await goOn.click();
    const heard = await heardUntil(second, last + 64);
    expect(heard.slice(0, kept.notes.length - 20)).toEqual(kept.notes.slice(0, -20));
    expect(heard.length).toBeGreaterThan(kept.notes.length);
    await context.close();
  });
});
