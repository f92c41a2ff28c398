/** Things that one room alone may touch, whatever it imports: names of the platform that are there without an import. */
import { describe, expect, it } from "vitest";
import { codeOf, filesOf, isTest, textOf } from "./source-files.ts";

/** Where a name may stand. */
interface Apart {
  readonly what: string;
  readonly names: RegExp;
  readonly rooms: readonly string[];
  /** Where it may not. */
  readonly within: string;
}

const CLOCK = /\bperformance\.(now|timeOrigin|mark|measure)\b|\bDate\b|\bset(Timeout|Interval)\b/;

const APART: readonly Apart[] = [
  {
    what: "what the browser keeps",
    names:
      /\b(indexedDB|IDB[A-Z]\w+|CacheStorage|localStorage|sessionStorage|globalThis\.caches)\b|(?<![.\w])caches\.(open|match|delete|has|keys)\b|\bnavigator\.storage\b/,
    rooms: ["client/store"],
    within: "client",
  },
  {
    what: "a clock",
    names: CLOCK,
    rooms: ["client/players", "client/ui"],
    within: "client/engine",
  },
  {
    what: "a clock that music could see",
    names: CLOCK,
    rooms: [],
    within: "client/music",
  },
];

/** The files that say a name where it may not stand. */
const breaches = ({ names, rooms, within }: Apart): readonly string[] =>
  filesOf(within).filter(
    (file) =>
      !isTest(file) &&
      !rooms.some((room) => file.startsWith(`${room}/`)) &&
      names.test(codeOf(textOf(file))),
  );

describe("apart", () => {
  it.each(APART)("$what is touched in $rooms alone", (apart) => {
    expect(breaches(apart)).toEqual([]);
    for (const room of apart.rooms)
      expect(filesOf(room).some((file) => apart.names.test(codeOf(textOf(file))))).toBe(true);
  });
});
