/**
 * Runs the command line as a person does: a process of its own. A process of the sources takes a second to read them,
 * and the tests start a hundred: so they are bundled once for each file of tests, as `npm run build` bundles the server.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { packageRoot } from "../package-root.ts";

/** What became of a process. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** How the entry of a thread is named: a bundle's threads lie beside it. */
const THREAD_URL = /new URL\("\.\/([a-z-]+)\.ts", import\.meta\.url\)/g;

let bundled: Promise<string> | undefined;
afterAll(async () => {
  if (bundled !== undefined) await rm(await bundled, { recursive: true });
});

/** Runs `cadenza` with arguments and waits for its end. */
export async function cadenza(...args: readonly string[]): Promise<Ended> {
  bundled ??= bundle();
  return await ended([join(await bundled, "main.js"), ...args]);
}

/** The same from its sources, as `npm run cadenza` starts it. */
export function cadenzaFromSources(...args: readonly string[]): Promise<Ended> {
  return ended(["--import", "tsx", join(packageRoot(), "server/cli/main.ts"), ...args]);
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

function ended(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: packageRoot(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, out, err }));
  });
}
