/** Composing on the server: the same options as the command `compose`, a job of the same form as a rendering. */
import { randomInt } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { Failure } from "#base/failure.ts";
import { PIECE_CONTROLS } from "#engine/compose/controls.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { metreName, OFFERED_METRES } from "#music/metre.ts";
import { checkCost, costOfComposition } from "../jobs/cost.ts";
import { AUDIO_TYPES, type AudioFormat } from "../offline/audio.ts";
import type { ComposeOptions } from "../offline/compose-options.ts";
import { admitted, placeOf } from "./admission.ts";
import { JOB } from "./job-schema.ts";
import { accept, addJobRoutes } from "./jobs.ts";
import { documented } from "./route-docs.ts";
import type { Workshop } from "./workshop.ts";

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
  Object.entries(PIECE_CONTROLS).map(([name, { lowest, highest, usual, step, hint }]) => [
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
    chart: {
      type: "string",
      maxLength: 64 * 1024,
      description:
        'chords and sections as text, "| Am | F | C G | x2", or a chart as JSON in a string',
    },
    style: { type: "string", enum: STYLES, description: "what the arrangement is taken from" },
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

const NEW_COMPOSITION = documented({
  summary: "Composes tracks; the options are those of the command compose.",
  body: BODY,
  answers: {
    202: { description: "a job; Location is its address", schema: JOB },
    400: "an option that is not understood",
    413: `over 512 KiB or ${MOST_BARS} bars in all, or too much sound`,
    415: "not JSON",
    422: "an unreadable MIDI file to go on from",
    429: "the queue is full, or you ask for too much; Retry-After",
    503: "no room for the file",
  },
});

/** Adds `/api/compositions`. */
export async function addCompositionRoutes(
  app: FastifyInstance,
  { queue, presets, inspector, limits }: Workshop,
): Promise<void> {
  app.removeContentTypeParser("text/plain");

  app.post<{ Body: CompositionBody }>(
    BASE,
    { ...admitted(queue), bodyLimit: LARGEST_BODY, schema: NEW_COMPOSITION },
    async (request, reply) => {
      const place = placeOf(request);
      const { format: formats, prime: encoded, model, kit, ...options } = request.body;
      const prime =
        encoded === undefined ? undefined : new Uint8Array(Buffer.from(encoded, "base64"));
      const seed = randomInt(2 ** 32);
      const asked = await inspector.composition({ ...options, ...(prime && { prime }) }, seed);
      if (asked.bars * asked.tracks > MOST_BARS) {
        throw new Failure(
          "too-large",
          `${asked.tracks} tracks of ${asked.bars} bars are over ${MOST_BARS} in all; ask for fewer.`,
        );
      }
      const sounds = formats.filter((name) => name !== "mid");
      const cost = costOfComposition(asked, asked.seconds, sounds);
      checkCost(cost, limits.jobBytes);
      const ids = { model: (await presets.model(model)).id, kit: (await presets.kit(kit)).id };
      const order = { kind: "composition", order: { options, seed, formats, ...ids } } as const;
      const judgement = { cost: cost.seconds, remarks: asked.remarks };
      return accept(reply, await place.submit(order, prime, judgement), BASE);
    },
  );

  addJobRoutes(app, queue, "composition", BASE);
}
