/** Counters in Prometheus' text format 0.0.4: requests, their duration, jobs, memory. */
import type { FastifyInstance } from "fastify";
import type { JobState } from "./jobs/job.ts";
import type { JobStore } from "./jobs/job-store.ts";
import "./routes/route-docs.ts";

/** Upper bounds of the duration histogram, in seconds. */
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** Values of one metric by their labels; labels come from routes and our own words, so they are few. */
class Series {
  readonly #values = new Map<string, number>();

  add(labels: string, amount = 1): void {
    this.#values.set(labels, (this.#values.get(labels) ?? 0) + amount);
  }

  lines(name: string): string[] {
    return [...this.#values].map(([labels, value]) => `${name}{${labels}} ${value}`);
  }
}

/** Counts requests and jobs, and adds `/metrics`. */
export function addMetrics(app: FastifyInstance, store: JobStore): void {
  const requests = new Series();
  const jobs = new Series();
  const buckets = new Array<number>(BUCKETS.length).fill(0);
  let count = 0;
  let sum = 0;

  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    requests.add(`method="${request.method}",route="${route}",status="${reply.statusCode}"`);
    const seconds = reply.elapsedTime / 1000;
    count++;
    sum += seconds;
    for (const [index, bound] of BUCKETS.entries()) if (seconds <= bound) buckets[index]++;
  });
  store.changed.on((job: JobState) => {
    // Every status is entered once; progress within "running" is no event.
    if (job.status !== "running" || job.progress === 0) {
      jobs.add(`kind="${job.kind}",status="${job.status}"`);
    }
  });

  const docs = {
    summary: "Counters in Prometheus' text format.",
    answers: { 200: "the counters" },
  };
  app.get("/metrics", { config: { docs } }, async (_request, reply) => {
    const lines = [
      "# TYPE cadenza_http_requests_total counter",
      ...requests.lines("cadenza_http_requests_total"),
      "# TYPE cadenza_http_request_duration_seconds histogram",
      ...BUCKETS.map(
        (bound, index) =>
          `cadenza_http_request_duration_seconds_bucket{le="${bound}"} ${buckets[index]}`,
      ),
      `cadenza_http_request_duration_seconds_bucket{le="+Inf"} ${count}`,
      `cadenza_http_request_duration_seconds_sum ${sum}`,
      `cadenza_http_request_duration_seconds_count ${count}`,
      "# HELP cadenza_jobs_total Jobs that entered a status.",
      "# TYPE cadenza_jobs_total counter",
      ...jobs.lines("cadenza_jobs_total"),
      "# TYPE cadenza_jobs_waiting gauge",
      `cadenza_jobs_waiting ${store.waiting}`,
      "# TYPE process_resident_memory_bytes gauge",
      `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      "# TYPE process_start_time_seconds gauge",
      `process_start_time_seconds ${(Date.now() / 1000 - process.uptime()).toFixed(3)}`,
    ];
    return reply
      .header("cache-control", "no-store")
      .type("text/plain; version=0.0.4; charset=utf-8")
      .send(`${lines.join("\n")}\n`);
  });
}
