/** Which methods an address takes: Fastify tells routes by both together and knows no 405 (RFC 9110, 15.5.6). */
import type { FastifyInstance } from "fastify";

/** Collects the routes that are added after it. */
export class MethodsOfRoutes {
  readonly #routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  constructor(app: FastifyInstance) {
    app.addHook("onRoute", ({ url, method }) => {
      if (url.includes("*")) return; // files: what is not there is not found
      const path = url.replace(/[.]/g, "\\.").replace(/:\w+/g, "[^/]+");
      this.#routes.push({ pattern: new RegExp(`^${path}$`), methods: [method].flat() });
    });
  }

  /** The methods of an address, sorted; none where nothing is. @param url of a request, its query and all */
  at(url: string): string[] {
    const [path] = url.split("?");
    const found = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  }
}
