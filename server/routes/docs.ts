/**
 * The routes, described by themselves: their schemas become an OpenAPI 3.1 description
 * (@fastify/swagger) and a page made from the same, so neither can lag behind the code.
 */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { documented } from "./route-docs.ts";

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; schema?: object }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Adds `/docs` and `/docs/openapi.json`. Call it before the routes that should appear. */
export async function addDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Cadenza",
        version: "1",
        description: "Refusals are application/problem+json (RFC 9457): status, title and detail.",
      },
    },
    // What says nothing of itself (the page's files) is no part of the contract.
    transform: ({ schema, url }) => ({
      schema: schema?.summary === undefined ? { ...schema, hide: true } : schema,
      url,
    }),
  });
  const forPeople = documented({
    summary: "The routes, for people.",
    answers: { 200: { description: "a page", type: "text/html" } },
  });
  app.get("/docs", { schema: forPeople }, async (_request, reply) =>
    reply
      .header("cache-control", "no-cache")
      .type("text/html; charset=utf-8")
      .send(page(app.swagger().paths as Paths)),
  );
  const forPrograms = documented({
    summary: "The routes, as OpenAPI 3.1.",
    answers: {
      200: {
        description: "the description",
        schema: { type: "object", additionalProperties: true },
      },
    },
  });
  app.get("/docs/openapi.json", { schema: forPrograms }, async () => app.swagger());
}

function page(paths: Paths): string {
  const rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const options = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === "query")
        .map(({ name, schema }) => `${name} (${describeSchema(schema)})`);
      const answers = Object.entries(operation.responses ?? {}).map(
        ([status, { description }]) => `${status} ${description}`,
      );
      const bodies = Object.keys(operation.requestBody?.content ?? {});
      const route = `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`;
      const cells = [
        `<code>${escapeHtml(route)}</code>`,
        escapeHtml(operation.summary ?? ""),
        escapeHtml([...bodies, ...options].join("; ")),
        escapeHtml(answers.join("; ")),
      ];
      return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
    }),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Cadenza: routes</title></head>
<body style="font: 16px/1.5 system-ui; margin: 2rem; background: #101216; color: #ede9de">
<h1>Routes</h1>
<p>Refusals are <code>application/problem+json</code>: a status, a title, and a sentence that says what to do.
For programs: <a style="color: #ffb454" href="/docs/openapi.json">openapi.json</a>.</p>
<table style="border-spacing: 1rem 0.5rem; text-align: left">
<thead><tr><th>Route</th><th>What it does</th><th>Takes</th><th>Answers</th></tr></thead>
<tbody style="vertical-align: top">
${rows.join("\n")}
</tbody>
</table>
</body>
</html>
`;
}

function describeSchema(schema: object = {}): string {
  const { type, enum: choices, default: usual } = schema as Record<string, unknown>;
  const values = Array.isArray(choices) ? choices.join(" or ") : String(type);
  return usual === undefined ? values : `${values}, ${usual} by default`;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
