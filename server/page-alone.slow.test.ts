/** The page whose server has gone: what it has loaded is enough to compose, in a thread that opens the model anew. */
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CHROMIUM_FLAGS, findChromium } from "../chromium.ts";
import { startBuiltServer } from "./testing/built-server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: [...CHROMIUM_FLAGS] });
});
afterAll(() => browser?.close());

it("composes its first track when the server is gone, and plays it", async () => {
  const server = await startBuiltServer();
  const page = await browser.newPage();
  await page.goto(`${server.origin}/?backend=wasm`);
  await page.waitForFunction(
    () => document.querySelector("cadenza-app")?.session?.state.phase === "ready",
  );
  await server.stop("SIGKILL");
  const answers = await page.evaluate(() =>
    fetch("/healthz", { cache: "no-store" }).then(
      () => true,
      () => false,
    ),
  );
  expect(answers).toBe(false);

  await page.getByRole("tab", { name: "Compose" }).click();
  await page.getByRole("spinbutton", { name: "Bars" }).fill("2");
  await page.getByRole("spinbutton", { name: "Tracks" }).fill("1");
  await page.getByRole("button", { name: /^Compose 1 track/ }).click();
  const track = () =>
    page.evaluate(() => {
      const [first] = document.querySelector("cadenza-app")?.studio?.state.tracks ?? [];
      return {
        status: first?.status,
        notes: first?.notes.length ?? 0,
        why: JSON.stringify(first?.message),
      };
    });
  await expect.poll(track, { timeout: 180_000 }).not.toMatchObject({
    status: expect.stringMatching(/waiting|composing/),
  });
  const { status, notes, why } = await track();
  expect([status, why]).toEqual(["done", undefined]);
  expect(notes).toBeGreaterThan(4);

  await page.getByRole("button", { name: "Listen" }).click();
  const step = () =>
    page.evaluate(() => document.querySelector("cadenza-app")?.studio?.listeningStep() ?? 0);
  await expect.poll(step, { timeout: 120_000 }).toBeGreaterThan(4);
});
