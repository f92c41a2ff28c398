/** Models and their files. A shard's name carries its hash, so it may be cached for good. */
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Manifest } from "#model/weights/manifest.ts";
import { sendContentFile, sendJsonFile } from "../content-file.ts";
import { Refusal } from "../errors.ts";
import type { Found, Presets } from "../presets.ts";
import { documented } from "./route-docs.ts";

const OPEN = { type: "object", additionalProperties: true } as const;

const MODELS = {
  type: "object",
  required: ["default", "models"],
  properties: {
    default: { type: ["string", "null"], description: "id of the model that plays by default" },
    models: {
      type: "array",
      items: {
        type: "object",
        required: ["id", "version", "license", "tokenization", "bytes", "manifest"],
        properties: {
          id: { type: "string" },
          version: { type: "string" },
          license: { type: "string" },
          tokenization: { type: "string" },
          architecture: OPEN,
          quantization: { type: "string" },
          bytes: { type: "integer" },
          training: OPEN,
          manifest: { type: "string", description: "address of its manifest" },
        },
      },
    },
  },
} as const;

/** Adds `/api/models` and `/models/...`. */
export function addModelRoutes(app: FastifyInstance, presets: Presets): void {
  app.get(
    "/api/models",
    {
      schema: documented({
        summary: "Lists the models that ship, and which one plays by default.",
        answers: { 200: { description: "the models", schema: MODELS } },
      }),
    },
    async () => {
      const models = await presets.models();
      const preferred = models.length === 0 ? undefined : (await presets.model()).id;
      return { default: preferred ?? null, models: models.map(describe) };
    },
  );

  app.get<{ Params: { id: string } }>(
    "/models/:id/manifest.json",
    {
      schema: documented({
        summary: "A model's manifest.",
        answers: {
          200: { description: "the manifest", type: "application/json" },
          304: "unchanged",
          404: "no such model",
        },
      }),
    },
    async (request, reply) => {
      const model = await find(presets, request.params.id);
      return await sendJsonFile(request, reply, join(model.path, "manifest.json"));
    },
  );

  app.get<{ Params: { id: string; shard: string } }>(
    "/models/:id/:shard",
    {
      schema: documented({
        summary: "A file of weights (safetensors), whole or a byte range.",
        answers: {
          200: { description: "the file", type: "application/octet-stream" },
          206: "the range",
          304: "unchanged",
          404: "no such file",
          416: "no such range",
        },
      }),
    },
    async (request, reply) => {
      const model = await find(presets, request.params.id);
      const shard = model.content.shards.find((entry) => entry.file === request.params.shard);
      if (shard === undefined) {
        throw new Refusal(404, `The model ${model.id} has no such file; see its manifest.json.`);
      }
      return await sendContentFile(request, reply, {
        path: join(model.path, shard.file),
        type: "application/octet-stream",
        tag: shard.sha256,
        // The contract: a shard's name carries the beginning of its hash. One that does not is no promise.
        immutable: shard.file.includes(shard.sha256.slice(0, 8)),
      });
    },
  );
}

async function find(presets: Presets, id: string): Promise<Found<Manifest>> {
  const model = (await presets.models()).find((candidate) => candidate.id === id);
  if (model === undefined) {
    throw new Refusal(404, "There is no such model; /api/models lists those there are.");
  }
  return model;
}

const describe = ({ id, content }: Found<Manifest>) => ({
  id,
  version: content.version,
  license: content.license,
  tokenization: content.tokenization,
  architecture: content.architecture,
  quantization: content.quantization,
  bytes: content.shards.reduce((sum, shard) => sum + shard.bytes, 0),
  training: content.training,
  manifest: `/models/${id}/manifest.json`,
});
