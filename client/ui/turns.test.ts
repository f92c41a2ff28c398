import { describe, expect, it } from "vitest";
import { keyed, settled, type Turn } from "./turns.ts";

const TURN: Turn = { value: 0.5, min: 0.1, max: 1.5, step: 0.05, fine: 0.01, set: () => undefined };

describe("turns", () => {
  it.each([
    ["ArrowUp", false, 0.55],
    ["ArrowLeft", false, 0.45],
    ["ArrowRight", true, 0.51],
    ["PageDown", false, 0.25],
    ["Home", false, 0.1],
    ["End", false, 1.5],
    ["a", false, undefined],
    ["Delete", false, undefined],
  ])("makes of %s (shift %s) %s", (key, shift, value) => {
    const made = keyed(TURN, key, shift);
    expect(made === undefined ? undefined : Number(made.toFixed(6))).toBe(value);
  });

  it("stays on its grid and within its ends", () => {
    expect([0.123, -3, 9].map((wanted) => settled(wanted, TURN))).toEqual([0.12, 0.1, 1.5]);
    expect(settled(0.03, { min: -1, max: 1, fine: 0.01 })).toBe(0.03);
  });
});
