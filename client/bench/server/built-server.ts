/** A built server as a process of its own, on a free port of this machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Failure } from "#base/failure.ts";

/** Where `npm run build` puts it. */
export const BUILT = resolve(import.meta.dirname, "../../../dist/server/main.js");

/** Serves while `use` runs. @param entry the server's script @throws Failure "not-found" where there is none */
export async function withServer<T>(
  entry: string,
  use: (origin: string) => Promise<T>,
): Promise<T> {
  if (!existsSync(entry))
    throw new Failure("not-found", `There is no ${entry}; build it with npm run build.`);
  const server = spawn(process.execPath, [entry], {
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await use(await originOf(server));
  } finally {
    server.kill("SIGTERM");
    await once(server, "exit");
  }
}

async function originOf(server: ChildProcess): Promise<string> {
  const [line] = await once(server.stdout!, "data");
  return String(line).trim().split(" ").at(-1) ?? "";
}
