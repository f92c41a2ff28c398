/** What every kind of job answers: status, live progress, its files, cancelling. */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Content, sendContent } from "../content-file.ts";
import { Refusal } from "../errors.ts";
import { isFinal, type JobFile, type JobKind, type JobState } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { JOB } from "./job-schema.ts";
import { documented } from "./route-docs.ts";

/** Milliseconds between two comments that keep an idle stream of events open. */
const HEARTBEAT = 15_000;

/** A job as it is told; `base` is the address of its kind, "/api/renders". */
function viewOf(state: JobState, base: string) {
  const url = `${base}/${state.id}`;
  return {
    id: state.id,
    status: state.status,
    progress: Number(state.progress.toFixed(3)),
    ...(state.message === "" ? {} : { error: state.message }),
    remarks: state.remarks,
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

/** Answers 202 with the address of a job that was taken in. */
export const accept = (reply: FastifyReply, state: JobState, base: string): FastifyReply =>
  reply.code(202).header("location", `${base}/${state.id}`).send(viewOf(state, base));

/** The job of that id. @throws Refusal 404 */
async function findJob(queue: JobQueue, kind: JobKind, id: string): Promise<JobState> {
  const state = await queue.find(kind, id);
  if (state === undefined) {
    throw new Refusal(404, "There is no such job; finished jobs are removed after an hour.");
  }
  return state;
}

/** The job, done. @throws Refusal 404, or 409 while it is not done or when it came to nothing */
export async function findDone(queue: JobQueue, kind: JobKind, id: string): Promise<JobState> {
  const state = await findJob(queue, kind, id);
  if (state.status === "done") return state;
  const why = isFinal(state.status) ? `${state.message} Send it again.` : "Wait until it is done.";
  throw new Refusal(409, `The job is ${state.status}. ${why}`);
}

/** Sends a file that a job made. */
export function sendJobFile(
  request: FastifyRequest,
  reply: FastifyReply,
  queue: JobQueue,
  file: JobFile,
): FastifyReply {
  const { type, bytes, hash } = file;
  const open: Content["open"] = (start, end) => queue.stream(file, start, end);
  return sendContent(request, reply, { type, bytes, tag: hash, immutable: false, open });
}

/** Adds the routes below `base` that all kinds of jobs have. */
export function addJobRoutes(
  app: FastifyInstance,
  queue: JobQueue,
  kind: JobKind,
  base: string,
): void {
  const unknown = { 404: "no such job" };

  const status = documented({
    summary: `Where a ${kind} stands.`,
    answers: { 200: { description: "the job", schema: JOB }, ...unknown },
  });
  app.get<{ Params: { id: string } }>(`${base}/:id`, { schema: status }, async (request, reply) => {
    reply.header("cache-control", "no-store");
    return viewOf(await findJob(queue, kind, request.params.id), base);
  });

  const removal = documented({
    summary: `Cancels a ${kind} under way, or removes a finished one with its files.`,
    answers: { 204: "done", ...unknown },
  });
  app.delete<{ Params: { id: string } }>(
    `${base}/:id`,
    { schema: removal },
    async (request, reply) => {
      const { id } = await findJob(queue, kind, request.params.id);
      await queue.remove(id);
      return reply.code(204).send();
    },
  );

  const live = documented({
    summary: `Server-sent events of a ${kind}: the job as JSON at every change, until it ends.`,
    answers: {
      200: { description: "the states", type: "text/event-stream" },
      204: "it has ended and you know it",
      ...unknown,
    },
  });
  app.get<{ Params: { id: string } }>(
    `${base}/:id/events`,
    { exposeHeadRoute: false, schema: live },
    async (request, reply) => {
      const state = await findJob(queue, kind, request.params.id);
      // An EventSource comes back when a stream ends; 204 tells it that nothing more will come.
      if (isFinal(state.status) && request.headers["last-event-id"] === state.status) {
        return reply.code(204).send();
      }
      return reply
        .header("cache-control", "no-store")
        .type("text/event-stream; charset=utf-8")
        .send(eventsOf(queue, state.id, base));
    },
  );

  const file = documented({
    summary: `A file that a ${kind} made, whole or a byte range.`,
    answers: {
      200: { description: "the file", type: "application/octet-stream" },
      206: "the range",
      304: "unchanged",
      ...unknown,
      409: "not done",
      416: "no such range",
    },
  });
  app.get<{ Params: { id: string; name: string } }>(
    `${base}/:id/files/:name`,
    { schema: file },
    async (request, reply) => {
      const { files } = await findDone(queue, kind, request.params.id);
      const found = files.find((candidate) => candidate.name === request.params.name);
      if (found === undefined) throw new Refusal(404, "The job made no such file; see its status.");
      return sendJobFile(request, reply, queue, found);
    },
  );
}

/** A stream of a job's states that ends with the job; a slow reader misses steps between, never the end. */
function eventsOf(queue: JobQueue, id: string, base: string): Readable {
  let flowing = true;
  const stream = new Readable({
    read() {
      flowing = true;
    },
  });
  const heartbeat = setInterval(() => stream.push(": still here\n\n"), HEARTBEAT);
  const unwatch = queue.watch(id, (state) => {
    const final = isFinal(state.status);
    if (!flowing && !final) return;
    const data = JSON.stringify(viewOf(state, base));
    flowing = stream.push(`id: ${state.status}\ndata: ${data}\n\n`);
    if (!final) return;
    clearInterval(heartbeat);
    stream.push(null);
  });
  stream.once("close", () => {
    unwatch();
    clearInterval(heartbeat);
  });
  return stream;
}
