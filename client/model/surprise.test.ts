import { describe, expect, it } from "vitest";
import { surpriseOf } from "./surprise.ts";

describe("surprise", () => {
  it("is the log of how many are as likely, and of what is allowed alone", () => {
    const logits = new Float32Array([3, 3, 3, 3, 90]);
    const mask = Uint8Array.from([1, 1, 1, 1, 0]);
    expect(surpriseOf(logits, mask, 2)).toBeCloseTo(Math.log(4), 6);
    expect(
      surpriseOf(
        logits,
        mask.map((_, at) => Number(at === 2)),
        2,
      ),
    ).toBeCloseTo(0, 6);
  });

  it("grows by what a logit lacks, and overflows nowhere", () => {
    const logits = new Float32Array([500, 490, -500]);
    const mask = new Uint8Array(3).fill(1);
    expect(surpriseOf(logits, mask, 0)).toBeLessThan(1e-4);
    expect(surpriseOf(logits, mask, 1)).toBeCloseTo(10, 3);
    expect(surpriseOf(logits, mask, 2)).toBeCloseTo(1000, 3);
  });
});
