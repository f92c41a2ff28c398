/** Reads every import of the repository's TypeScript against layers.ts. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LAYERS, type Layer, TEST_FILES, TEST_PACKAGES } from "./layers.ts";
import { filesOf, isTest, pathOf, ROOT, specifiersIn, textOf } from "./source-files.ts";

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

function violations(layer: Layer, file: string, text: string): string[] {
  const packages = [...layer.packages, ...(isTest(file) ? TEST_PACKAGES : [])];
  return specifiersIn(text)
    .filter((specifier) => {
      const path = pathOf(specifier, file);
      if (path === undefined) {
        return !packages.some((name) =>
          /[/:]$/.test(name)
            ? specifier.startsWith(name)
            : specifier === name || specifier.startsWith(`${name}/`),
        );
      }
      const rooms = [layer.room, ...layer.rooms, ...(isTest(file) ? TEST_FILES : [])];
      return !rooms.some((room) => within(path, room));
    })
    .map((specifier) => `${file} imports ${specifier}, but: ${layer.reason}`);
}

describe("layers", () => {
  it.each(LAYERS)("$room imports only what its floor may", (layer) => {
    const files = filesOf(layer.room);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => violations(layer, file, textOf(file)))).toEqual([]);
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
    const file = "client/music/x.ts";
    expect(violations(music, file, 'import { Band } from "#sound/band.ts";')).toHaveLength(1);
    expect(violations(music, file, 'import * as tf from "@tensorflow/tfjs-core";')).toHaveLength(1);
    expect(violations(music, file, 'const x = await import("../model/sampler.ts");')).toHaveLength(
      1,
    );
    expect(violations(music, file, 'import { assert } from "#base/assert.ts";')).toEqual([]);
  });
});
