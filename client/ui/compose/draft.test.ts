import { describe, expect, it } from "vitest";
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
