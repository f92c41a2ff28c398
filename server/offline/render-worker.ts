/**
 * The worker thread behind `renderNotes`: one request, one answer, then it ends, and with it every
 * native node and buffer.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { workerData } from "node:worker_threads";
import { Failure } from "#base/failure.ts";
import { type Kit, parseKit } from "#sound/kit.ts";
import type { RenderReply, RenderRequest, StereoAudio } from "./render-protocol.ts";
import { answer } from "./thread.ts";
import { soundInNode } from "./tone-in-node.ts";

const PROBES = 8;
const SETTLE = 20; // milliseconds

/**
 * The engine keeps a node in its graph for as long as its JavaScript object lives, and is slowed
 * down by each, sounding or not. Nodes are tiny to V8, which sees no reason to collect them: without
 * this, three minutes of a band take two thirds longer.
 */
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const COLLECT_EVERY = 4; // rendered seconds

type Sound = Awaited<ReturnType<typeof soundInNode>>;

/** Reads a file of the kit, whole. Throws `Failure` where it is missing. */
async function readKitFile(folder: string, file: string): Promise<Buffer> {
  const path = join(folder, file);
  try {
    return await readFile(path);
  } catch (cause) {
    const remedy = "name a folder that holds a kit (presets/kits/general)";
    throw new Failure("not-found", `The kit's file ${path} cannot be read: ${remedy}.`, { cause });
  }
}

/**
 * Waits until every suspension asked for has been registered: node-web-audio-api does that in
 * threads of its own, panics on one that comes after rendering began, and tells nobody when it is
 * done. Those threads take work in order, so tiny renderings that have come back say that what
 * was asked before them was taken too; 20 ms more let it finish.
 */
async function settle(sound: Sound, sampleRate: number): Promise<void> {
  for (let probe = 0; probe < PROBES; probe++) {
    await new sound.NativeOfflineContext(1, 128, sampleRate).startRendering();
  }
  await new Promise((settled) => setTimeout(settled, SETTLE));
}

async function render(
  sound: Sound,
  kit: Kit,
  request: RenderRequest,
  seconds: number,
  onProgress: (progress: number) => void,
): Promise<StereoAudio> {
  const { notes, sampleRate, kitFolder } = request;
  const frames = Math.max(1, Math.round(seconds * sampleRate));
  const native = new sound.NativeOfflineContext(2, frames, sampleRate);
  const context = new sound.OfflineContext(native as unknown as OfflineAudioContext);
  const band = new sound.Band(context, kit, async (file) => {
    const bytes = await readKitFile(kitFolder, file);
    return Uint8Array.from(bytes).buffer;
  });
  for (const instrument of new Set(notes.map((note) => note.instrument))) {
    await band.load(instrument);
  }
  let collected = 0;
  const onRendered = (progress: number) => {
    if (progress * seconds > collected + COLLECT_EVERY) {
      collected = progress * seconds;
      collectGarbage();
    }
    onProgress(progress);
  };
  const target = native as unknown as OfflineAudioContext;
  const rendered = await sound.renderOffline(target, band, notes, onRendered, () =>
    settle(sound, sampleRate),
  );
  const [left, right] = [0, 1].map((channel) => new Float32Array(rendered.getChannelData(channel)));
  return { left, right };
}

await answer<RenderReply>(async (reply) => {
  const request = workerData as RenderRequest;
  const kit = parseKit((await readKitFile(request.kitFolder, "kit.json")).toString("utf8"));
  const sound = await soundInNode();
  const seconds = request.seconds ?? sound.renderedLength(request.notes);
  const audio = await render(sound, kit, request, seconds, (progress) =>
    reply({ kind: "progress", progress }),
  );
  reply({ kind: "done", audio }, [audio.left.buffer, audio.right.buffer]);
});
