/** MIDI files to MP3 or WAV with the instrument's own sounds. */
import type { FastifyInstance } from "fastify";
import { sendContentFile } from "../content-file.ts";
import type { JobStore } from "../jobs/job-store.ts";
import {
  AUDIO_TYPES,
  type AudioFormat,
  partName,
  partsOf,
  type RenderAudio,
  shareOf,
} from "../offline/audio.ts";
import { readSong, type SongLimits } from "../offline/song.ts";
import type { Presets } from "../presets.ts";
import { accept, addJobRoutes, findDone } from "./jobs.ts";
import "./route-docs.ts";

const BASE = "/api/renders";

/** Largest MIDI file taken, in bytes: songs have a tenth of it, and reading it holds nobody up. */
const LARGEST_BODY = 1024 * 1024;

/** Bounds of a rendering: ten minutes take about two minutes and 600 MB on one core. */
const LIMITS: SongLimits = { seconds: 600, notes: 50_000 };

/** `audio/midi` (RFC 6295) and the names in use beside it. */
const MIDI_TYPES = ["audio/midi", "audio/mid", "audio/x-midi", "audio/sp-midi"];

interface RenderQuery {
  readonly format: AudioFormat;
  readonly kit?: string;
  readonly stems: boolean;
}

/** Adds `/api/renders`. */
export async function addRenderRoutes(
  app: FastifyInstance,
  store: JobStore,
  presets: Presets,
  renderAudio: RenderAudio,
): Promise<void> {
  app.removeAllContentTypeParsers();
  const whole = { parseAs: "buffer", bodyLimit: LARGEST_BODY } as const;
  app.addContentTypeParser(MIDI_TYPES, whole, (_request, body, done) => done(null, body));

  app.post<{ Body: Buffer | undefined; Querystring: RenderQuery }>(
    BASE,
    {
      schema: {
        querystring: {
          type: "object",
          additionalProperties: false,
          properties: {
            format: { type: "string", enum: Object.keys(AUDIO_TYPES), default: "mp3" },
            kit: { type: "string", maxLength: 64 },
            stems: { type: "boolean", default: false },
          },
        },
      },
      config: {
        docs: {
          summary: "Renders a MIDI file with the instrument's sounds; stems adds each one alone.",
          body: MIDI_TYPES,
          answers: {
            202: "a job; Location is its address",
            400: "a query that is not understood",
            413: "over 1 MiB, 10 minutes or 50,000 notes",
            415: "not a MIDI type",
            422: "not a readable MIDI file",
            429: "the queue is full; Retry-After",
          },
        },
      },
    },
    async (request, reply) => {
      const { format, stems } = request.query;
      const kit = await presets.kit(request.query.kit);
      const song = readSong(request.body ?? new Uint8Array(0), LIMITS);
      const parts = partsOf(song, stems);
      return accept(reply, store, "render", BASE, async (tools) => {
        const files = [];
        for (const [index, part] of parts.entries()) {
          const audio = await renderAudio({
            notes: part.notes,
            seconds: song.seconds,
            kitFolder: kit.path,
            format,
            onProgress: shareOf(tools.progress, index, parts.length),
            signal: tools.signal,
          });
          const name = partName("cadenza", part, format);
          files.push(await tools.writeFile(name, AUDIO_TYPES[format], audio));
        }
        return files;
      });
    },
  );

  addJobRoutes(app, store, "render", BASE);

  app.get<{ Params: { id: string } }>(
    `${BASE}/:id/audio`,
    {
      config: {
        docs: {
          summary: "The rendered sound, whole or a byte range.",
          answers: {
            200: "the sound",
            206: "the range",
            304: "unchanged",
            404: "no such job",
            409: "not done",
          },
        },
      },
    },
    async (request, reply) => {
      const [mix] = findDone(store, "render", request.params.id).files;
      reply.header("content-disposition", `inline; filename="${mix.name}"`);
      return await sendContentFile(request, reply, { ...mix, immutable: false });
    },
  );
}
