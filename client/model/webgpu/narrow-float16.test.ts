import { describe, expect, it } from "vitest";
import { float16ToNumber, widenFloat16 } from "#model/weights/float16.ts";
import { narrowFloat16 } from "./narrow-float16.ts";

const isFiniteHalf = (bits: number) => (bits & 0x7c00) !== 0x7c00;

describe("narrowFloat16", () => {
  it("gives back every finite half", () => {
    const halves = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter(isFiniteHalf);
    expect(narrowFloat16(widenFloat16(halves))).toEqual(halves);
  });

  it("rounds to the nearest, ties to even, across each gap between neighbours", () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [float16ToNumber(bits), float16ToNumber(bits + 1)];
      const even = bits % 2 === 0 ? bits : bits + 1;
      const middle = (low + high) / 2;
      const third = low + (high - low) / 3;
      const values = [middle, third, high - (high - low) / 3, -middle];
      expect([...(narrowFloat16(Float32Array.from(values)) ?? [])]).toEqual([
        even,
        bits,
        bits + 1,
        even | 0x8000,
      ]);
    }
  });

  it.each([65_520, -70_000, Number.POSITIVE_INFINITY, Number.NaN])(
    "has no half for %d",
    (value) => {
      expect(narrowFloat16(Float32Array.of(1, value))).toBeUndefined();
    },
  );

  it("has one for what rounds to the largest", () => {
    expect(narrowFloat16(Float32Array.of(65_519))).toEqual(Uint16Array.of(0x7bff));
  });
});
