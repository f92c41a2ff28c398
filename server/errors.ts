/**
 * Refusals as `application/problem+json` (RFC 9457). One handler for everything that is thrown:
 * what the outside world caused says what is wrong and what to do; a bug of ours says nothing of
 * itself and goes to the log.
 */
import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import { Failure, type FailureKind } from "#base/failure.ts";
import { MethodsOfRoutes } from "./methods-of-routes.ts";

/** A refusal with a status of its own, where a `Failure`'s kind does not say it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** @param detail one sentence: what is wrong, what to do. */
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

const STATUS_OF_KIND: Readonly<Record<FailureKind, number>> = {
  usage: 400,
  "not-found": 404,
  unreadable: 422,
  "too-large": 413,
  unsupported: 422,
  unavailable: 503,
};

/** The body of a refusal. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** What may be told of anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Failure) return problem(STATUS_OF_KIND[error.kind], error.message);
  if (error instanceof Refusal) return problem(error.status, error.message);
  const { statusCode = 500, message = "" } = error as Partial<FastifyError>;
  // Fastify and its plugins name a status; 403 is a path outside of the folders served.
  if (statusCode === 403) return problem(404, DETAIL_OF_STATUS[404]);
  if (statusCode >= 400 && statusCode < 500) {
    return problem(statusCode, DETAIL_OF_STATUS[statusCode] ?? sentence(message));
  }
  return problem(500, "Something failed on our side; try again, and report it if it stays.");
}

const DETAIL_OF_STATUS: Readonly<Record<number, string>> = {
  404: "There is nothing at this address; /docs lists the routes.",
  413: "The body is larger than this route takes; /docs states the limit.",
  415: "This route does not take a body of that type; /docs states which it takes.",
};

const problem = (status: number, detail: string): Problem => ({
  type: "about:blank",
  title: STATUS_CODES[status] ?? "Refused",
  status,
  detail,
});

const sentence = (message: string): string =>
  `The request is not understood: ${message.replace(/\.$/, "")}; /docs says what this route takes.`;

/** Sends a refusal. */
export function sendProblem(reply: FastifyReply, refusal: Problem): FastifyReply {
  return reply
    .code(refusal.status)
    .header("cache-control", "no-store")
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify(refusal));
}

/**
 * Answers every error of the app and every unknown address with a problem; an address that is known
 * by other methods with those. Call it before the routes. @param discreet takes out what must not leave
 */
export function answerErrors(app: FastifyInstance, discreet: (text: string) => string): void {
  const methods = new MethodsOfRoutes(app);
  app.setErrorHandler((error, request, reply) => {
    const refusal = problemOf(error);
    if (refusal.status >= 500) request.log.error({ err: error }, "request failed");
    if (error instanceof Refusal) reply.headers(error.headers);
    return sendProblem(reply, { ...refusal, detail: discreet(refusal.detail) });
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.at(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return sendProblem(reply, problem(404, DETAIL_OF_STATUS[404]));
    }
    reply.header("allow", allowed.join(", "));
    const detail = `This address does not take ${request.method}; it takes ${allowed.join(" and ")}.`;
    return sendProblem(reply, problem(405, detail));
  });
}
