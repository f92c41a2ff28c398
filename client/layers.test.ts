/** Reads every import of the repository's TypeScript against layers.ts. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { LAYERS, type Layer, TEST_FILES, TEST_PACKAGES } from "./layers.ts";

const ROOT = resolve(import.meta.dirname, "..");
const { imports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  imports: Record<string, string>;
};
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["']|import\(\s*["']([^"']+)["']/g;

function sourcesOf(layer: Layer): string[] {
  return readdirSync(join(ROOT, layer.room), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(ROOT, layer.room, path));
}

/** A subpath or relative import as a path from the root; undefined for a package. */
function pathOf(specifier: string, file: string): string | undefined {
  if (specifier.startsWith(".")) return relative(ROOT, resolve(dirname(file), specifier));
  if (!specifier.startsWith("#")) return undefined;
  const [room, ...rest] = specifier.split("/");
  return join(imports[`${room}/*`].replace("*", ""), rest.join("/"));
}

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

function violations(layer: Layer, file: string, text: string): string[] {
  const isTest = /\.test\.ts$|-contract\.ts$|\/testing\//.test(file);
  const packages = [...layer.packages, ...(isTest ? TEST_PACKAGES : [])];
  return [...text.matchAll(IMPORT)]
    .map((match) => match[1] ?? match[2])
    .filter((specifier) => {
      const path = pathOf(specifier, file);
      if (path === undefined) {
        return !packages.some((name) =>
          /[/:]$/.test(name)
            ? specifier.startsWith(name)
            : specifier === name || specifier.startsWith(`${name}/`),
        );
      }
      const rooms = [layer.room, ...layer.rooms, ...(isTest ? TEST_FILES : [])];
      return !rooms.some((room) => within(path, room));
    })
    .map((specifier) => `${relative(ROOT, file)} imports ${specifier}, but: ${layer.reason}`);
}

describe("layers", () => {
  it.each(LAYERS)("$room imports only what its floor may", (layer) => {
    const files = sourcesOf(layer);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => violations(layer, file, readFileSync(file, "utf8")))).toEqual(
      [],
    );
  });

  it("has a rule for every room of the client", () => {
    const rooms = readdirSync(join(ROOT, "client"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `client/${entry.name}`);
    const ruled = LAYERS.map((layer) => layer.room);
    expect(rooms.filter((room) => !ruled.includes(room))).toEqual([]);
  });

  it("sees a forbidden import", () => {
    const music = LAYERS[1];
    const file = join(ROOT, "client/music/x.ts");
    expect(violations(music, file, 'import { Band } from "#sound/band.ts";')).toHaveLength(1);
    expect(violations(music, file, 'import * as tf from "@tensorflow/tfjs-core";')).toHaveLength(1);
    expect(violations(music, file, 'const x = await import("../model/sampler.ts");')).toHaveLength(
      1,
    );
    expect(violations(music, file, 'import { assert } from "#base/assert.ts";')).toEqual([]);
  });
});
