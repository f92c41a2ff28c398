/** What every kind of job answers: status, live progress, its files, cancelling. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import { sendContentFile } from "../content-file.ts";
import { Refusal } from "../errors.ts";
import { isFinal, type JobKind, type JobState, type Work } from "../jobs/job.ts";
import { type JobStore, QueueFull } from "../jobs/job-store.ts";
import "./route-docs.ts";

/** Seconds after which a refused request may be worth another try. */
const RETRY_AFTER = 15;

/** Milliseconds between two comments that keep an idle stream of events open. */
const HEARTBEAT = 15_000;

/** A job as it is told; `base` is the address of its kind, "/api/renders". */
export function viewOf(state: JobState, base: string) {
  const url = `${base}/${state.id}`;
  return {
    id: state.id,
    status: state.status,
    progress: Number(state.progress.toFixed(3)),
    ...(state.message === "" ? {} : { error: state.message }),
    url,
    events: `${url}/events`,
    files: state.files.map(({ name, type, bytes }) => ({
      name,
      type,
      bytes,
      url: `${url}/files/${encodeURIComponent(name)}`,
    })),
  };
}

/** Takes a job in and answers 202 with its address. @throws Refusal 429 when too many wait */
export function accept(
  reply: FastifyReply,
  store: JobStore,
  kind: JobKind,
  base: string,
  work: Work,
): FastifyReply {
  let state: JobState;
  try {
    state = store.submit(kind, work);
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error;
    throw new Refusal(429, `The queue is full; try again in ${RETRY_AFTER} seconds.`, {
      "retry-after": String(RETRY_AFTER),
    });
  }
  return reply.code(202).header("location", `${base}/${state.id}`).send(viewOf(state, base));
}

/** The job of that id. @throws Refusal 404 */
export function findJob(store: JobStore, kind: JobKind, id: string): JobState {
  const state = store.find(kind, id);
  if (state === undefined) {
    throw new Refusal(404, "There is no such job; finished jobs are removed after an hour.");
  }
  return state;
}

/** The job, done. @throws Refusal 404, or 409 while it is not done or when it came to nothing */
export function findDone(store: JobStore, kind: JobKind, id: string): JobState {
  const state = findJob(store, kind, id);
  if (state.status === "done") return state;
  const why = isFinal(state.status) ? `${state.message} Send it again.` : "Wait until it is done.";
  throw new Refusal(409, `The job is ${state.status}. ${why}`);
}

/** Adds the routes below `base` that all kinds of jobs have. */
export function addJobRoutes(
  app: FastifyInstance,
  store: JobStore,
  kind: JobKind,
  base: string,
): void {
  const unknown = { 404: "no such job" };

  app.get<{ Params: { id: string } }>(
    `${base}/:id`,
    {
      config: {
        docs: { summary: `Where a ${kind} stands.`, answers: { 200: "the job", ...unknown } },
      },
    },
    async (request, reply) => {
      reply.header("cache-control", "no-store");
      return viewOf(findJob(store, kind, request.params.id), base);
    },
  );

  app.delete<{ Params: { id: string } }>(
    `${base}/:id`,
    {
      config: {
        docs: {
          summary: `Cancels a ${kind} under way, or removes a finished one with its files.`,
          answers: { 204: "done", ...unknown },
        },
      },
    },
    async (request, reply) => {
      const { id } = findJob(store, kind, request.params.id);
      await store.remove(id);
      return reply.code(204).send();
    },
  );

  app.get<{ Params: { id: string } }>(
    `${base}/:id/events`,
    {
      exposeHeadRoute: false,
      config: {
        docs: {
          summary: `Server-sent events of a ${kind}: the job as JSON at every change, until it ends.`,
          answers: { 200: "text/event-stream", 204: "it has ended and you know it", ...unknown },
        },
      },
    },
    async (request, reply) => {
      const state = findJob(store, kind, request.params.id);
      // An EventSource comes back when a stream ends; 204 tells it that nothing more will come.
      if (isFinal(state.status) && request.headers["last-event-id"] === state.status) {
        return reply.code(204).send();
      }
      return reply
        .header("cache-control", "no-store")
        .type("text/event-stream; charset=utf-8")
        .send(eventsOf(store, state, base));
    },
  );

  app.get<{ Params: { id: string; name: string } }>(
    `${base}/:id/files/:name`,
    {
      config: {
        docs: {
          summary: `A file that a ${kind} made, whole or a byte range.`,
          answers: { 200: "the file", 206: "the range", 304: "unchanged", 409: "not done" },
        },
      },
    },
    async (request, reply) => {
      const { files } = findDone(store, kind, request.params.id);
      const file = files.find((candidate) => candidate.name === request.params.name);
      if (file === undefined) throw new Refusal(404, "The job made no such file; see its status.");
      return await sendContentFile(request, reply, { ...file, immutable: false });
    },
  );
}

/** A stream of a job's states that ends with the job; a slow reader misses steps between, never the end. */
function eventsOf(store: JobStore, first: JobState, base: string): Readable {
  let flowing = true;
  const stream = new Readable({
    read() {
      flowing = true;
    },
  });
  const send = (state: JobState): void => {
    const final = isFinal(state.status);
    if (!flowing && !final) return;
    const data = JSON.stringify(viewOf(state, base));
    flowing = stream.push(`id: ${state.status}\ndata: ${data}\n\n`);
    if (final) stream.push(null);
  };
  if (!isFinal(first.status)) {
    const unwatch = store.watch(first.id, (state) => {
      if (isFinal(state.status)) stop();
      send(state);
    });
    const heartbeat = setInterval(() => stream.push(": still here\n\n"), HEARTBEAT);
    const stop = (): void => {
      unwatch();
      clearInterval(heartbeat);
    };
    stream.once("close", stop);
  }
  send(first);
  return stream;
}
