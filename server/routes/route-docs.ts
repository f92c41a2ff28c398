/**
 * What each route says of itself, in the form that Fastify takes: its OpenAPI description is made from
 * it, and answers that are JSON are written by the schemas named here, so neither can lag behind.
 */
import type { FastifySchema } from "fastify";

/** A status and what it means here: a sentence, or with it the form of the body. */
export type AnswerDocs =
  | string
  | { readonly description: string; readonly type?: string; readonly schema?: object };

/** What a route says. */
export interface RouteDocs {
  /** One phrase: what the route does. */
  readonly summary: string;
  readonly answers: Readonly<Record<number, AnswerDocs>>;
  /** Media types of a body that is taken as it is. */
  readonly binaryBody?: readonly string[];
  /** Schemas of Fastify's own parts of a request. */
  readonly querystring?: object;
  readonly body?: object;
}

/** The body of every refusal (RFC 9457). */
const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string", const: "about:blank" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "what is wrong and what to do, one sentence" },
  },
} as const;

/** The schema of a route. */
export function documented(docs: RouteDocs): FastifySchema {
  const { summary, answers, binaryBody, querystring, body } = docs;
  const response = Object.entries(answers).map(([status, answer]) => [
    status,
    answerOf(Number(status), typeof answer === "string" ? { description: answer } : answer),
  ]);
  const bodies = binaryBody?.map((type) => [type, { schema: { description: "as it is" } }]);
  return {
    ...{ summary, response: Object.fromEntries(response) },
    ...(querystring && { querystring }),
    ...(body && { body, consumes: ["application/json"] }),
    ...(bodies && { body: { content: Object.fromEntries(bodies) } }),
  };
}

function answerOf(status: number, answer: Exclude<AnswerDocs, string>): object {
  const { description, schema } = answer;
  if (status >= 400) {
    return { description, content: { "application/problem+json": { schema: PROBLEM } } };
  }
  if (schema !== undefined) {
    return { description, content: { "application/json": { schema } } };
  }
  if (answer.type === undefined) return { description, type: "null" };
  const text = answer.type.startsWith("text/");
  const form = text ? { type: "string" } : { type: "string", format: "binary" };
  return { description, content: { [answer.type]: { schema: form } } };
}
