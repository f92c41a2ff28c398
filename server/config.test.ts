import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

describe("readConfig", () => {
  it("serves on this machine alone where nothing is said", () => {
    expect(readConfig({})).toEqual({ host: "127.0.0.1", port: 8080, logLevel: "warn" });
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

  it("refuses an unknown LOG_LEVEL with those there are", () => {
    expect(() => readConfig({ LOG_LEVEL: "loud" })).toThrow(/choose one of fatal, error/);
  });
});
