/** Whether the server lives, and whether it has what it needs to serve the instrument. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { Failure } from "#base/failure.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { Presets } from "../presets.ts";
import { documented } from "./route-docs.ts";

/** What readiness is judged by. */
export interface HealthParts {
  readonly presets: Presets;
  readonly queue: JobQueue;
  /** Folder of the built page. */
  readonly page: string;
}

const stateIs = (word: string) => ({
  type: "object",
  required: ["status"],
  properties: { status: { type: "string", const: word } },
});

/** Adds `/healthz` and `/readyz`. */
export function addHealthRoutes(app: FastifyInstance, parts: HealthParts): void {
  const alive = documented({
    summary: "Whether the server lives.",
    answers: { 200: { description: "it does", schema: stateIs("alive") } },
  });
  app.get("/healthz", { schema: alive }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });

  const ready = documented({
    summary: "Whether page, weights, sounds and room for results are there.",
    answers: { 200: { description: "they are", schema: stateIs("ready") }, 503: "what is missing" },
  });
  app.get("/readyz", { schema: ready }, async (_request, reply) => {
    const missing = await whatIsMissing(parts);
    if (missing.length > 0) {
      throw new Failure("unavailable", `The instrument lacks ${missing.join(" and ")}.`);
    }
    reply.header("cache-control", "no-store");
    return { status: "ready" };
  });
}

async function whatIsMissing({ presets, queue, page }: HealthParts): Promise<string[]> {
  const missing: string[] = [];
  if (!existsSync(join(page, "index.html"))) missing.push("the page (run npm run build)");
  const models = await presets.models();
  if (models.length === 0) missing.push("a model (see presets/models)");
  else {
    const { id, path, content } = await presets.model();
    for (const { file, bytes } of content.shards) {
      if ((await sizeOf(join(path, file))) !== bytes) missing.push(`the weights ${id}/${file}`);
    }
  }
  const kits = await presets.kits();
  if (kits.length === 0) missing.push("a sound kit (see presets/kits)");
  else {
    const [{ id, path, content }] = kits;
    for (const { file, bytes } of content.instruments) {
      if ((await sizeOf(join(path, file))) !== bytes) missing.push(`the sounds ${id}/${file}`);
    }
  }
  if (!(await queue.hasRoom())) missing.push("room on the disk for results (free some)");
  return missing;
}

/** Bytes of a file; undefined where there is none. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
