/**
 * The built page. What lies under assets/ is named by its content and kept for good; index.html
 * names those files and is asked for anew every time. The build lays compressed copies (.br, .gz)
 * beside its files, and who takes them gets them.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { Failure } from "#base/failure.ts";

/** Serves the page from `folder`; without a build every address of it says how to make one. */
export function addPage(app: FastifyInstance, folder: string): void {
  if (!existsSync(join(folder, "index.html"))) {
    app.get("/", async () => {
      throw new Failure("unavailable", "The page is not built; run npm run build, then reload.");
    });
    return;
  }
  app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    dotfiles: "deny",
    preCompressed: true,
    setHeaders: (response, path) => {
      const immutable = path.startsWith(join(folder, "assets"));
      response.setHeader("vary", "accept-encoding");
      response.setHeader(
        "cache-control",
        immutable ? "public, max-age=31536000, immutable" : "no-cache",
      );
    },
  });
}
