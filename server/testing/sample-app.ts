/** An app on presets of its own, with a renderer that the test controls. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Manifest } from "#model/weights/manifest.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import { type AppLimits, buildApp } from "../app.ts";
import type { RunJob } from "../jobs/job.ts";
import { perform } from "../jobs/perform.ts";
import type { RenderAudio, RenderOrder } from "../offline/audio.ts";
import { Presets } from "../presets.ts";
import { directInspector } from "./direct-inspector.ts";
import { writeRandomModel } from "./random-model.ts";
import { writeSampleKit } from "./sample-kit.ts";

/** The app and what the test needs of its surroundings. */
export interface SampleApp {
  readonly app: FastifyInstance;
  readonly manifest: Manifest;
  /** Everything the app may touch lies in it. */
  readonly folder: string;
  /** Renderings that began and were neither finished nor failed by the test. */
  readonly renderings: Rendering[];
  /** Inputs and results of jobs that lie on disk now. */
  blobs(): Promise<string[]>;
  close(): Promise<void>;
}

/** A rendering under way. */
export interface Rendering {
  readonly order: RenderOrder;
  finish(audio: Uint8Array): void;
  fail(error: Error): void;
}

/** What may be varied. */
export interface SampleOptions {
  readonly limits?: AppLimits;
  /** Leaves the page out, as before the first build. */
  readonly pageless?: boolean;
  readonly renderAudio?: RenderAudio;
  readonly allowedHosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
}

/** Builds one. Its jobs are done in this thread, so that a test can hold them up. */
export async function sampleApp(options: SampleOptions = {}): Promise<SampleApp> {
  const folder = await mkdtemp(join(tmpdir(), "cadenza-test-"));
  const presetsFolder = join(folder, "presets");
  const pageFolder = join(folder, "page");
  const manifest = await writeRandomModel(join(presetsFolder, "models/small"), "small");
  await writeSampleKit(join(presetsFolder, "kits/general"), "general");
  await mkdir(join(presetsFolder, "models/broken"), { recursive: true });
  await writeFile(join(presetsFolder, "models/broken/manifest.json"), "{");
  await mkdir(join(presetsFolder, "scenes"));
  await writeFile(join(presetsFolder, "scenes/dusk.json"), '{"name":"Dusk","tempo":80}');
  await mkdir(join(presetsFolder, "machines"));
  await writeFile(join(presetsFolder, "machines/box.json"), '{"name":"Box"}');
  await writeFile(
    join(presetsFolder, "machines/index.json"),
    '[{"id":"box","name":"Box","drums":true}]',
  );
  await writeFile(join(folder, "secret.txt"), "secret");
  if (options.pageless !== true) {
    await mkdir(join(pageFolder, "assets"), { recursive: true });
    await writeFile(join(pageFolder, "index.html"), "<!doctype html><title>Cadenza</title>");
    await writeFile(join(pageFolder, "assets/main-abc.js"), "export {};");
  }
  const results = join(folder, "results");
  await mkdir(results);
  const renderings: Rendering[] = [];
  const presets = new Presets(presetsFolder);
  const renderAudio = options.renderAudio ?? ((order) => control(order, renderings));
  const runJob: RunJob = (job, input, tools) =>
    perform(job, input, { ...tools, presets, renderAudio });
  const { limits, allowedHosts, trustedProxies } = options;
  const app = await buildApp({
    ...{ presetsFolder, pageFolder, temporaryFolder: results, runJob },
    inspector: directInspector,
    ...(limits && { limits }),
    ...(allowedHosts && { allowedHosts }),
    ...(trustedProxies && { trustedProxies }),
  });
  return {
    app,
    manifest,
    folder,
    renderings,
    blobs: async () => {
      const [store] = await readdir(results);
      if (store === undefined) return [];
      return (await readdir(join(results, store))).filter((name) => /^[0-9a-f]{64}/.test(name));
    },
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
}

function control(order: RenderOrder, renderings: Rendering[]): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const leave = () => renderings.splice(renderings.indexOf(rendering), 1);
    const rendering: Rendering = {
      order,
      finish: (audio) => {
        leave();
        resolve(audio);
      },
      fail: (error) => {
        leave();
        reject(error);
      },
    };
    order.signal.throwIfAborted();
    renderings.push(rendering);
    order.signal.addEventListener("abort", () => rendering.fail(order.signal.reason));
  });
}

/** Four quarter notes of piano and one of bass. */
export const SAMPLE_NOTES: readonly Note[] = [
  ...[60, 64, 67, 72].map((pitch, index) => ({
    ...{ instrument: 0, pitch, velocity: 90 },
    ...{ onset: index * 8, duration: 8 },
  })),
  { instrument: 2, pitch: 36, velocity: 90, onset: 0, duration: 32 },
];

/** `SAMPLE_NOTES` as a MIDI file at 120 BPM: two seconds of music. */
export const SAMPLE_MIDI: Buffer = Buffer.from(writeMidi(SAMPLE_NOTES));
