/**
 * What is turned away before any route sees it: requests under a foreign name, and clients that hold
 * more connections than a browser needs. A page of another site can have its own name lead here (DNS
 * rebinding) and then read every answer as its own, so only names that were said to be ours are
 * answered; an address of digits cannot be rebound.
 */
import { isIP, type Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { Refusal } from "./errors.ts";

/** What the guard goes by. */
export interface GuardOptions {
  /** Names this server answers to beside localhost and addresses of digits. */
  readonly allowedHosts: readonly string[];
  /** Connections of one address at once; behind a proxy all come from the same one. */
  readonly perAddress: number;
}

/** Connections of everybody at once. */
const MOST_CONNECTIONS = 1024;

/** Guards the app. */
export function addGuard(app: FastifyInstance, { allowedHosts, perAddress }: GuardOptions): void {
  const names = new Set(["localhost", ...allowedHosts.map((name) => name.toLowerCase())]);
  app.addHook("onRequest", async (request) => {
    const name = nameOf(request.headers.host);
    if (name !== undefined && (isIP(name) !== 0 || names.has(name))) return;
    throw new Refusal(
      421,
      "This server does not answer to that name; whoever runs it can add it to ALLOWED_HOSTS.",
    );
  });

  const held = new Map<string, number>();
  app.server.maxConnections = MOST_CONNECTIONS;
  app.server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress ?? "";
    const count = (held.get(address) ?? 0) + 1;
    if (count > perAddress) {
      socket.destroy();
      return;
    }
    held.set(address, count);
    socket.once("close", () => {
      const left = (held.get(address) ?? 1) - 1;
      if (left === 0) held.delete(address);
      else held.set(address, left);
    });
  });
}

/** The name or address of a Host header, without port and brackets, in lower case. */
function nameOf(host: string | undefined): string | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d+)?$/.exec(host ?? "");
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
