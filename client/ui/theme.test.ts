import { describe, expect, it } from "vitest";
import { INSTRUMENTS } from "#music/instrument.ts";
import { contrast, mix } from "./testing/contrast.ts";
import { COLOURS, INSTRUMENT_COLOURS } from "./theme.ts";

/** WCAG 2.2 AA: text 1.4.3, parts of controls 1.4.11. */
const TEXT = 4.5;
const PART = 3;

describe("contrast", () => {
  it("is computed as WCAG says", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  });
});

describe("theme", () => {
  const { background, surface, raised, text, dim } = COLOURS;

  it.each([
    ["text on the page", text, background],
    ["text on a panel", text, surface],
    ["text on a button", text, raised],
    ["remarks on the page", dim, background],
    ["remarks on a panel", dim, surface],
    ["remarks on a button", dim, raised],
    ["a primary button", background, COLOURS.accent],
    ["a lit solo", background, COLOURS.warning],
    ["a lit mute", background, COLOURS.bad],
    ["an error on a panel", COLOURS.bad, surface],
    ["an error on the page", COLOURS.bad, background],
  ])("keeps 4.5:1 for %s", (_, front, back) => {
    expect(contrast(front, back)).toBeGreaterThanOrEqual(TEXT);
  });

  it("keeps 3:1 for the edges of fields, the playhead and the state of the machine", () => {
    const { edge, playhead, good, warning, bad } = COLOURS;
    for (const part of [edge, playhead, good, warning, bad]) {
      expect(contrast(part, surface), part).toBeGreaterThanOrEqual(PART);
    }
  });

  it.each(INSTRUMENTS.map((name, id) => [name, INSTRUMENT_COLOURS[id]] as const))(
    "lets the header of %s be read, on and off, and its notes be seen",
    (_, own) => {
      expect(contrast(background, own)).toBeGreaterThanOrEqual(TEXT);
      const off = mix(own, 0.15, surface);
      expect(contrast(mix(own, 0.85, "#ffffff"), off)).toBeGreaterThanOrEqual(TEXT);
      expect(contrast(own, surface)).toBeGreaterThanOrEqual(PART);
    },
  );

  it("has a colour for each instrument, no two alike", () => {
    expect(new Set(INSTRUMENT_COLOURS).size).toBe(INSTRUMENTS.length);
  });
});
