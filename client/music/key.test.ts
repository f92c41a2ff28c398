import { describe, expect, it } from "vitest";
import { intervalsOf, isMinorScale, parseKey, pitchClassesOf, SCALES } from "./key.ts";

describe("keys", () => {
  it("are read by name or by degrees", () => {
    expect(parseKey("bb  Harmonic minor")).toEqual({ tonic: 10, scale: "harmonic minor" });
    expect(parseKey("F♯")).toEqual({ tonic: 6, scale: "major" });
    const degrees = parseKey("D 1, 2, b3, #4, 5");
    expect(degrees).toEqual({ tonic: 2, scale: "1 2 b3 #4 5" });
    expect(pitchClassesOf(degrees)).toEqual([2, 4, 5, 8, 9]);
    expect(pitchClassesOf({ tonic: 0, scale: "b1" })).toEqual([11]);
  });

  it("have every scale that degrees can say", () => {
    expect(intervalsOf("1 b3 4 b5 5 b7")).toEqual(SCALES.blues);
    expect(isMinorScale("1 b3 5")).toBe(true);
    expect(isMinorScale("1 b3 3 5")).toBe(false);
  });

  it.each(["H", "C 8", "C 1 2 x", "C majorish", ""])(
    'refuse "%s" and say what is known',
    (text) => {
      expect(() => parseKey(text)).toThrow(/degrees/);
    },
  );
});
