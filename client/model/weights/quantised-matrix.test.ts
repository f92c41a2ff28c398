import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { dequantise, quantise } from "./quantised-matrix.ts";

describe("quantised matrices", () => {
  it("are off by at most half a scale, output by output", () => {
    const random = new Random(3);
    const [inputs, outputs] = [37, 12];
    const matrix = Float32Array.from(
      { length: inputs * outputs },
      (_, at) => (random.next() - 0.5) * 10 ** ((at % outputs) - 6),
    );
    const rounded = quantise(matrix, outputs);
    const back = dequantise(rounded);
    for (const [at, value] of matrix.entries())
      expect(Math.abs(back[at] - value)).toBeLessThanOrEqual(rounded.scales[at % outputs] * 0.5001);
    for (let o = 0; o < outputs; o++) {
      const column = Array.from({ length: inputs }, (_, i) => rounded.data[i * outputs + o]);
      expect(Math.max(...column.map(Math.abs))).toBe(127);
    }
  });

  it("keep an output of zeros at zero, with a usable scale", () => {
    const rounded = quantise(new Float32Array(8), 2);
    expect([...rounded.data]).toEqual(new Array(8).fill(0));
    expect([...rounded.scales]).toEqual([1, 1]);
  });

  it("are rounded again without change", () => {
    const once = quantise(Float32Array.from([1, -0.5, 0.25, 3]), 2);
    const twice = quantise(dequantise(once), 2);
    expect(twice.data).toEqual(once.data);
  });
});
