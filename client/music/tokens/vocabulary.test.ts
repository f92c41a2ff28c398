import { describe, expect, it } from "vitest";
import { INSTRUMENTS } from "#music/instrument.ts";
import {
  bucketVelocity,
  drumsToken,
  durationToken,
  leadToken,
  noteToken,
  OUTRO,
  readToken,
  START,
  timeToken,
  VOCABULARY_SIZE,
  velocityBucket,
} from "./vocabulary.ts";

describe("vocabulary", () => {
  it("reads every id, and every id but the chord counters is written back the same", () => {
    for (let id = 0; id < VOCABULARY_SIZE; id++) {
      const token = readToken(id);
      const written = {
        time: () => token.kind === "time" && timeToken(token.delta),
        duration: () =>
          token.kind === "duration" && durationToken(token.duration, token.velocityBucket),
        note: () => token.kind === "note" && noteToken(token.instrument, token.pitch),
        chord: () => id,
        outro: () => OUTRO,
        drums: () => token.kind === "drums" && drumsToken(token.drums),
        lead: () => token.kind === "lead" && leadToken(token.instrument),
        start: () => START,
      }[token.kind]();
      expect(written).toBe(id);
    }
  });

  it("has the contract's landmarks", () => {
    expect([timeToken(0), timeToken(255)]).toEqual([0, 255]);
    expect([durationToken(0, 0), durationToken(127, 7)]).toEqual([256, 1279]);
    expect([noteToken(0, 0), noteToken(11, 127)]).toEqual([1280, 2815]);
    expect(readToken(2816).kind).toBe("chord");
    expect(readToken(3071).kind).toBe("chord");
    expect([OUTRO, drumsToken(false), drumsToken(true)]).toEqual([3072, 3073, 3074]);
    expect([leadToken(0), leadToken(INSTRUMENTS.length - 1), START]).toEqual([3075, 3086, 3087]);
  });

  it("puts velocities into steps of 15 as the contract says", () => {
    for (let velocity = 8; velocity <= 127; velocity++) {
      const bucket = Math.min(7, Math.max(0, Math.round(velocity / 15) - 1));
      expect(velocityBucket(velocity)).toBe(bucket);
    }
    for (let bucket = 0; bucket < 8; bucket++) {
      expect(velocityBucket(bucketVelocity(bucket))).toBe(bucket);
    }
  });

  it("refuses ids outside", () => {
    for (const id of [-1, VOCABULARY_SIZE, 0.5, Number.NaN]) expect(() => readToken(id)).toThrow();
  });
});
