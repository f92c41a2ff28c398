/**
 * Runs the command line as a person does: a process of its own. A process of the sources takes a second to read them,
 * and the tests start a hundred: so they run what command-line-bundle.ts made.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { inject } from "vitest";
import { packageRoot } from "../package-root.ts";

/** What became of a process. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `cadenza` with arguments and waits for its end. */
export function cadenza(...args: readonly string[]): Promise<Ended> {
  return ended([join(inject("commandLine"), "main.js"), ...args]);
}

/** The same from its sources, as `npm run cadenza` starts it. */
export function cadenzaFromSources(...args: readonly string[]): Promise<Ended> {
  return ended(["--import", "tsx", join(packageRoot(), "server/cli/main.ts"), ...args]);
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
