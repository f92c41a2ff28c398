import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { quantise } from "#model/weights/quantised-matrix.ts";
import { packedBytes, packMatrix, rowLimit } from "./packed-matrix.ts";

describe("packed matrices", () => {
  it("hold every weight at its place, and zeros around them", () => {
    const [inputs, outputs] = [5, 21];
    const random = new Random(1);
    const matrix = Float32Array.from({ length: inputs * outputs }, () => random.next() - 0.5);
    const bias = Float32Array.from({ length: outputs }, (_, o) => o);
    const memory = new ArrayBuffer(packedBytes(inputs, outputs));
    expect(memory.byteLength).toBe(64 + 2 * 4 * 32 + 16 * 32);
    packMatrix(memory, 0, matrix, outputs, bias);
    const { data, scales } = quantise(matrix, outputs);
    expect(new Float32Array(memory, 64, 21)).toEqual(scales);
    expect([...new Float32Array(memory, 64 + 128, 32)]).toEqual([
      ...bias,
      ...new Array(32 - 21).fill(0),
    ]);
    // As the kernel takes it apart: the low byte less 128, the high byte shifted down.
    const lanes = new Int16Array(memory, 64 + 256);
    const weight = (i: number, o: number) => {
      const group = Math.floor(o / 16) * 128;
      const at = group + (i >> 1) * 16 + (o & 8) + (o & 3) * 2 + (i & 1);
      return o & 4 ? lanes[at] >> 8 : (lanes[at] & 255) - 128;
    };
    for (let i = 0; i < 16; i++)
      for (let o = 0; o < 32; o++)
        expect(weight(i, o)).toBe(i < inputs && o < outputs ? data[i * outputs + o] : 0);
  });

  it("keep sums within int32 for the worst row, and use what room there is", () => {
    expect(rowLimit(new Int8Array(2048).fill(127), 1)).toBe(Math.floor((2 ** 31 - 1) / 2048 / 127));
    expect(rowLimit(new Int8Array(2048).fill(-127), 1)).toBe(8256);
    expect(rowLimit(new Int8Array(512).fill(100), 1)).toBe(32767);
    expect(rowLimit(new Int8Array(4), 2)).toBe(32767);
    // The output with the largest sum counts.
    expect(
      rowLimit(
        Int8Array.from({ length: 4096 }, (_, at) => (at & 1) * 127),
        2,
      ),
    ).toBe(8256);
  });
});
