/** Stock Firefox over WebDriver BiDi, which it speaks itself: no patched build and no driver between. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { aim, type DrivenBrowser } from "./driven-browser.ts";

const CANDIDATES = [process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Starts it. @param env beside this process's own @throws with the remedy where there is none */
export async function startFirefox(env: Readonly<Record<string, string>>): Promise<DrivenBrowser> {
  const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    throw new Error("No Firefox found: apt-get install firefox-esr, or name it in FIREFOX_PATH.");
  }
  const downloads = await mkdtemp(join(tmpdir(), "cadenza-firefox-"));
  const browser = await puppeteer.launch({
    ...{ browser: "firefox", executablePath, headless: true },
    env: { ...process.env, ...env },
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: {
      "browser.download.dir": downloads,
      "browser.download.folderList": 2, // the folder above
      "browser.helperApps.neverAsk.saveToDisk": "audio/midi,audio/mpeg",
    },
  });
  const page = await browser.newPage();
  const driven: DrivenBrowser = {
    name: (await browser.version()).replace(/^firefox\//, "Firefox "),
    downloads,
    open: async (url, first) => {
      await page.evaluateOnNewDocument(first);
      await page.goto(url);
    },
    run: (work, ...values) => page.evaluate(work as never, ...values) as never,
    click: async (selector) => {
      const { x, y } = await aim(driven, selector);
      await page.mouse.click(x, y);
    },
    press: async (selector, key) => {
      await aim(driven, selector);
      await page.keyboard.press(key);
    },
    close: async () => {
      await browser.close();
      await rm(downloads, { recursive: true, force: true });
    },
  };
  return driven;
}
