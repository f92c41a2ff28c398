/** Whether the server lives, and whether it has what it needs to serve the instrument. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { Failure } from "#base/failure.ts";
import type { Presets } from "../presets.ts";
import "./route-docs.ts";

/** Adds `/healthz` and `/readyz`. */
export function addHealthRoutes(app: FastifyInstance, presets: Presets, page: string): void {
  app.get(
    "/healthz",
    { config: { docs: { summary: "Whether the server lives.", answers: { 200: "it does" } } } },
    async (_request, reply) => {
      reply.header("cache-control", "no-store");
      return { status: "alive" };
    },
  );

  app.get(
    "/readyz",
    {
      config: {
        docs: {
          summary: "Whether page, model and sounds are there.",
          answers: { 200: "they are", 503: "what is missing" },
        },
      },
    },
    async (_request, reply) => {
      const missing: string[] = [];
      if (!existsSync(join(page, "index.html"))) missing.push("the page (run npm run build)");
      if ((await presets.models()).length === 0) missing.push("a model (see presets/models)");
      if ((await presets.kits()).length === 0) missing.push("a sound kit (see presets/kits)");
      if (missing.length > 0) {
        throw new Failure("unavailable", `The instrument lacks ${missing.join(" and ")}.`);
      }
      reply.header("cache-control", "no-store");
      return { status: "ready" };
    },
  );
}
