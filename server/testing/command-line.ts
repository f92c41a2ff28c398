/** Runs the command line as a person does: a process of its own, from its sources. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

/** What became of a process. */
export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `cadenza` with arguments and waits for its end. */
export function cadenza(...args: readonly string[]): Promise<Ended> {
  const entry = join(packageRoot(), "server/cli/main.ts");
  const child = spawn(process.execPath, ["--import", "tsx", entry, ...args], {
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
