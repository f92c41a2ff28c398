import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { CHROMIUM_FLAGS, findChromium } from "./chromium.ts";

const sources = ["client/**", "server/**", "tools/**", "training/prepare/**"];
const slow = "**/*.slow.test.ts";
const inBrowser = "**/*.browser{,.slow}.test.ts";

/** Rooms whose tests need no browser, no model and no audio: `npm run test:fast` runs them before each commit. */
const FAST = ["base", "music", "engine", "store", "players", "worker", "ui", "api"];

/** Laws over so many pieces that they take from ten seconds to half a minute each; `npm test` runs them. */
const LONG_LAWS = [
  "client/music/rules/grammar.test.ts",
  "client/music/rules/constraint.test.ts",
  "client/music/rules/chart-rules.test.ts",
  "client/engine/compose/allegro-composing.test.ts",
  "client/engine/compose/composer.test.ts",
  "client/engine/compose/played-notes.test.ts",
  "client/engine/compose/piece-history.test.ts",
  "client/engine/journal/replay.test.ts",
  "client/music/tokens/tokenization.test.ts",
  "client/players/hung-notes.test.ts",
];

/** Bundles what tests of the command line start. */
const COMMAND_LINE = "server/testing/command-line-bundle.ts";

/** Slow tests that ask for what a machine gives that has nothing else to do: no gap, no music thinned out. */
const LISTENING = ["server/page.slow.test.ts", "server/visits.slow.test.ts"];

export default defineConfig({
  publicDir: false,
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "slow",
          environment: "node",
          include: sources.map((folder) => `${folder}/*.slow.test.ts`),
          exclude: [inBrowser, ...LISTENING, "**/node_modules/**"],
          globalSetup: COMMAND_LINE,
          testTimeout: 600_000,
          hookTimeout: 60_000,
          // The other core is slow-browser's, which runs beside it.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "listening",
          environment: "node",
          include: LISTENING,
          testTimeout: 600_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: sources.map((folder) => `${folder}/*.test.ts`),
          exclude: [inBrowser, slow, "**/node_modules/**"],
          globalSetup: COMMAND_LINE,
          testTimeout: 300_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          // Files share a process: what they import is read once, which was half of all work.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "fast",
          environment: "node",
          include: ["client/*.test.ts", ...FAST.map((room) => `client/${room}/**/*.test.ts`)],
          exclude: [inBrowser, slow, ...LONG_LAWS, "**/node_modules/**"],
          testTimeout: 120_000,
          maxWorkers: 2,
          isolate: false, // as node
        },
      },
      inChromium("browser", ["client/**/*.browser.test.ts"], {
        testTimeout: 300_000,
        maxWorkers: 2,
      }),
      inChromium("slow-browser", ["client/**/*.browser.slow.test.ts"], {
        testTimeout: 600_000,
        maxWorkers: 1,
      }),
    ],
  },
});

/**
 * Files in Chromium, one at a time whatever `maxWorkers` is: vitest runs projects beside each other where it is the same
 * (2: beside node, 1: beside slow), and one after the other where it is not. An emulated GPU takes one core.
 */
function inChromium(
  name: string,
  include: string[],
  { testTimeout, maxWorkers }: { testTimeout: number; maxWorkers: number },
): TestProjectInlineConfiguration {
  return {
    extends: true,
    optimizeDeps: {
      include: [
        "@tensorflow/tfjs-core",
        "@tensorflow/tfjs-backend-wasm",
        "@tensorflow/tfjs-backend-webgpu",
        "tone",
        "lit",
        "lit/decorators.js",
        "lit/directive.js",
        "lit/directives/class-map.js",
        "lit/directives/live.js",
        "lit/directives/ref.js",
        "lit/directives/repeat.js",
        "webmidi",
      ],
    },
    test: {
      name,
      include,
      testTimeout,
      hookTimeout: 60_000,
      maxWorkers,
      browser: {
        enabled: true,
        fileParallelism: false,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath: findChromium(), args: [...CHROMIUM_FLAGS] },
        }),
        instances: [{ browser: "chromium" }],
      },
    },
  };
}
