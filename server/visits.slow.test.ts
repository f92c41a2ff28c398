/** One visit after the other: the same seed plays the same notes, and what a page was playing when it went is not lost. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { remark } from "#base/remark.ts";
import type { Session } from "#engine/jam/session.ts";
import { canonicalNotes } from "#music/piece.ts";
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
    for (let number = 0; number < 3; number++) {
      const context = await browser.newContext();
      const page = await visit(context);
      await press(page);
      pieces.push(await heardUntil(page, PLAYED));
      await context.close();
    }
    expect(pieces[0].length).toBeGreaterThan(30);
    for (const piece of pieces) expect(piece).toEqual(pieces[0]);
  });

  it("play what the link of another browser holds, note for note", async () => {
    const sender = await browser.newContext();
    const page = await visit(sender);
    await press(page);
    await heardUntil(page, PLAYED / 2);
    await page.evaluate(() => {
      const { session } = document.querySelector("cadenza-app")!;
      session!.setControls({ lead: 3, swing: 60 });
      session!.charting.write((chart) => ({ ...chart, text: "Am F C G", tonic: 0 }));
    });
    await heardUntil(page, PLAYED);
    // Where the browser does not let a page copy, the link stands in the address bar.
    const { link, notes } = await page.evaluate(async () => {
      const { session, sharing } = document.querySelector("cadenza-app")!;
      session!.stop();
      navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
      await sharing!.copyLink();
      const { notes } = (session as Session).heardSoFar;
      return { link: location.href, notes: [...notes] };
    });
    console.log(`${notes.length} notes, a link of ${link.length} characters`);
    await sender.close();
    const receiver = await browser.newContext();
    const other = await receiver.newPage();
    await other.goto(link);
    await other.getByRole("button", { name: /^Go on after \d+ bars/ }).waitFor();
    const received = await other.evaluate(() => {
      const { session, studio } = document.querySelector("cadenza-app")!;
      const { name, notes } = studio!.state.tracks[0];
      const { controls, chart, remarks } = session!.state;
      return { name, notes, controls, chart, remarks, address: location.href };
    });
    expect(notes.length).toBeGreaterThan(30);
    expect(received.notes).toEqual(canonicalNotes(notes));
    expect(received.remarks).toContainEqual(remark("link-composed", { name: "take-77" }));
    expect(received).toMatchObject({ name: "take-77", controls: { lead: 3, swing: 60 } });
    expect(received.chart.text).toBe("Am F C G");
    expect(received.address).not.toContain("#");
    // Put into the address of a page that is open.
    await other.goto(link.slice(0, -40));
    await other.waitForFunction(() =>
      document
        .querySelector("cadenza-app")
        ?.session?.state.remarks.some(({ code }) => code === "link-unreadable"),
    );
    await receiver.close();
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
