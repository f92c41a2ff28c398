/** The server without a port: everything is handed in, so a test can build one and inject requests. */
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { discretion } from "./discretion.ts";
import { answerErrors, problemOf, sendProblem } from "./errors.ts";
import { addGuard } from "./guard.ts";
import { FolderBlobs } from "./jobs/folder-blobs.ts";
import type { RunJob } from "./jobs/job.ts";
import { DEFAULT_LIMITS, type JobLimits } from "./jobs/limits.ts";
import { MemoryQueue, type QueueParts } from "./jobs/memory-queue.ts";
import { threadRunner } from "./jobs/thread-runner.ts";
import { addMetrics } from "./metrics.ts";
import { type Inspector, ThreadInspector } from "./offline/inspector.ts";
import { Presets } from "./presets.ts";
import { addAdmission } from "./routes/admission.ts";
import { addCompositionRoutes } from "./routes/compositions.ts";
import { addDocs } from "./routes/docs.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addModelRoutes } from "./routes/models.ts";
import { addPage } from "./routes/page.ts";
import { addMachineRoutes, addPresetRoutes } from "./routes/presets.ts";
import { addRenderRoutes } from "./routes/renders.ts";
import { addSecurityHeaders } from "./security-headers.ts";

/** What an app is made of. */
export interface AppOptions {
  /** Folder of models, kits and scenes. */
  readonly presetsFolder: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Names it answers to beside localhost and addresses of digits. */
  readonly allowedHosts?: readonly string[];
  /** Addresses of proxies whose word for a client's address is taken. */
  readonly trustedProxies?: readonly string[];
  readonly logLevel?: string;
  /** Where results wait to be fetched; the system's folder for such things by default. */
  readonly temporaryFolder?: string;
  readonly limits?: AppLimits;
  /** Does the jobs; in threads of this process by default. */
  readonly runJob?: RunJob;
  /** Reads what people send; in a thread by default. */
  readonly inspector?: Inspector;
}

/** Bounds that a test may move. */
export interface AppLimits {
  readonly jobs?: Partial<JobLimits>;
  /** Jobs that a client may ask for within a minute. */
  readonly perMinute?: number;
  /** Milliseconds that a request may take to arrive. */
  readonly arrival?: number;
}

/** Bytes of a request's body where its route states no other limit: none takes more than a word. */
const BODY_LIMIT = 16 * 1024;

/** Milliseconds that answers under way get when the app closes. */
const LAST_WORDS = 1000;

/** Milliseconds that a request may take to arrive, and how long a connection may say nothing. */
const ARRIVAL = 30_000;
const SILENCE = 60_000;

const PER_MINUTE = 60;

/** Connections of one address: a browser opens six, a household has several. */
const PER_ADDRESS = 64;

/** Builds the app; `close()` cancels its jobs and removes their files. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { limits = {}, trustedProxies = [] } = options;
  const app = createApp(options);
  const temporary = options.temporaryFolder ?? tmpdir();
  const { presetsFolder, pageFolder } = options;
  const discreet = discretion([presetsFolder, pageFolder, dirname(presetsFolder), temporary]);
  const parts = { blobs: await FolderBlobs.open(temporary), discreet };
  const { queue, workshop } = createWorkshop(app, options, parts);
  app.addHook("preClose", async () => {
    // Browsers open connections ahead of need; closing waits for them, so they get a second.
    setTimeout(() => app.server.closeAllConnections(), LAST_WORDS).unref();
    await queue.dispose();
    await workshop.inspector.dispose();
  });
  addSecurityHeaders(app);
  answerErrors(app, discreet);
  addGuard(app, {
    allowedHosts: options.allowedHosts ?? [],
    perAddress: trustedProxies.length > 0 ? Number.POSITIVE_INFINITY : PER_ADDRESS,
  });
  await addDocs(app);
  addMetrics(app, queue);
  await addAdmission(app, limits.perMinute ?? PER_MINUTE);
  const { presets } = workshop;
  addHealthRoutes(app, { presets, queue, page: pageFolder });
  addModelRoutes(app, presets);
  addPresetRoutes(app, presets);
  addMachineRoutes(app, presets);
  app.register((scope) => addRenderRoutes(scope, workshop));
  app.register((scope) => addCompositionRoutes(scope, workshop));
  addPage(app, pageFolder);
  return app;
}

function createApp({ logLevel, limits, trustedProxies = [] }: AppOptions): FastifyInstance {
  const arrival = limits?.arrival ?? ARRIVAL;
  return Fastify({
    logger: { level: logLevel ?? "silent" },
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    requestTimeout: arrival,
    connectionTimeout: SILENCE,
    keepAliveTimeout: arrival,
    http: { headersTimeout: arrival / 3, connectionsCheckingInterval: arrival / 10 },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply as never, problemOf(error));
    },
    ajv: { customOptions: { coerceTypes: "array", removeAdditional: false } },
  });
}

type QueueSurroundings = Pick<QueueParts, "blobs" | "discreet">;

function createWorkshop(app: FastifyInstance, options: AppOptions, parts: QueueSurroundings) {
  const limits = { ...DEFAULT_LIMITS, ...options.limits?.jobs };
  const queue = new MemoryQueue({
    ...parts,
    limits,
    run: options.runJob ?? threadRunner(options.presetsFolder),
    report: (error) => app.log.error({ err: error }, "a job failed"),
  });
  const presets = new Presets(options.presetsFolder);
  const inspector = options.inspector ?? new ThreadInspector();
  return { queue, workshop: { queue, presets, inspector, limits } };
}
