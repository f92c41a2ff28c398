import { describe, expect, it } from "vitest";
import { fillRotary } from "./rotary-table.ts";

const frequencies = Float32Array.from({ length: 16 }, (_, i) => 10000 ** (-i / 16));

/** Scores of two unit pairs `distance` apart, the query at `position`, as float32 tables give them. */
const scores = (position: number, distance: number): number[] => {
  const pairs = frequencies.length;
  const cos = new Float32Array(2 * pairs);
  const sin = new Float32Array(2 * pairs);
  fillRotary(frequencies, [position, position - distance], cos, sin);
  return Array.from(frequencies, (_, i) => cos[i] * cos[pairs + i] + sin[i] * sin[pairs + i]);
};

describe("fillRotary", () => {
  it("lays out a row per position, and does not turn position 0", () => {
    const cos = new Float64Array(32);
    const sin = new Float64Array(32);
    fillRotary(frequencies, [0, 5], cos, sin);
    expect([...cos.subarray(0, 16)]).toEqual(new Array(16).fill(1));
    expect(cos[16]).toBeCloseTo(Math.cos(5), 15);
    expect(sin[17]).toBeCloseTo(Math.sin(5 * frequencies[1]), 15);
  });

  it.each([1e3, 1e6, 1e8])(
    "scores depend on the distance alone, still at position %d",
    (position) => {
      for (const distance of [0, 1, 17, 511]) {
        const near = scores(600, distance);
        scores(position, distance).forEach((score, i) => {
          expect(Math.abs(score - near[i])).toBeLessThan(3e-7);
        });
      }
    },
  );

  it("would not at 1e6, were the angles float32", () => {
    const angle = (at: number) => Math.fround(at * frequencies[1]);
    const score = Math.cos(angle(1e6) - angle(1e6 - 17));
    expect(Math.abs(score - Math.cos(17 * frequencies[1]))).toBeGreaterThan(1e-4);
  });
});
