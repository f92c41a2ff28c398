/** Bundles the command line once for a run of tests, as `npm run build` bundles the server; gone after it. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import type { TestProject } from "vitest/node";
import { packageRoot } from "../package-root.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the bundle. */
    commandLine: string;
  }
}

/** How the entry of a thread is named: a bundle's threads lie beside it. */
const THREAD_URL = /new URL\("\.\/([a-z-]+)\.ts", import\.meta\.url\)/g;

/** What vitest calls before the tests of a project; it calls what this returns after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await bundle();
  project.provide("commandLine", folder);
  return () => rm(folder, { recursive: true });
}

/** Writes the commands and their threads into a folder of their own below the package, where it finds its presets. */
async function bundle(): Promise<string> {
  const dist = join(packageRoot(), "dist");
  await mkdir(dist, { recursive: true });
  const folder = await mkdtemp(join(dist, "command-line-"));
  const offline = join(packageRoot(), "server/offline");
  const threads = (await readdir(offline)).filter((name) => name.endsWith("-worker.ts"));
  const { outputFiles } = await build({
    entryPoints: [join(offline, "../cli/main.ts"), ...threads.map((name) => join(offline, name))],
    ...{ bundle: true, packages: "external", platform: "node", format: "esm", target: "es2022" },
    // Split, since sound is imported late in Node (tone-in-node.ts), which one file would do at once.
    ...{ splitting: true, entryNames: "[name]", outdir: folder, write: false },
  });
  for (const { path, text } of outputFiles) {
    const code = text.replaceAll(THREAD_URL, 'new URL("./$1.js", import.meta.url)');
    await writeFile(join(folder, basename(path)), code);
  }
  return folder;
}
