/**
 * The routes, described by themselves: every route that carries `config.docs` appears in an OpenAPI
 * 3.1 description and on a page made from the same list, so neither can lag behind the code.
 */
import type { FastifyInstance, RouteOptions } from "fastify";
import type { RouteDocs } from "./route-docs.ts";

interface DocumentedRoute {
  readonly method: string;
  readonly path: string;
  readonly docs: RouteDocs;
  readonly query: Readonly<Record<string, object>>;
  readonly body: object | undefined;
}

interface SchemaParts {
  readonly querystring?: { readonly properties?: Record<string, object> };
  readonly body?: object;
}

/** Adds `/docs` and `/docs/openapi.json`. Call it before the routes that should appear. */
export function addDocs(app: FastifyInstance): void {
  const routes: DocumentedRoute[] = [];
  app.addHook("onRoute", (route: RouteOptions) => {
    const docs = route.config?.docs;
    if (docs === undefined) return;
    const schema = (route.schema ?? {}) as SchemaParts;
    for (const method of [route.method].flat()) {
      if (method === "HEAD") continue; // every GET answers HEAD too
      const query = schema.querystring?.properties ?? {};
      routes.push({ method, path: route.url, docs, query, body: schema.body });
    }
  });
  const own = (summary: string) => ({ docs: { summary, answers: { 200: "the description" } } });
  app.get("/docs", { config: own("The routes, for people.") }, async (_request, reply) =>
    reply.header("cache-control", "no-cache").type("text/html; charset=utf-8").send(page(routes)),
  );
  app.get("/docs/openapi.json", { config: own("The routes, as OpenAPI 3.1.") }, async () =>
    openApi(routes),
  );
}

function openApi(routes: readonly DocumentedRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Cadenza",
      version: "1",
      description: "Refusals are application/problem+json (RFC 9457): status, title and detail.",
    },
    paths,
  };
}

function operation({ path, docs, query, body }: DocumentedRoute): object {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query).map(([name, schema]) => ({ name, in: "query", schema }));
  const content = docs.body?.map((type) => [
    type,
    { schema: body ?? { type: "string", format: "binary" } },
  ]);
  return {
    summary: docs.summary,
    parameters: [...inPath, ...inQuery],
    ...(content === undefined
      ? {}
      : { requestBody: { required: true, content: Object.fromEntries(content) } }),
    responses: Object.fromEntries(
      Object.entries(docs.answers).map(([status, description]) => [status, { description }]),
    ),
  };
}

function page(routes: readonly DocumentedRoute[]): string {
  const rows = routes.map(({ method, path, docs, query }) => {
    const options = Object.entries(query).map(
      ([name, schema]) => `${name} (${describeSchema(schema as Record<string, unknown>)})`,
    );
    const answers = Object.entries(docs.answers).map(([status, text]) => `${status} ${text}`);
    const cells = [
      `<code>${escapeHtml(`${method} ${path}`)}</code>`,
      escapeHtml(docs.summary),
      escapeHtml([...(docs.body ?? []), ...options].join("; ")),
      escapeHtml(answers.join("; ")),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
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

function describeSchema(schema: Record<string, unknown>): string {
  const values = Array.isArray(schema.enum) ? schema.enum.join(" or ") : String(schema.type);
  return schema.default === undefined ? values : `${values}, ${schema.default} by default`;
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
