import { describe, expect, it } from "vitest";
import { STYLES } from "#music/chart/conditions.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { checkDraft, type Draft, requestOf } from "./draft.ts";

const DRAFT: Draft = {
  lead: 3,
  drums: true,
  bars: "16",
  tracks: "2",
  seed: "7",
  tempo: "96.5",
  metre: COMMON_TIME,
  temperature: 0.9,
  topP: 0.98,
  key: undefined,
  prime: undefined,
  chart: "",
  style: "any",
};

describe("draft", () => {
  it("becomes a request without the fields left open", () => {
    expect(checkDraft(DRAFT)).toEqual({});
    expect(requestOf(DRAFT)).toEqual({
      lead: 3,
      drums: true,
      bars: 16,
      tracks: 2,
      seed: 7,
      tempo: 96.5,
      metre: COMMON_TIME,
      temperature: 0.9,
      topP: 0.98,
    });
  });

  it("takes a chart, as text or JSON, that goes round to the end, and a style", () => {
    const { chart, style } = requestOf({ ...DRAFT, bars: "3", chart: "[A] Am F", style: "jazz" });
    const ordered = new OrderedChart(chart);
    expect([0, 1, 2].map((bar) => ordered.bar(bar).chords[0])).toEqual(
      [9, 5, 9].map((root) => ({ root, quality: root === 9 ? "minor" : "major" })),
    );
    expect(style).toBe(STYLES.indexOf("jazz"));
    const json = { ...DRAFT, chart: '{"style": "hymn", "bars": [{"energy": 3}]}' };
    expect(requestOf(json)).toMatchObject({ style: STYLES.indexOf("hymn") });
    expect(requestOf({ ...json, style: "pop" })).toMatchObject({ style: STYLES.indexOf("pop") });
    const key = { tonic: 2, scale: "major" };
    expect(checkDraft({ ...DRAFT, key, chart: "ii V I" })).toEqual({});
  });

  it.each([
    ["Am Hx", /^Bar 2: The chord "Hx" is not known/],
    ["ii V I", /is a degree and there is no key; name one/],
    ['{"bars": []}', /must be a list of 1 to 4096/],
  ])("refuses a chart in the words of its reader: %s", (chart, sentence) => {
    expect(checkDraft({ ...DRAFT, chart })).toEqual({ chart: expect.stringMatching(sentence) });
  });

  it.each([
    ["bars", "0"],
    ["bars", "513"],
    ["bars", "2.5"],
    ["bars", ""],
    ["tracks", "17"],
    ["tracks", "two"],
    ["seed", "-1"],
    ["seed", "4294967296"],
    ["tempo", "19"],
    ["tempo", "301"],
  ] as const)("refuses %s of '%s' in words that name the range", (field, text) => {
    const errors = checkDraft({ ...DRAFT, [field]: text });
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toMatch(/number from \d+ to \d+\.$/);
  });
});
