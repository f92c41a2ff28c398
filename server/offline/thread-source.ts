/**
 * What a worker thread loads when its code is TypeScript. Threads of Node 20 do not inherit tsx's
 * hooks, nor does `--import tsx` reach them, so a line of code registers them before the entry is
 * imported; a bundle's entry is loaded as it is.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** The URL to give to `new Worker`, for an entry written in TypeScript or bundled. */
export function threadSource(entry: URL): URL {
  if (!entry.pathname.endsWith(".ts")) return entry;
  const api = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm/api"));
  const [tsx, code] = [new URL("./index.mjs", api), entry].map(({ href }) => JSON.stringify(href));
  const lines = `const tsx = await import(${tsx}); tsx.register(); await import(${code});`;
  return new URL(`data:text/javascript,${encodeURIComponent(lines)}`);
}
