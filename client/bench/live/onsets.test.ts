import { describe, expect, it } from "vitest";
import { firstAbove, firstOnset, lowPassed } from "./onsets.ts";
import type { Recording } from "./recorder.ts";

const RATE = 48_000;

/** A tone that begins at each of some seconds and dies away, recorded from second 10 on. */
const tones = (hertz: number, ...begins: number[]): Recording => ({
  from: 10,
  sampleRate: RATE,
  samples: Float32Array.from({ length: RATE }, (_, at) =>
    begins
      .map((begin) => 10 + at / RATE - begin)
      .filter((time) => time >= 0)
      .reduce((sum, time) => sum + 0.1 * Math.exp(-8 * time) * Math.sin(6.283 * hertz * time), 0),
  ),
});

describe("what was recorded", () => {
  it("tells where a note begins, over the ringing of the one before", () => {
    const sound = tones(1000, 10.1, 10.6);
    expect(firstOnset(sound, 0.002, 10)).toBeCloseTo(10.1, 2);
    expect(firstOnset(sound, 0.002, 10.2)).toBeCloseTo(10.6, 2);
    expect(firstOnset(sound, 0.002, 10.7)).toBeUndefined();
  });

  it("tells low notes from high ones", () => {
    const low = lowPassed(tones(80, 10.3), 200);
    expect(firstAbove(low, 0.02, 10)).toBeCloseTo(10.3, 1);
    expect(firstAbove(lowPassed(tones(1200, 10.3), 200), 0.02, 10)).toBeUndefined();
    expect(firstAbove(low, 0.02, 10.9)).toBeUndefined();
  });
});
