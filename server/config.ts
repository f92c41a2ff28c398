/** The server's settings, read from environment variables and checked once, at the start. */
import { isIP } from "node:net";
import { Failure } from "#base/failure.ts";

/** Where the server listens and how much it says. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly logLevel: string;
  /** Names answered to beside localhost and addresses of digits. */
  readonly allowedHosts: readonly string[];
  /** Addresses or networks of proxies whose word for a client's address is taken. */
  readonly trustedProxies: readonly string[];
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"];

/**
 * Reads PORT (8080), HOST (127.0.0.1), LOG_LEVEL (warn), ALLOWED_HOSTS and TRUSTED_PROXIES (none; lists
 * with commas between).
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
  const own = isIP(HOST) === 0 ? [HOST] : [];
  const allowedHosts = [...own, ...listOf(env.ALLOWED_HOSTS)];
  const stranger = allowedHosts.find((name) => !isHostName(name));
  if (stranger !== undefined) {
    throw new Failure(
      "usage",
      `ALLOWED_HOSTS names "${stranger}"; give names such as music.example, without port.`,
    );
  }
  const trustedProxies = listOf(env.TRUSTED_PROXIES);
  const odd = trustedProxies.find((proxy) => !isNetwork(proxy));
  if (odd !== undefined) {
    throw new Failure(
      "usage",
      `TRUSTED_PROXIES names "${odd}"; give addresses or networks such as 127.0.0.1 or 10.0.0.0/8.`,
    );
  }
  return { host: HOST, port, logLevel: LOG_LEVEL, allowedHosts, trustedProxies };
}

const listOf = (text = ""): string[] =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

function isNetwork(text: string): boolean {
  const [address, bits, more] = text.split("/");
  const version = isIP(address);
  if (version === 0 || more !== undefined) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

/** RFC 1123 host names, but none that is a mistyped address such as 127.0.0.256. */
const isHostName = (text: string): boolean =>
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text) &&
  !/^[\d.]+$/.test(text);
