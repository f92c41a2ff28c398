import { describe, expect, it } from "vitest";
import { openUnit, Random, threefryWord } from "./random.ts";

describe("threefryWord", () => {
  // Random123 1.14, tests/kat_vectors, "threefryWord 20".
  it.each([
    [[0, 0], [0, 0], 0x6b200159],
    [[0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], 0x1cb996fc],
    [[0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3], 0xc4923a9c],
  ])("matches the known answer for key %j", (key, counter, expected) => {
    expect(threefryWord(key[0], key[1], counter[0], counter[1])).toBe(expected);
  });
});

describe("Random", () => {
  it("repeats for one seed, and differs by seed and by stream", () => {
    const draw = (seed: number, stream: number) =>
      Array.from(
        { length: 8 },
        (
          (r) => () =>
            r.next()
        )(new Random(seed, stream)),
      );
    expect(draw(7, 0)).toEqual(draw(7, 0));
    expect(draw(7, 0)).not.toEqual(draw(8, 0));
    expect(draw(7, 0)).not.toEqual(draw(7, 1));
  });

  it("stays inside the open interval at both ends", () => {
    expect(openUnit(0)).toBeGreaterThan(0);
    expect(openUnit(0xffffffff)).toBeLessThan(1);
  });

  it("is flat: 16 bins of 16,000 draws each hold 1,000 within 5 sigma", () => {
    const random = new Random(1);
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) bins[random.integer(16)]++;
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });
});
