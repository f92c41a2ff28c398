/** Sound kits, scenes and machines. A kit's sample files are named by their content; its index is not. */
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { hashOfFile, sendContentFile, sendJsonFile } from "../content-file.ts";
import { Refusal } from "../errors.ts";
import type { Presets } from "../presets.ts";
import { documented } from "./route-docs.ts";

const entryOf = (properties: object, required: readonly string[]) => ({
  type: "array",
  items: {
    type: "object",
    required: ["id", "name", "url", ...required],
    properties: {
      id: { type: "string" },
      name: { type: "string" },
      ...properties,
      url: { type: "string" },
    },
  },
});

const PRESETS = {
  type: "object",
  required: ["kits", "scenes", "machines"],
  properties: {
    kits: entryOf({ bytes: { type: "integer" } }, ["bytes"]),
    scenes: entryOf({}, []),
    machines: entryOf({ drums: { type: "boolean" } }, ["drums"]),
  },
};

/** Adds `/api/presets` and `/presets/...`. */
export function addPresetRoutes(app: FastifyInstance, presets: Presets): void {
  app.get(
    "/api/presets",
    {
      schema: documented({
        summary: "Lists the sound kits, the scenes and the machines that routes can be set up for.",
        answers: { 200: { description: "kits, scenes and machines", schema: PRESETS } },
      }),
    },
    async () => ({
      kits: (await presets.kits()).map(({ id, content }) => ({
        id,
        name: content.name,
        bytes: content.instruments.reduce((sum, instrument) => sum + instrument.bytes, 0),
        url: `/presets/kits/${id}/kit.json`,
      })),
      scenes: (await presets.scenes()).map(({ id, content }) => ({
        id,
        name: typeof content.name === "string" ? content.name : id,
        url: `/presets/scenes/${id}.json`,
      })),
      machines: (await presets.machines()).map((machine) => ({
        ...machine,
        url: `/presets/machines/${machine.id}.json`,
      })),
    }),
  );

  app.get<{ Params: { id: string; file: string } }>(
    "/presets/kits/:id/:file",
    {
      schema: documented({
        summary: "A kit's index (kit.json) or one of its sample files, whole or a byte range.",
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
      const { id, file } = request.params;
      const kit = (await presets.kits()).find((candidate) => candidate.id === id);
      if (kit === undefined) {
        throw new Refusal(404, "There is no such kit; /api/presets lists those there are.");
      }
      const path = join(kit.path, file === "kit.json" ? file : sampleFile(kit.content, file));
      if (file === "kit.json") return await sendJsonFile(request, reply, path);
      const immutable = /\.[0-9a-f]{8,}\./.test(file);
      const tag = immutable ? file : await hashOfFile(path);
      const type = "application/octet-stream";
      return await sendContentFile(request, reply, { path, type, tag, immutable });
    },
  );

  app.get<{ Params: { file: string } }>(
    "/presets/scenes/:file",
    {
      schema: documented({
        summary: "A scene.",
        answers: {
          200: { description: "the scene", type: "application/json" },
          304: "unchanged",
          404: "no such scene",
        },
      }),
    },
    async (request, reply) => {
      const scenes = await presets.scenes();
      const scene = scenes.find(({ id }) => `${id}.json` === request.params.file);
      if (scene === undefined) {
        throw new Refusal(404, "There is no such scene; /api/presets lists those there are.");
      }
      return await sendJsonFile(request, reply, scene.path);
    },
  );
}

/** Adds `/presets/machines/...`. */
export function addMachineRoutes(app: FastifyInstance, presets: Presets): void {
  app.get<{ Params: { file: string } }>(
    "/presets/machines/:file",
    {
      schema: documented({
        summary: "What a synthesiser or drum machine answers to: controllers, drum keys, programs.",
        answers: {
          200: { description: "the machine", type: "application/json" },
          304: "unchanged",
          404: "no such machine",
        },
      }),
    },
    async (request, reply) => {
      const machines = await presets.machines();
      const machine = machines.find(({ id }) => `${id}.json` === request.params.file);
      if (machine === undefined) {
        throw new Refusal(404, "There is no such machine; /api/presets lists those there are.");
      }
      return await sendJsonFile(request, reply, presets.machinePath(machine.id));
    },
  );
}

function sampleFile(
  kit: { readonly instruments: readonly { readonly file: string }[] },
  name: string,
): string {
  const found = kit.instruments.find((instrument) => instrument.file === name);
  if (found === undefined) throw new Refusal(404, "The kit has no such file; see its kit.json.");
  return found.file;
}
