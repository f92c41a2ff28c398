/** The repository's own sources as text, for the tests that hold the house to its laws: layers, circles, sizes, words. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The folder of package.json. */
export const ROOT = resolve(import.meta.dirname, "..");

/** Where TypeScript stands. */
export const PLACES: readonly string[] = ["client", "server", "tools", "training/prepare"];

const { imports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  imports: Record<string, string>;
};
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^;"']*?\sfrom\s)?["']([^"']+)["']|import\(\s*["']([^"']+)["']/g;

/** Tests, and what stands in the rooms for them. */
export const isTest = (path: string): boolean =>
  /\.test\.ts$|-contract\.ts$|(^|\/)testing\/|(^|\/)tests\//.test(path);

/** Paths from the root of the files of a place that end so; a place may be one file. */
export function filesOf(place: string, ending = ".ts"): readonly string[] {
  if (statSync(join(ROOT, place)).isFile()) return [place];
  return readdirSync(join(ROOT, place), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending) && !path.includes("node_modules"))
    .map((path) => join(place, path));
}

/** A file's text; `path` from the root. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** What a source imports or exports from, types too, as it says it. */
export const specifiersIn = (text: string): readonly string[] =>
  [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2]);

/** A subpath or relative import as a path from the root; undefined for a package. */
export function pathOf(specifier: string, file: string): string | undefined {
  if (specifier.startsWith(".")) return relative(ROOT, resolve(ROOT, dirname(file), specifier));
  if (!specifier.startsWith("#")) return undefined;
  const [room, ...rest] = specifier.split("/");
  return join(imports[`${room}/*`].replace("*", ""), rest.join("/"));
}

/** A source without its comments. */
export const codeOf = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/.*$/gm, " ");
