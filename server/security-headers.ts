/**
 * Headers of every answer. COOP and COEP isolate the page, which shared memory and precise timers
 * need (HTML standard, "cross-origin isolation"); the content policy admits our own scripts only.
 * The microphone is for finding how late a synthesiser sounds, and for the names of outputs. `blob:` is for Tone, whose clock builds its worker from one.
 */
import type { FastifyInstance } from "fastify";

const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'", // the first paint's few rules, and Lit's style attributes
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": CONTENT_POLICY,
  "permissions-policy": "midi=(self), camera=(), geolocation=(), microphone=(self)",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** Puts the headers on every answer, refusals included. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(HEADERS);
  });
}
