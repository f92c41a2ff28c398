/** Reads the names of the code against docs/glossary.md: a word that was given up does not come back. */
import { describe, expect, it } from "vitest";
import { codeOf, filesOf, PLACES, textOf } from "./source-files.ts";

/** A row of the table. */
interface Entry {
  readonly words: readonly string[];
  readonly not: readonly string[];
  readonly where: readonly string[];
}

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);

const ENTRIES: readonly Entry[] = textOf("docs/glossary.md")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [, words, , not, where] = line.split("|");
    const places = quoted(where).flatMap((cell) => cell.split(" "));
    return {
      words: quoted(words),
      not: quoted(not),
      where: places.length > 0 ? places : PLACES,
    };
  });

/** "aheadWanted" as "ahead wanted", with a blank on either side. */
const spoken = (name: string): string =>
  ` ${name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_$]+/g, " ")
    .toLowerCase()
    .trim()} `;

/** The names in a source, without comments, what stands in quotes, and TypeScript's own `type`. */
function namesIn(source: string): Set<string> {
  const code = codeOf(source)
    .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""')
    .replace(/`(?:[^`\\]|\\.)*`/g, (text) => [...text.matchAll(/\$\{([^`{}]*)\}/g)].join(" "))
    .replace(/\btype(?=\s+[\w{*])|\b(?:ReturnType|TypeError)\b/g, " ");
  return new Set(code.match(/[A-Za-z_$][\w$]*/g) ?? []);
}

/** Those of the names that say one of these words. */
const saying = (names: Iterable<string>, words: readonly string[]): string[] =>
  [...names].filter((name) => words.some((word) => spoken(name).includes(` ${word} `)));

const read = new Map<string, Set<string>>();

/** The names in a file, which is read once. */
function namesOf(file: string): Set<string> {
  const names = read.get(file) ?? namesIn(textOf(file));
  read.set(file, names);
  return names;
}

describe("the glossary", () => {
  it.each(ENTRIES)("$words is not called $not", ({ not, where }) => {
    const found = where
      .flatMap((place) => filesOf(place))
      .flatMap((file) => saying(namesOf(file), not).map((name) => `${file}: ${name}`));
    expect(found).toEqual([]);
  });

  it("knows no word twice, and none that it gives up elsewhere", () => {
    const words = ENTRIES.flatMap((entry) => entry.words);
    expect(new Set(words).size).toBe(words.length);
    const everywhere = ENTRIES.filter(({ where }) => where === PLACES).flatMap(({ not }) => not);
    expect(words.filter((word) => everywhere.includes(word))).toEqual([]);
  });

  it("sees a name that says a word, and no comment, text or keyword", () => {
    const said = (source: string) => saying(namesIn(source), ["lead wanted", "type"]);
    expect(said("const leadWanted = reply.type;")).toEqual(["leadWanted", "type"]);
    expect(said("const LEAD_WANTED = 1;")).toEqual(["LEAD_WANTED"]);
    expect(said('import { type A } from "./lead-wanted.ts"; // leadWanted')).toEqual([]);
    expect(said("/* leadWanted */ const a = `leadWanted`; export type B = typeof a;")).toEqual([]);
    expect(said("const misleadWanted = 1;")).toEqual([]);
  });
});
