import { describe, expect, it } from "vitest";
import { Failure, failureOf } from "#base/failure.ts";
import { QUALITIES } from "./chart.ts";
import { chordName, parseChord } from "./chord-names.ts";

describe("names of chords", () => {
  it("are read back as they are written", () => {
    for (let root = 0; root < 12; root++) {
      for (const quality of QUALITIES) {
        expect(parseChord(chordName({ root, quality }))).toEqual({ root, quality });
      }
    }
    expect(parseChord(chordName("none"))).toBe("none");
  });

  it.each([
    ["Am", 9, "minor"],
    ["F#dim", 6, "diminished"],
    ["G7", 7, "dominant"],
    ["Bbsus", 10, "suspended"],
    ["C5", 0, "fifth"],
    ["C#m7", 1, "minor"],
    ["E♭maj7", 3, "major"],
    ["Cb", 11, "major"],
    ["Bm7b5", 11, "diminished"],
    ["A7sus4", 9, "suspended"],
    ["D6/9", 2, "major"],
    ["F/A", 5, "major"],
    ["Em/D", 4, "minor"],
    ["C7(b9)", 0, "dominant"],
    ["B°7", 11, "diminished"],
    ["C+", 0, "major"],
    ["Caug", 0, "major"],
    ["CMaj7", 0, "major"],
    ["Fma9", 5, "major"],
    ["F^7", 5, "major"],
    ["Cmaj7#11", 0, "major"],
    ["Cmaj", 0, "major"],
    ["Cmi7", 0, "minor"],
    ["C-7", 0, "minor"],
    ["Cm69", 0, "minor"],
    ["Cm(maj7)", 0, "minor"],
    ["CmMaj7", 0, "minor"],
    ["Am(add9)", 9, "minor"],
    ["G7alt", 7, "dominant"],
    ["G7#5", 7, "dominant"],
    ["Gaug7", 7, "dominant"],
    ["G9sus4", 7, "suspended"],
    ["Em7(b5)", 4, "diminished"],
  ])("%s is read", (name, root, quality) => {
    expect(parseChord(name)).toEqual({ root, quality });
  });

  it.each(["N.C.", "NC", "n.c.", "none"])("%s says that there is none", (name) => {
    expect(parseChord(name)).toBe("none");
  });

  it.each(["", "H", "am", "Cfoo", "7", "C//E"])("%j is refused with what is known", (name) => {
    expect(() => parseChord(name)).toThrow(Failure);
    expect(() => parseChord(name)).toThrow(/C, Am, G7/);
  });

  it("are refused in one short line, whatever is given for one", () => {
    const { message } = failureOf(() => parseChord(`M\u0000\u001b[2J\n${"x".repeat(9999)}`)) ?? {};
    expect(message).toMatch(
      /^The chord "M \[2J x{34}\.\.\." is not known; write one like [^\n]*\.$/,
    );
  });
});
