/**
 * Whom a room may import: the floors of the house as data, read by layers.test.ts. Each rule has
 * its reason, so that whoever wants to change one knows what it protects.
 */

/** A room and what it may import. */
export interface Layer {
  /** Folder, from the root of the repository. */
  readonly room: string;
  /** Rooms it may import besides itself. */
  readonly rooms: readonly string[];
  /** npm packages (or scopes) it may import; Node's own modules as "node:". */
  readonly packages: readonly string[];
  readonly reason: string;
}

const TFJS = "@tensorflow/";

export const LAYERS: readonly Layer[] = [
  { room: "client/base", rooms: [], packages: [], reason: "the ground: nothing below it" },
  {
    room: "client/music",
    rooms: ["client/base", "presets/practice.json"],
    packages: [],
    reason:
      "pure, but for the table of its practice, so that server, training and tests share one tokenizer",
  },
  {
    room: "client/model",
    rooms: ["client/base"],
    packages: [TFJS],
    reason: "the decoder knows token ids and nothing of notes",
  },
  {
    room: "client/api",
    rooms: ["client/base"],
    packages: [],
    reason: "the page's end of the HTTP contract; knows files and jobs, nothing of music",
  },
  {
    room: "client/store",
    rooms: ["client/base"],
    packages: [],
    reason: "what the browser keeps, behind small interfaces; knows nothing of what it keeps",
  },
  {
    room: "client/engine",
    rooms: ["client/base", "client/music", "client/model"],
    packages: [],
    reason: "joins model and music; no DOM and no clock, so a test can run an hour in a second",
  },
  {
    room: "client/sound",
    rooms: ["client/base", "client/music", "client/engine"],
    packages: ["tone"],
    reason: "one audio graph, live and offline",
  },
  {
    room: "client/players",
    rooms: ["client/base", "client/music", "client/engine", "client/sound"],
    packages: ["tone", "webmidi"],
    reason: "where notes leave for the outside; devices are met here alone",
  },
  {
    room: "client/worker",
    rooms: ["client/base", "client/music", "client/model", "client/engine", "client/store"],
    packages: [],
    reason: "a thread's end of the engine, and its composition root; no DOM",
  },
  {
    room: "client/ui",
    rooms: ["client/base", "client/music", "client/engine"],
    packages: ["lit"],
    reason: "the screen sees state and never the model or a device",
  },
  {
    room: "client/bench",
    rooms: [
      "client/base",
      "client/music",
      "client/model",
      "client/engine",
      "client/sound",
      "client/players",
      "client/store",
      "server/offline",
      "server/folder-source.ts",
      "chromium.ts",
    ],
    packages: [
      "node:",
      TFJS,
      "playwright",
      "puppeteer-core",
      "webmidi",
      "webgpu",
      "rollup",
      "vite",
      "onnxruntime-web",
      "protobufjs",
    ],
    reason: "measures everything, is used by nothing",
  },
  {
    room: "server",
    rooms: ["client/base", "client/music", "client/model", "client/engine", "client/sound"],
    packages: [
      "node:",
      "fastify",
      "@fastify/",
      "prom-client",
      "tone",
      "node-web-audio-api",
      "wasm-media-encoders",
      "midi-file",
    ],
    reason: "no ui and no players: what is rendered offline needs no device",
  },
  {
    room: "tools",
    rooms: ["client/base", "client/music", "client/sound", "server"],
    packages: ["node:", "midi-file"],
    reason: "what made the files that ship; nothing that runs imports it",
  },
  {
    room: "training/prepare",
    rooms: ["client/base", "client/music"],
    packages: ["node:", "tsx"],
    reason: "data preparation sees music as the instrument does",
  },
];

/** Packages that tests may import on top of their room's. */
export const TEST_PACKAGES: readonly string[] = [
  "vitest",
  "fast-check",
  "midi-file",
  "node:",
  "webgpu",
  "playwright",
  "puppeteer-core",
  "esbuild",
];

/** Files outside every room that tests may import. */
export const TEST_FILES: readonly string[] = ["chromium.ts"];
