/** The work of each kind of job, wherever it is done: what the job names becomes files. */
import { assert, unreachable } from "#base/assert.ts";
import { CHART_MEDIA, chartFileName, trackTitle } from "#engine/compose/compose-request.ts";
import { endStepOf, temposOf } from "#engine/compose/piece-time.ts";
import {
  AUDIO_TYPES,
  type AudioFormat,
  partName,
  partsOf,
  type RenderAudio,
  shareOf,
  titleOfPart,
} from "../offline/audio.ts";
import { type ComposedTrack, composeTracks } from "../offline/compose.ts";
import { parseComposeOptions } from "../offline/compose-options.ts";
import { placeNotes, readSong } from "../offline/song.ts";
import type { Presets } from "../presets.ts";
import { hashOf } from "./blob-store.ts";
import { SONG_LIMITS } from "./cost.ts";
import type { CompositionJob, Job, JobTools, RenderJob } from "./job.ts";

/** What the machine that does the work has at hand. */
export interface Bench extends JobTools {
  readonly presets: Presets;
  readonly renderAudio: RenderAudio;
}

/** Does a job. @param input what `job.input` names @throws Failure for what cannot be done */
export async function perform(
  job: Job,
  input: Uint8Array | undefined,
  bench: Bench,
): Promise<void> {
  switch (job.kind) {
    case "render":
      return await renderSong(job, input, bench);
    case "composition":
      return await compose(job, input, bench);
    default:
      return unreachable(job);
  }
}

async function renderSong(
  { order }: RenderJob,
  input: Uint8Array | undefined,
  bench: Bench,
): Promise<void> {
  assert(input !== undefined, "a render has a file to sound");
  const { format } = order;
  const kit = await bench.presets.kit(order.kit);
  const song = readSong(input, SONG_LIMITS);
  const parts = partsOf(song, order.stems);
  for (const [index, part] of parts.entries()) {
    const audio = await bench.renderAudio({
      notes: part.notes,
      seconds: song.seconds,
      kitFolder: kit.path,
      format,
      ...titleOfPart(song.title, part),
      onProgress: shareOf(bench.progress, index, parts.length),
      signal: bench.signal,
    });
    writeAudio(bench, partName("cadenza", part, format), format, audio);
  }
}

async function compose(
  { order }: CompositionJob,
  prime: Uint8Array | undefined,
  bench: Bench,
): Promise<void> {
  const { options, formats, seed } = order;
  const request = parseComposeOptions({ ...options, ...(prime && { prime }) }, seed);
  const model = await bench.presets.model(order.model);
  const audioFormats = formats.filter((name) => name !== "mid");
  // Composing and each rendering take about as long; a track advances through them in turn.
  const stages = request.tracks * (1 + audioFormats.length);
  const tracks: ComposedTrack[] = [];
  await composeTracks(
    { modelFolder: model.path, request },
    (message) => {
      if (message.kind === "track") tracks.push(message.track);
      if (message.kind === "progress") bench.progress((message.n - 1 + message.share) / stages);
    },
    bench.signal,
  );
  let stage = request.tracks;
  for (const track of tracks) {
    if (formats.includes("mid")) {
      write(bench, `${track.name}.mid`, "audio/midi", track.midi);
      const chart = new TextEncoder().encode(track.chart);
      write(bench, chartFileName(track.name), CHART_MEDIA, chart);
    }
    if (audioFormats.length === 0) continue;
    const kit = await bench.presets.kit(order.kit);
    const title = trackTitle(track.name);
    const song = placeNotes(track.notes, temposOf(request), endStepOf(request), title);
    for (const format of audioFormats) {
      const done = stage++;
      const audio = await bench.renderAudio({
        ...song,
        kitFolder: kit.path,
        format,
        onProgress: (share) => bench.progress((done + share) / stages),
        signal: bench.signal,
      });
      writeAudio(bench, `${track.name}.${format}`, format, audio);
    }
  }
}

const writeAudio = (bench: Bench, name: string, format: AudioFormat, audio: Uint8Array): void =>
  write(bench, name, AUDIO_TYPES[format], audio);

function write(bench: Bench, name: string, type: string, content: Uint8Array): void {
  bench.write({ name, type, content, hash: hashOf(content) });
}
