import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { QUALITIES } from "./chart.ts";
import { chordLetter, chordOfLetter, drawProgression, type Harmony } from "./progressions.ts";

const C = { root: 0, quality: "major" } as const;
const F = { root: 5, quality: "major" } as const;
const G = { root: 7, quality: "dominant" } as const;
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
    };
    const wishes = { beginsOnTonic: true, closes: false };
    const unit = new Random(1);
    const drawn = drawProgression(harmony, 2, 6, wishes, () => unit.next());
    const roots = drawn.map(([chord]) => (chord as { root: number }).root);
    expect(roots).toEqual([2, 7, 9, 2, 7, 9]);
    for (const [first, second] of drawn) expect(second).toEqual(first);
    const closing = drawProgression(harmony, 0, 4, { beginsOnTonic: true, closes: true }, () =>
      unit.next(),
    );
    expect(closing[3]).toEqual([C, C]);
  });
});
