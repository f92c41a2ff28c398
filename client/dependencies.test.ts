/** Every package that is asked for is used somewhere, and ARCHITECTURE.md says why it is this one. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesOf, PLACES, ROOT, specifiersIn, textOf } from "./source-files.ts";

const { dependencies, devDependencies, scripts } = JSON.parse(textOf("package.json")) as Record<
  "dependencies" | "devDependencies" | "scripts",
  Record<string, string>
>;
const PACKAGES = Object.keys({ ...dependencies, ...devDependencies });

/** What is run or read by its name, and imported nowhere. */
const RUN: Readonly<Record<string, RegExp>> = {
  "@biomejs/biome": /\bbiome\b/,
  typescript: /\btsc\b/,
  "@types/node": /"types": \[[^\]]*"node"/,
  "@webgpu/types": /"types": \[[^\]]*"@webgpu\/types"/,
};

const said = Object.values(scripts).join("\n") + textOf("tsconfig.json");

const imported = [
  ...PLACES.flatMap((place) => filesOf(place)),
  ...readdirSync(ROOT).filter((file) => /\.(ts|js)$/.test(file)),
].flatMap((file) => specifiersIn(textOf(file)));

const isImported = (name: string): boolean =>
  imported.some((specifier) => specifier === name || specifier.startsWith(`${name}/`));

describe("dependencies", () => {
  it.each(PACKAGES)("%s is used", (name) => {
    expect(RUN[name]?.test(said) ?? isImported(name)).toBe(true);
  });

  it("are told in ARCHITECTURE.md, each with its reason", () => {
    const rows = textOf("ARCHITECTURE.md")
      .split("\n")
      .filter((line) => /^\| `[^|]+\|[^|]+\|[^|]+\|[^|]+\|$/.test(line));
    const told = rows
      .flatMap((row) => [...row.split("|")[1].matchAll(/`([^`]+)`/g)])
      .map(([, name]) => (name.startsWith("-") ? `@tensorflow/tfjs${name}` : name));
    expect(PACKAGES.filter((name) => !told.includes(name))).toEqual([]);
  });
});
