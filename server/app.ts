/** The server without a port: everything is handed in, so a test can build one and inject requests. */
import { tmpdir } from "node:os";
import Fastify, { type FastifyInstance } from "fastify";
import { answerErrors, problemOf, sendProblem } from "./errors.ts";
import { DEFAULT_LIMITS, type JobLimits, JobStore } from "./jobs/job-store.ts";
import { addMetrics } from "./metrics.ts";
import type { RenderAudio } from "./offline/audio.ts";
import { Presets } from "./presets.ts";
import { addCompositionRoutes } from "./routes/compositions.ts";
import { addDocs } from "./routes/docs.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addModelRoutes } from "./routes/models.ts";
import { addPage } from "./routes/page.ts";
import { addPresetRoutes } from "./routes/presets.ts";
import { addRenderRoutes } from "./routes/renders.ts";
import { addSecurityHeaders } from "./security-headers.ts";

/** What an app is made of. */
export interface AppOptions {
  /** Folder of models, kits and scenes. */
  readonly presetsFolder: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  readonly renderAudio: RenderAudio;
  readonly logLevel?: string;
  readonly jobLimits?: JobLimits;
  /** Where results wait to be fetched; the system's folder for such things by default. */
  readonly temporaryFolder?: string;
}

/** Bytes of a request's body where its route states no other limit: none takes more than a word. */
const BODY_LIMIT = 16 * 1024;

/** Milliseconds that answers under way get when the app closes. */
const LAST_WORDS = 1000;

/** Builds the app; `close()` cancels its jobs and removes their files. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: { level: options.logLevel ?? "silent" },
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply as never, problemOf(error));
    },
    ajv: { customOptions: { coerceTypes: "array", removeAdditional: false } },
  });
  const presets = new Presets(options.presetsFolder);
  const store = await JobStore.open(
    options.temporaryFolder ?? tmpdir(),
    options.jobLimits ?? DEFAULT_LIMITS,
    (error) => app.log.error({ err: error }, "a job failed"),
  );
  app.addHook("preClose", async () => {
    // Browsers open connections ahead of need; closing waits for them, so they get a second.
    setTimeout(() => app.server.closeAllConnections(), LAST_WORDS).unref();
    await store.dispose();
  });
  addSecurityHeaders(app);
  answerErrors(app);
  addDocs(app);
  addMetrics(app, store);
  addHealthRoutes(app, presets, options.pageFolder);
  addModelRoutes(app, presets);
  addPresetRoutes(app, presets);
  app.register((scope) => addRenderRoutes(scope, store, presets, options.renderAudio));
  app.register((scope) => addCompositionRoutes(scope, store, presets, options.renderAudio));
  addPage(app, options.pageFolder);
  return app;
}
