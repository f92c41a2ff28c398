/** The page as a visitor meets it: the built server, real Chromium, the shipped model on the CPU, and a recorder beside it. */
import { type Browser, chromium, type Page } from "playwright";
import { CHROMIUM_FLAGS, findChromium } from "../../../chromium.ts";
import { recordPage } from "./recorder.ts";

/** What a performance in the page is measured by. */
export interface LivePage {
  readonly page: Page;
  /** Presses Play and waits until music has played for some seconds. */
  play(): Promise<void>;
}

/** Milliseconds until weights are there, and until music is. */
const PATIENCE = 180_000;

/** Opens the page and lets `use` have it; whatever breaks in the page is an error. */
export async function withPage<T>(origin: string, use: (live: LivePage) => Promise<T>): Promise<T> {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_FLAGS],
  });
  try {
    // Its content policy would not let the recorder in.
    const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1440, height: 900 } });
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    // Functions that are handed to the page are compiled with names kept, which it knows nothing of.
    await page.addInitScript("globalThis.__name = (given) => given;");
    await recordPage(page);
    await page.goto(`${origin}/?backend=wasm&seed=11`);
    const inPhase = (phase: string) =>
      page.waitForFunction(
        (wanted) => document.querySelector("cadenza-app")?.session?.state.phase === wanted,
        phase,
        { timeout: PATIENCE },
      );
    await inPhase("ready");
    const play = async () => {
      await page.evaluate(() => document.querySelector("cadenza-app")!.session!.play());
      await inPhase("playing");
      await page.waitForTimeout(6000);
    };
    const result = await use({ page, play });
    if (errors.length > 0) throw new Error(`the page broke: ${errors.join("; ")}`);
    return result;
  } finally {
    await browser.close();
  }
}
