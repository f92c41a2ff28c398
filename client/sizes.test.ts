/** A file that has grown past 300 lines is two; data and tests may be long. */
import { describe, expect, it } from "vitest";
import { filesOf, isTest, PLACES, textOf } from "./source-files.ts";

const MOST_LINES = 300;
const MEDIAN = 100;

const sizes = [
  ...PLACES.flatMap((place) => filesOf(place)),
  ...filesOf("training/cadenza_training", ".py"),
]
  .filter((file) => !isTest(file))
  .map((file) => ({ file, lines: textOf(file).split("\n").length - 1 }))
  .sort((a, b) => a.lines - b.lines);

describe("sizes", () => {
  it(`no file is over ${MOST_LINES} lines`, () => {
    expect(sizes.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
  });

  it(`half of the files are under ${MEDIAN} lines`, () => {
    expect(sizes.length).toBeGreaterThan(300);
    expect(sizes[Math.floor(sizes.length / 2)].lines).toBeLessThan(MEDIAN);
  });
});
