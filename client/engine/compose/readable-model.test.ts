import { describe, expect, it } from "vitest";
import type { Manifest } from "#model/weights/manifest.ts";
import { CONDITION_GROUPS } from "#music/chart/conditions.ts";
import { VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { checkReadable } from "./readable-model.ts";

const manifest = (architecture: object) =>
  ({ id: "m", architecture: { vocabulary: VOCABULARY_SIZE, ...architecture } }) as Manifest;

describe("a model", () => {
  it("is readable with our chart, or with none", () => {
    expect(() => checkReadable(manifest({}))).not.toThrow();
    expect(() => checkReadable(manifest({ conditions: CONDITION_GROUPS }))).not.toThrow();
  });

  it.each([
    [{ vocabulary: 300 }, /vocabulary of 300/],
    [{ conditions: CONDITION_GROUPS.slice(1) }, /another kind of chart/],
    [{ conditions: [...CONDITION_GROUPS, { name: "more", rows: 2 }] }, /another kind of chart/],
    [
      { conditions: CONDITION_GROUPS.with(0, { name: "phase", rows: 96 }) },
      /another kind of chart/,
    ],
  ])("is refused in one sentence where it is not: %#", (architecture, message) => {
    expect(() => checkReadable(manifest(architecture))).toThrow(message);
  });
});
