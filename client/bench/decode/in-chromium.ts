/** Runs the decode benchmark in headless Chromium: Vite serves the sources as they are, Playwright drives. */
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { createServer } from "vite";
import { Failure } from "#base/failure.ts";
import type { DecodePlan, PlaceReport } from "./decode-plan.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGE = "/client/bench/decode/page.html";
const TFJS = "/node_modules/@tensorflow/tfjs-backend-wasm/dist/";
const ORT = "/node_modules/onnxruntime-web/dist/";
/** What a page needs to be cross-origin isolated, so that whoever can use threads may. */
const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** How to start Chromium. */
export interface ChromiumOptions {
  readonly path: string;
  readonly flags: readonly string[];
}

/** Runs the plans in a page. @throws Failure "unavailable" if the page breaks. */
export async function runInChromium(
  plans: readonly DecodePlan[],
  { path, flags }: ChromiumOptions,
  progress: (line: string) => void,
): Promise<PlaceReport> {
  const server = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    // A file that someone saves meanwhile must not reload the page.
    server: { port: 0, hmr: false, watch: null, headers: ISOLATION },
    optimizeDeps: {
      entries: [PAGE.slice(1)],
      include: [
        "@tensorflow/tfjs-core",
        "@tensorflow/tfjs-backend-wasm",
        "@tensorflow/tfjs-backend-webgpu",
        "protobufjs",
      ],
      // It finds its binaries beside itself, and would not find them beside a copy.
      exclude: ["onnxruntime-web"],
    },
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: path, args: [...flags] });
  try {
    const page = await browser.newPage();
    page.on("console", (message) => message.type() === "info" && progress(message.text()));
    await page.goto(`${server.resolvedUrls?.local[0]}${PAGE.slice(1)}`);
    await page.waitForFunction(() => globalThis.measureInPage !== undefined);
    const ortPaths = new URL(ORT, page.url()).href;
    const paged = plans.map((plan) => ({ ...plan, tfjsPaths: TFJS, ortPaths }));
    return await page.evaluate((given) => globalThis.measureInPage!(given), paged);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("unavailable", `The benchmark's page broke: ${reason}`, { cause });
  } finally {
    await browser.close();
    await server.close();
  }
}
