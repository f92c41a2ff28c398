import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { packageRoot } from "./package-root.ts";

const EXAMPLE = readFileSync(join(packageRoot(), ".env.example"), "utf8");

describe("readConfig", () => {
  it("reads the settings that .env.example names, and no others", () => {
    const asked = new Set<string>();
    const env = new Proxy<NodeJS.ProcessEnv>(
      {},
      { get: (_, name) => void asked.add(String(name)) },
    );
    readConfig(env);
    const named = [...EXAMPLE.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(new Set(named)).toEqual(asked);
    expect(named).toHaveLength(asked.size);
    const readme = readFileSync(join(packageRoot(), "README.md"), "utf8");
    for (const name of named) expect(readme).toContain(`\`${name}\``);
  });

  it("takes .env.example as it is for what holds without it", () => {
    expect(readConfig(parseEnv(EXAMPLE) as NodeJS.ProcessEnv)).toEqual(readConfig({}));
  });

  it("serves on this machine alone where nothing is said", () => {
    expect(readConfig({})).toEqual({
      ...{ host: "127.0.0.1", port: 8080, logLevel: "warn" },
      ...{ allowedHosts: [], trustedProxies: [] },
    });
  });

  it.each(["0.0.0.0", "::1", "localhost", "music.example"])("takes HOST %s", (HOST) => {
    expect(readConfig({ HOST }).host).toBe(HOST);
  });

  it.each(["eighty", "-1", "65536", "80.5", "", "0x50"])("refuses PORT %j", (PORT) => {
    expect(() => readConfig({ PORT })).toThrow(/^PORT is ".*"; give a whole number/);
  });

  it.each(["127.0.0.256", "http://localhost", "a b", ""])("refuses HOST %j", (HOST) => {
    expect(() => readConfig({ HOST })).toThrow(/^HOST is ".*"; give an address/);
  });

  it("answers to the name it listens on, and to those of ALLOWED_HOSTS", () => {
    const config = readConfig({ HOST: "music.example", ALLOWED_HOSTS: "a.example, b.example" });
    expect(config.allowedHosts).toEqual(["music.example", "a.example", "b.example"]);
  });

  it.each(["http://a.example", "a.example:80", "*"])("refuses ALLOWED_HOSTS %j", (name) => {
    expect(() => readConfig({ ALLOWED_HOSTS: name })).toThrow(/^ALLOWED_HOSTS names ".*"; give/);
  });

  it("takes addresses and networks of proxies", () => {
    const { trustedProxies } = readConfig({ TRUSTED_PROXIES: "127.0.0.1,10.0.0.0/8, fd00::/8" });
    expect(trustedProxies).toEqual(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
  });

  it.each(["proxy.example", "10.0.0.0/33", "10.0.0.0/8/8"])(
    "refuses TRUSTED_PROXIES %j",
    (proxy) => {
      expect(() => readConfig({ TRUSTED_PROXIES: proxy })).toThrow(/^TRUSTED_PROXIES names/);
    },
  );

  it("refuses an unknown LOG_LEVEL with those there are", () => {
    expect(() => readConfig({ LOG_LEVEL: "loud" })).toThrow(/choose one of fatal, error/);
  });
});
