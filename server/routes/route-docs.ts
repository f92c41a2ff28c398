/** What each route says of itself; /docs and its OpenAPI description are made from it. */
import "fastify";

/** Kept in a route's `config.docs`. */
export interface RouteDocs {
  /** One phrase: what the route does. */
  readonly summary: string;
  /** Status and what it means here. */
  readonly answers: Readonly<Record<number, string>>;
  /** Media types of the body taken, where there is one. */
  readonly body?: readonly string[];
}

declare module "fastify" {
  interface FastifyContextConfig {
    docs?: RouteDocs;
  }
}
