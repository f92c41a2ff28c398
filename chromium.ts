/** Finds the Chromium that the browser tests drive, or says how to get one. */
import { existsSync } from "node:fs";
import { chromium } from "playwright";

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  chromium.executablePath(),
];

/** Flags under which headless Chromium offers WebGPU (in software where no GPU is) and plays sound unasked. */
export const CHROMIUM_FLAGS: readonly string[] = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--autoplay-policy=no-user-gesture-required",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

/** Path of a Chromium. Throws with the remedy where there is none. */
export function findChromium(): string {
  const found = CANDIDATES.find((path) => path !== undefined && path !== "" && existsSync(path));
  if (found === undefined) {
    throw new Error(
      "No Chromium found for the browser tests: install one (Debian: apt-get install chromium; " +
        "elsewhere: npx playwright install chromium) or name it in CHROMIUM_PATH.",
    );
  }
  return found;
}
