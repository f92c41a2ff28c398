/** The server's settings, read from environment variables and checked once, at the start. */
import { isIP } from "node:net";
import { Failure } from "#base/failure.ts";

/** Where the server listens and how much it says. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly logLevel: string;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads PORT (8080), HOST (127.0.0.1) and LOG_LEVEL (warn).
 * @throws Failure "usage" naming the variable that is wrong.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { PORT = "8080", HOST = "127.0.0.1", LOG_LEVEL = "warn" } = env;
  const port = /^\d{1,5}$/.test(PORT) ? Number(PORT) : Number.NaN;
  if (!(port <= 65_535)) {
    throw new Failure("usage", `PORT is "${PORT}"; give a whole number from 0 to 65535.`);
  }
  if (isIP(HOST) === 0 && !isHostName(HOST)) {
    throw new Failure("usage", `HOST is "${HOST}"; give an address such as 127.0.0.1 or 0.0.0.0.`);
  }
  if (!LOG_LEVELS.includes(LOG_LEVEL)) {
    throw new Failure(
      "usage",
      `LOG_LEVEL is "${LOG_LEVEL}"; choose one of ${LOG_LEVELS.join(", ")}.`,
    );
  }
  return { host: HOST, port, logLevel: LOG_LEVEL };
}

/** RFC 1123 host names, but none that is a mistyped address such as 127.0.0.256. */
const isHostName = (text: string): boolean =>
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text) &&
  !/^[\d.]+$/.test(text);
