import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { parseMetre, stepsOf } from "../metre.ts";
import { QUALITIES } from "./chart.ts";
import {
  chordLetter,
  chordOfLetter,
  drawProgression,
  type Harmony,
  metreKind,
  type Succession,
} from "./progressions.ts";

const C = { root: 0, quality: "major" } as const;
const F = { root: 5, quality: "major" } as const;
const G = { root: 7, quality: "dominant" } as const;
const NOTHING: Succession = { bars: {}, halves: {} };
const [one, four, five] = [C, F, G].map((chord) => chordLetter(chord, 0));

describe("progressions", () => {
  it("have a letter for every chord in every key", () => {
    const letters = new Set<string>();
    for (let root = 0; root < 12; root++)
      for (const quality of QUALITIES) {
        const letter = chordLetter({ root, quality }, 3);
        expect(chordOfLetter(letter, 3)).toEqual({ root, quality });
        letters.add(letter);
      }
    letters.add(chordLetter("none", 3));
    expect(chordOfLetter(chordLetter("none", 3), 5)).toBe("none");
    expect(letters.size).toBe(73);
  });

  it("follow the longest context known, begin at home and close there, in any key", () => {
    const harmony: Harmony = {
      bars: {
        "": `${one}1${four}1`,
        [one]: `${four}1`,
        [four]: `${five}1`,
        [five]: `${one}1`,
      },
      halves: {},
      metres: { two: NOTHING, three: NOTHING, four: NOTHING },
    };
    const wishes = { beginsOnTonic: true, closes: false };
    const unit = new Random(1);
    const drawn = drawProgression(harmony, "four", 2, 6, wishes, () => unit.next());
    const roots = drawn.map(([chord]) => (chord as { root: number }).root);
    expect(roots).toEqual([2, 7, 9, 2, 7, 9]);
    for (const [first, second] of drawn) expect(second).toEqual(first);
    const ends = { beginsOnTonic: true, closes: true };
    const closing = drawProgression(harmony, "four", 0, 4, ends, () => unit.next());
    expect(closing[3]).toEqual([C, C]);
  });

  it("follow what bars of their metre do, and all bars where that is not known", () => {
    const harmony: Harmony = {
      bars: { "": `${one}1`, [one]: `${four}1`, [four]: `${one}1` },
      halves: { [one]: `${five}1`, [four]: `${five}1` },
      metres: {
        two: { bars: { [one]: `${one}1` }, halves: { [one]: `${one}1` } },
        three: NOTHING,
        four: NOTHING,
      },
    };
    const wishes = { beginsOnTonic: true, closes: false };
    const unit = new Random(1);
    const [two, three] = (["two", "three"] as const).map((metre) =>
      drawProgression(harmony, metre, 0, 3, wishes, () => unit.next()),
    );
    expect(two).toEqual([1, 2, 3].map(() => [C, C]));
    expect(three.map(([first]) => first)).toEqual([C, F, C]);
    expect(three.map(([, second]) => second)).toEqual([G, G, G]);
  });

  it("have a kind of metre for every length of bar", () => {
    const kindOf = (name: string) => metreKind(stepsOf(parseMetre(name)));
    expect(kindOf("2/4")).toBe("two");
    for (const name of ["3/4", "6/8", "9/8"]) expect(kindOf(name)).toBe("three");
    for (const name of ["4/4", "5/4", "6/4", "7/4", "12/8"]) expect(kindOf(name)).toBe("four");
    expect([20, 28, 64].map(metreKind)).toEqual(["two", "four", "four"]);
  });
});
