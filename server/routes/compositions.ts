/** Composing on the server: the same options as the command `compose`, a job of the same form as a rendering. */
import { randomInt } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { Failure } from "#base/failure.ts";
import { CONTROLS } from "#engine/compose/controls.ts";
import { endStepOf, temposOf } from "#engine/compose/piece-time.ts";
import { metreName, OFFERED_METRES } from "#music/metre.ts";
import type { JobFile, JobTools } from "../jobs/job.ts";
import type { JobStore } from "../jobs/job-store.ts";
import { AUDIO_TYPES, type AudioFormat, type RenderAudio } from "../offline/audio.ts";
import { type ComposedTrack, composeTracks } from "../offline/compose.ts";
import { type ComposeOptions, parseComposeOptions } from "../offline/compose-options.ts";
import { placeNotes } from "../offline/song.ts";
import type { Presets } from "../presets.ts";
import { accept, addJobRoutes } from "./jobs.ts";
import "./route-docs.ts";

const BASE = "/api/compositions";

/** Bytes of a request: room for a MIDI file to go on from, in base64. */
const LARGEST_BODY = 512 * 1024;

/** Bars of all tracks together: a starter model on one core composes them in some minutes. */
const MOST_BARS = 512;

type Format = "mid" | AudioFormat;

interface CompositionBody extends Omit<ComposeOptions, "prime"> {
  readonly format: readonly Format[];
  readonly model?: string;
  readonly kit?: string;
  /** Base64 of a MIDI file. */
  readonly prime?: string;
}

/** Schemas of the numbers, as the controls are declared. */
const NUMBERS = Object.fromEntries(
  Object.entries(CONTROLS).map(([name, { lowest, highest, usual, step, hint }]) => [
    name,
    {
      type: step === 1 ? "integer" : "number",
      minimum: lowest,
      maximum: highest,
      description: hint,
      // What a prime says goes before what is usual.
      ...(usual === undefined || name === "tempo" ? {} : { default: usual }),
    },
  ]),
);

const BODY = {
  type: "object",
  additionalProperties: false,
  required: ["instrument"],
  properties: {
    instrument: { type: "string" },
    drums: { type: "boolean", default: false },
    band: { type: "array", items: { type: "string" }, maxItems: 11 },
    ...NUMBERS,
    key: { type: "string", maxLength: 40 },
    metre: {
      type: "string",
      enum: OFFERED_METRES.map(metreName),
      description: "4/4 where it is not named, after a prime the prime's own",
    },
    format: {
      type: "array",
      items: { type: "string", enum: ["mid", ...Object.keys(AUDIO_TYPES)] },
      minItems: 1,
      uniqueItems: true,
      default: ["mid", "mp3"],
    },
    model: { type: "string", maxLength: 64 },
    kit: { type: "string", maxLength: 64 },
    prime: { type: "string", description: "a MIDI file to go on from, base64" },
  },
} as const;

/** Adds `/api/compositions`. */
export async function addCompositionRoutes(
  app: FastifyInstance,
  store: JobStore,
  presets: Presets,
  renderAudio: RenderAudio,
): Promise<void> {
  app.removeContentTypeParser("text/plain");

  app.post<{ Body: CompositionBody }>(
    BASE,
    {
      bodyLimit: LARGEST_BODY,
      schema: { body: BODY },
      config: {
        docs: {
          summary: "Composes tracks; the options are those of the command compose.",
          body: ["application/json"],
          answers: {
            202: "a job; Location is its address",
            400: "an option that is not understood",
            413: "over 512 KiB or 512 bars in all",
            415: "not JSON",
            422: "an unreadable MIDI file to go on from",
            429: "the queue is full; Retry-After",
          },
        },
      },
    },
    async (request, reply) => {
      const { format, prime, ...options } = request.body;
      const order = parseComposeOptions(
        { ...options, ...(prime === undefined ? {} : { prime: Buffer.from(prime, "base64") }) },
        randomInt(2 ** 32),
      );
      if (order.bars * order.tracks > MOST_BARS) {
        throw new Failure(
          "too-large",
          `${order.tracks} tracks of ${order.bars} bars are over ${MOST_BARS} in all; ask for fewer.`,
        );
      }
      const model = await presets.model(options.model);
      const kit = await presets.kit(options.kit);
      const endStep = endStepOf(order);
      const tempos = temposOf(order);
      const audioFormats = format.filter((name) => name !== "mid");
      // Composing and each rendering take about as long; a track advances through them in turn.
      const stages = order.tracks * (1 + audioFormats.length);
      return accept(reply, store, "composition", BASE, async (tools) => {
        const tracks: ComposedTrack[] = [];
        await composeTracks(
          { modelFolder: model.path, request: order },
          (message) => {
            if (message.kind === "track") tracks.push(message.track);
            if (message.kind === "progress")
              tools.progress((message.n - 1 + message.share) / stages);
          },
          tools.signal,
        );
        const files: JobFile[] = [];
        let stage = order.tracks;
        for (const track of tracks) {
          if (format.includes("mid")) {
            files.push(await tools.writeFile(`${track.name}.mid`, "audio/midi", track.midi));
          }
          const song = placeNotes(track.notes, tempos, endStep);
          for (const audioFormat of audioFormats) {
            const done = stage++;
            const audio = await renderAudio({
              ...song,
              kitFolder: kit.path,
              format: audioFormat,
              onProgress: (share) => tools.progress((done + share) / stages),
              signal: tools.signal,
            });
            files.push(await writeAudio(tools, track.name, audioFormat, audio));
          }
        }
        return files;
      });
    },
  );

  addJobRoutes(app, store, "composition", BASE);
}

const writeAudio = (tools: JobTools, name: string, format: AudioFormat, audio: Uint8Array) =>
  tools.writeFile(`${name}.${format}`, AUDIO_TYPES[format], audio);
