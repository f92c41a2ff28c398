/**
 * Figures for Prometheus (prom-client): requests and how long they took, streams that were cut, jobs
 * and how long they waited and ran, delay of the event loop, memory. Labels are routes and our own
 * words, so that no request can add a series.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { FastifyInstance } from "fastify";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { isFinal, type JobState } from "./jobs/job.ts";
import type { JobQueue } from "./jobs/job-queue.ts";
import { documented } from "./routes/route-docs.ts";

/** Upper bounds in seconds: of requests, and of jobs. */
const REQUEST_BUCKETS = [0.005, 0.025, 0.1, 0.5, 2.5, 10];
const JOB_BUCKETS = [0.5, 2, 8, 30, 120, 480, 1800];

/** Nanoseconds a second. */
const NANO = 1e9;

/** Counts, and adds `/metrics`. */
export function addMetrics(app: FastifyInstance, queue: JobQueue): void {
  const registry = new Registry();
  countRequests(app, registry);
  countJobs(queue, registry);
  measureProcess(app, registry);
  const docs = documented({
    summary: "Figures in Prometheus' text format.",
    answers: { 200: { description: "the figures", type: "text/plain" } },
  });
  app.get("/metrics", { schema: docs }, async (_request, reply) =>
    reply
      .header("cache-control", "no-store")
      .type(registry.contentType)
      .send(await registry.metrics()),
  );
}

function countRequests(app: FastifyInstance, registry: Registry): void {
  const registers = [registry];
  const requests = new Counter({
    ...{ name: "cadenza_http_requests_total", help: "Requests answered.", registers },
    labelNames: ["method", "route", "status"],
  });
  const durations = new Histogram({
    ...{
      name: "cadenza_http_request_duration_seconds",
      help: "From head to last byte.",
      registers,
    },
    buckets: REQUEST_BUCKETS,
  });
  const cut = new Counter({
    ...{ name: "cadenza_streams_cut_total", help: "Answers that ended before they were whole." },
    ...{ registers, labelNames: ["route"] },
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.raw.once("close", () => {
      if (!reply.raw.writableFinished) cut.inc({ route: request.routeOptions.url ?? "unknown" });
    });
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    requests.inc({ method: request.method, route, status: reply.statusCode });
    durations.observe(reply.elapsedTime / 1000);
  });
}

function countJobs(queue: JobQueue, registry: Registry): void {
  const registers = [registry];
  const jobs = new Counter({
    ...{ name: "cadenza_jobs_total", help: "Jobs that entered a status.", registers },
    labelNames: ["kind", "status"],
  });
  const waits = new Histogram({
    ...{ name: "cadenza_job_wait_seconds", help: "From its order to its turn.", registers },
    ...{ labelNames: ["kind"], buckets: JOB_BUCKETS },
  });
  const runs = new Histogram({
    ...{ name: "cadenza_job_duration_seconds", help: "From its turn to its end.", registers },
    ...{ labelNames: ["kind", "status"], buckets: JOB_BUCKETS },
  });
  const loads = ["waiting", "running", "bytes"] as const;
  for (const name of loads) {
    const gauge: Gauge = new Gauge({
      ...{ name: `cadenza_jobs_${name}`, help: `Of the queue now: ${name}.`, registers },
      collect: () => gauge.set(queue.load()[name]),
    });
  }
  /** When jobs that are not over entered their status, milliseconds. */
  const since = new Map<string, number>();
  queue.changed.on(({ id, kind, status, progress }: JobState) => {
    // Every status is entered once; progress within "running" is no event.
    if (status === "running" && progress > 0) return;
    const now = performance.now();
    const seconds = (now - (since.get(id) ?? now)) / 1000;
    jobs.inc({ kind, status });
    if (status === "running") waits.observe({ kind }, seconds);
    if (isFinal(status)) {
      runs.observe({ kind, status }, seconds);
      since.delete(id);
    } else since.set(id, now);
  });
}

function measureProcess(app: FastifyInstance, registry: Registry): void {
  const registers = [registry];
  const delay = monitorEventLoopDelay();
  delay.enable();
  app.addHook("onClose", async () => {
    delay.disable();
  });
  const loop: Gauge = new Gauge({
    name: "cadenza_loop_delay_seconds",
    help: "Delay of the event loop since the last reading.",
    ...{ registers, labelNames: ["quantile"] },
    collect: () => {
      for (const quantile of [50, 99, 100]) {
        loop.set({ quantile: quantile / 100 }, delay.percentile(quantile) / NANO);
      }
      delay.reset();
    },
  });
  const memory: Gauge = new Gauge({
    ...{ name: "process_resident_memory_bytes", help: "Resident memory.", registers },
    collect: () => memory.set(process.memoryUsage.rss()),
  });
  new Gauge({
    ...{ name: "process_start_time_seconds", help: "Start, seconds since 1970.", registers },
  }).set(Date.now() / 1000 - process.uptime());
}
