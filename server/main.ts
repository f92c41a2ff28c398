/** Starts the server: settings, app, port, and an orderly end. */
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { describeError, Failure } from "#base/failure.ts";
import { buildApp } from "./app.ts";
import { type Config, readConfig } from "./config.ts";
import { packageRoot } from "./package-root.ts";

/** Milliseconds that open requests get to finish before the process ends all the same. */
const GRACE = 5000;

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw new Failure("unavailable", whyNotListening(cause, host, port), { cause });
  }
}

function whyNotListening(cause: unknown, host: string, port: number): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return `Port ${port} is in use; stop the program that holds it, or choose another: PORT=${port + 1} npm start.`;
    case "EACCES":
      return `Port ${port} may not be used by this account; choose one above 1023: PORT=8080 npm start.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `This machine has no address ${host}; set HOST to one it has, for example 127.0.0.1.`;
    default:
      return `The server cannot listen on ${host}, port ${port} (${describeError(cause)}); set HOST and PORT.`;
  }
}

function endOn(signals: readonly NodeJS.Signals[], app: FastifyInstance): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1); // asked twice: at once
    ending = true;
    const impatience = setTimeout(() => process.exit(1), GRACE);
    impatience.unref();
    app.close().then(
      () => {
        process.exitCode = 0;
      },
      (error) => {
        process.stderr.write(`${describeError(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of signals) process.on(signal, end);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const root = packageRoot();
  const app = await buildApp({
    presetsFolder: join(root, "presets"),
    pageFolder: join(root, "dist/client"),
    logLevel: config.logLevel,
    allowedHosts: config.allowedHosts,
    trustedProxies: config.trustedProxies,
  });
  const address = await listen(app, config);
  endOn(["SIGINT", "SIGTERM"], app);
  process.stdout.write(`Cadenza plays on ${address}\n`);
}

main().catch((error) => {
  const text = error instanceof Failure ? error.message : (error?.stack ?? String(error));
  process.stderr.write(`${text}\n`);
  process.exitCode = error instanceof Failure && error.kind === "usage" ? 2 : 1;
});
