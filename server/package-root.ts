/**
 * Where the package lies: presets and the built page are found from here, whether the server runs
 * from its sources (server/) or bundled (dist/server/).
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert } from "#base/assert.ts";

/** Absolute path of the nearest folder above this file that holds a package.json. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) {
    assert(folder !== dirname(folder), `no package.json above ${import.meta.dirname}`);
    folder = dirname(folder);
  }
  return folder;
}
