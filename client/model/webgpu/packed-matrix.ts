/**
 * A matrix in the order in which threads read it: blocks of 4 inputs x 4 outputs, neighbours in a workgroup
 * next to each other, so that every read is one contiguous line and the weights stream through once.
 * Block (panel, k, r, c, s) holds inputs 4 (k * slices + s) .. + 3 and outputs of block column
 * (panel * perThread + r) * columns + c; inside it the 4 outputs of one input are adjacent (a WGSL mat4x4,
 * columns first). What lies beyond the matrix is 0.
 */
import { assert } from "#base/assert.ts";
import type { Packing } from "./kernel-shape.ts";

const BLOCK = 16;

/** Extent of a packed matrix, counted in blocks. */
export interface PackedExtent {
  /** Block rows of the matrix itself: inputs / 4. */
  readonly rows: number;
  /** Steps of one thread along its column: rows / slices, rounded up. */
  readonly steps: number;
  /** Block columns of the matrix itself: outputs / 4, rounded up. */
  readonly columns: number;
  /** Workgroups that cover all columns. */
  readonly panels: number;
  /** Blocks in all, padding included. */
  readonly blocks: number;
}

/** The extent of an (inputs, outputs) matrix. `inputs` is a multiple of 4. */
export function packedExtent(inputs: number, outputs: number, packing: Packing): PackedExtent {
  assert(inputs % 4 === 0, `${inputs} inputs: expected a multiple of 4`);
  const rows = inputs / 4;
  const steps = Math.ceil(rows / packing.slices);
  const columns = Math.ceil(outputs / 4);
  const panels = Math.ceil(columns / (packing.columns * packing.perThread));
  const blocks = panels * steps * packing.perThread * packing.columns * packing.slices;
  return { rows, steps, columns, panels, blocks };
}

/** Numbers of a matrix in any format: halves as 16 bits. */
type Numbers = Float32Array | Uint16Array | Int8Array;

/** Packs a matrix (inputs, outputs), row-major, into `target` of `blocks * 16` numbers, all 0. */
export function packMatrix<T extends Numbers>(
  matrix: T,
  inputs: number,
  packing: Packing,
  target: T,
): void {
  const outputs = matrix.length / inputs;
  const { rows, steps, columns } = packedExtent(inputs, outputs, packing);
  const line = packing.columns * packing.slices;
  for (let column = 0; column < columns; column++) {
    const c = column % packing.columns;
    const r = Math.floor(column / packing.columns) % packing.perThread;
    const panel = Math.floor(column / (packing.columns * packing.perThread));
    const width = Math.min(4, outputs - 4 * column);
    for (let row = 0; row < rows; row++) {
      const k = Math.floor(row / packing.slices);
      const s = row % packing.slices;
      const block = ((panel * steps + k) * packing.perThread + r) * line + c * packing.slices + s;
      for (let i = 0; i < 4; i++) {
        const from = (4 * row + i) * outputs + 4 * column;
        const to = block * BLOCK + 4 * i;
        for (let o = 0; o < width; o++) target[to + o] = matrix[from + o];
      }
    }
  }
}
