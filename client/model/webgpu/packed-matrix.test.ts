import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import type { Packing } from "./kernel-shape.ts";
import { packedExtent, packMatrix } from "./packed-matrix.ts";

/** The product as the kernels take it: by panels, steps, block columns and slices. */
function multiply(packed: Float32Array, x: Float32Array, outputs: number, packing: Packing) {
  const { columns, perThread, slices } = packing;
  const { rows, steps, panels } = packedExtent(x.length, outputs, packing);
  const y = new Float64Array(panels * perThread * columns * 4);
  let at = 0;
  for (let panel = 0; panel < panels; panel++)
    for (let k = 0; k < steps; k++)
      for (let r = 0; r < perThread; r++)
        for (let c = 0; c < columns; c++)
          for (let s = 0; s < slices; s++) {
            const row = k * slices + s;
            const column = (panel * perThread + r) * columns + c;
            for (let i = 0; i < 4; i++)
              for (let o = 0; o < 4; o++) {
                const weight = packed[at++];
                if (row < rows) y[4 * column + o] += weight * x[4 * row + i];
                else expect(weight).toBe(0);
              }
          }
  expect(at).toBe(packed.length);
  return y;
}

describe("packMatrix", () => {
  it.each([
    [16, 24, { columns: 2, perThread: 1, slices: 1 }],
    [48, 160, { columns: 8, perThread: 2, slices: 1 }],
    [20, 50, { columns: 4, perThread: 3, slices: 2 }],
    [48, 162, { columns: 4, perThread: 1, slices: 32 }],
  ])("keeps the product of a %i x %i matrix in %j", (inputs, outputs, packing) => {
    const random = new Random(1);
    const draw = (count: number) => Float32Array.from({ length: count }, () => random.next() - 0.5);
    const matrix = draw(inputs * outputs);
    const x = draw(inputs);
    const packed = new Float32Array(16 * packedExtent(inputs, outputs, packing).blocks);
    packMatrix(matrix, inputs, packing, packed);
    const y = multiply(packed, x, outputs, packing);
    for (let o = 0; o < y.length; o++) {
      let expected = 0;
      if (o < outputs) for (let i = 0; i < inputs; i++) expected += matrix[i * outputs + o] * x[i];
      expect(Math.abs(y[o] - expected)).toBeLessThan(1e-12);
    }
  });

  it("refuses inputs that do not fill blocks", () => {
    const packing = { columns: 1, perThread: 1, slices: 1 };
    expect(() => packedExtent(6, 8, packing)).toThrow(/multiple of 4/);
  });
});
