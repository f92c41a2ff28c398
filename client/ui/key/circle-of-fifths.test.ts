import { describe, expect, it } from "vitest";
import { isMinorScale, SCALES, TONICS } from "#music/key.ts";
import { holds, SEGMENTS } from "./circle-of-fifths.ts";

describe("circle of fifths", () => {
  it("names every tonic once on each ring, as the key list does", () => {
    for (const minor of [false, true]) {
      const ring = SEGMENTS.filter((segment) => segment.minor === minor);
      expect(ring.map(({ tonic }) => tonic).sort((a, b) => a - b)).toEqual([...TONICS.keys()]);
      if (!minor) for (const { tonic, label } of ring) expect(label).toBe(TONICS[tonic]);
    }
    const d = SEGMENTS.find(({ label }) => label === "d");
    const f = SEGMENTS.find(({ label }) => label === "F");
    expect(d).toMatchObject({ tonic: 2, minor: true });
    expect(Math.atan2(d!.y, d!.x)).toBeCloseTo(Math.atan2(f!.y, f!.x), 3);
  });

  it("finds one field for every key", () => {
    for (const scale of Object.keys(SCALES)) {
      for (const tonic of TONICS.keys()) {
        expect(SEGMENTS.filter((segment) => holds(segment, { tonic, scale }))).toHaveLength(1);
      }
    }
    expect(isMinorScale("dorian")).toBe(true);
    expect(isMinorScale("mixolydian")).toBe(false);
  });
});
