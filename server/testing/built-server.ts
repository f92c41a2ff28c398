/** The built server as a process of its own, for the slow tests: `npm run build` comes first. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

/** A server that runs. */
export interface BuiltServer {
  /** Where it answers, such as http://127.0.0.1:40123. */
  readonly origin: string;
  /** Ends it; gives exit status and signal, [0, null] where it ended in good order. */
  stop(signal?: NodeJS.Signals): Promise<unknown[]>;
}

/** Starts it on a free port and waits until it listens. */
export async function startBuiltServer(): Promise<BuiltServer> {
  const server = spawn(process.execPath, [join(packageRoot(), "dist/server/main.js")], {
    env: { ...process.env, PORT: "0", HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(server, "exit");
  const line = await Promise.race([
    once(server.stdout!, "data").then(([data]) => String(data)),
    ended.then(([status]) => {
      throw new Error(`the built server ended with ${status} before it listened`);
    }),
  ]);
  return {
    origin: line.trim().split(" ").at(-1) ?? "",
    stop: async (signal = "SIGTERM") => {
      server.kill(signal);
      return await ended;
    },
  };
}
