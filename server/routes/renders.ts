/** MIDI files to MP3 or WAV with the instrument's own sounds. */
import type { FastifyInstance } from "fastify";
import { checkCost, costOfRender, SONG_LIMITS } from "../jobs/cost.ts";
import { AUDIO_TYPES, type AudioFormat } from "../offline/audio.ts";
import { admitted, placeOf } from "./admission.ts";
import { JOB } from "./job-schema.ts";
import { accept, addJobRoutes, findDone, sendJobFile } from "./jobs.ts";
import { documented } from "./route-docs.ts";
import type { Workshop } from "./workshop.ts";

const BASE = "/api/renders";

/** Largest MIDI file taken, in bytes: songs have a tenth of it. */
const LARGEST_BODY = 1024 * 1024;

/** `audio/midi` (RFC 6295) and the names in use beside it. */
const MIDI_TYPES = ["audio/midi", "audio/mid", "audio/x-midi", "audio/sp-midi"];

interface RenderQuery {
  readonly format: AudioFormat;
  readonly kit?: string;
  readonly stems: boolean;
}

const NEW_RENDER = documented({
  summary: "Renders a MIDI file with the instrument's sounds; stems adds each one alone.",
  querystring: {
    type: "object",
    additionalProperties: false,
    properties: {
      format: { type: "string", enum: Object.keys(AUDIO_TYPES), default: "mp3" },
      kit: { type: "string", maxLength: 64 },
      stems: { type: "boolean", default: false },
    },
  },
  binaryBody: MIDI_TYPES,
  answers: {
    202: { description: "a job; Location is its address", schema: JOB },
    400: "a query that is not understood",
    413: "over 1 MiB, 30 minutes or 50,000 notes, or too much with its stems",
    415: "not a MIDI type",
    422: "not a readable MIDI file",
    429: "the queue is full, or you ask for too much; Retry-After",
    503: "no room for the file",
  },
});

const SOUND = documented({
  summary: "The rendered sound, whole or a byte range.",
  answers: {
    200: { description: "the sound", type: "audio/mpeg" },
    206: "the range",
    304: "unchanged",
    404: "no such job",
    409: "not done",
    416: "no such range",
  },
});

/** Adds `/api/renders`. */
export async function addRenderRoutes(app: FastifyInstance, workshop: Workshop): Promise<void> {
  const { queue, presets, inspector, limits } = workshop;
  app.removeAllContentTypeParsers();
  const whole = { parseAs: "buffer", bodyLimit: LARGEST_BODY } as const;
  app.addContentTypeParser(MIDI_TYPES, whole, (_request, body, done) => done(null, body));

  app.post<{ Body: Buffer | undefined; Querystring: RenderQuery }>(
    BASE,
    { ...admitted(queue), schema: NEW_RENDER },
    async (request, reply) => {
      const place = placeOf(request);
      const { format, stems } = request.query;
      const { id: kit } = await presets.kit(request.query.kit);
      const midi = new Uint8Array(request.body ?? []);
      const song = await inspector.song(midi, SONG_LIMITS);
      const { remarks } = song;
      const cost = costOfRender(song, stems ? 1 + song.instruments : 1, format);
      checkCost(cost, limits.jobBytes);
      const order = { kind: "render", order: { format, kit, stems } } as const;
      return accept(reply, await place.submit(order, midi, { cost: cost.seconds, remarks }), BASE);
    },
  );

  addJobRoutes(app, queue, "render", BASE);

  app.get<{ Params: { id: string } }>(
    `${BASE}/:id/audio`,
    { schema: SOUND },
    async (request, reply) => {
      const [mix] = (await findDone(queue, "render", request.params.id)).files;
      reply.header("content-disposition", `inline; filename="${mix.name}"`);
      return sendJobFile(request, reply, queue, mix);
    },
  );
}
