/**
 * Where a model's files come from: HTTP in the browser, a folder on disk in Node (the server gives
 * one). Bytes arrive in pieces, so that progress can be shown and an oversized answer cut short.
 */
import { Failure } from "#base/failure.ts";

/** One model's folder, whatever holds it. */
export interface ByteSource {
  /** Where it is, for people: a URL or a path. */
  readonly location: string;
  /**
   * The bytes of one file, in order; `signal` stops it.
   * @throws Failure "not-found" or "unavailable"; what `signal` was aborted with.
   */
  read(file: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** What is used of `fetch`; tests pass their own. */
export type Fetch = (url: string, init: { signal: AbortSignal }) => Promise<Response>;

/** A folder reached by HTTP. @param baseUrl with or without a trailing slash. */
export function httpSource(
  baseUrl: string,
  fetch: Fetch = (...args) => globalThis.fetch(...args),
): ByteSource {
  const location = baseUrl.replace(/\/+$/, "");
  return {
    location,
    async *read(file, signal) {
      const url = `${location}/${encodeURIComponent(file)}`;
      let response: Response;
      try {
        response = await fetch(url, { signal });
      } catch (cause) {
        throw unlessAborted(signal, url, cause);
      }
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        throw response.status === 404
          ? new Failure("not-found", `There is no ${url}; check which models the server lists.`)
          : new Failure("unavailable", `${url} answered with ${response.status}; try again later.`);
      }
      const reader = response.body.getReader();
      let open = true;
      try {
        while (open) {
          const { done, value } = await reader.read();
          if (done) open = false;
          else yield value;
        }
      } catch (cause) {
        open = false;
        throw unlessAborted(signal, url, cause);
      } finally {
        // The consumer stopped early: end the transfer.
        if (open) await reader.cancel();
      }
    },
  };
}

function unlessAborted(signal: AbortSignal, url: string, cause: unknown): unknown {
  if (signal.aborted) return signal.reason;
  return new Failure(
    "unavailable",
    `${url} could not be loaded; check the connection and reload.`,
    {
      cause,
    },
  );
}
