/**
 * Copies new rows into a KV cache tensor in place. tfjs has no op that writes into a tensor; its WebGPU
 * backend runs a custom program whose output may be an existing tensor, and that is all this needs.
 *
 * Input: rows (3, H, T, D), of which part `part` is taken. Output: cache (H, capacity, D); row t of each head
 * goes to slot `start + t`, or past the end of the ring back to slot `pinned`. One invocation copies one number.
 */

import type { WebGPUBackend, WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import { backend, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";

const WORKGROUP = 64;

/** Which of the three parts of (q, k, v) rows is written. */
export type CachePart = 1 | 2;

/** Where rows go. */
export interface CacheSlots {
  /** Slot of the first row. */
  readonly start: number;
  /** Slot that follows the last one of the ring. */
  readonly pinned: number;
}

/** Writes one part of `rows` into `cache`; both on the WebGPU backend, which must be current. */
export function writeCache(
  cache: Tensor3D,
  rows: Tensor4D,
  part: CachePart,
  slots: CacheSlots,
): void {
  const [, heads, count, headDim] = rows.shape;
  const size = heads * count * headDim;
  const int32 = (data: number) => ({ type: "int32", data: [data] });
  (backend() as WebGPUBackend).runWebGPUProgram(
    new CacheWriteProgram(size),
    [rows],
    "float32",
    [part * size, size, count, headDim, cache.shape[1], slots.start, slots.pinned].map(int32),
    cache,
  );
}

class CacheWriteProgram implements WebGPUProgram {
  readonly variableNames = ["rows"];
  readonly shaderKey = "cadenza_cache_write";
  readonly workgroupSize: [number, number, number] = [WORKGROUP, 1, 1];
  readonly dispatchLayout = { x: [0] };
  readonly uniforms =
    "rowsOffset : i32, rowsCount : i32, tokens : i32, headDim : i32, capacity : i32, start : i32, pinned : i32,";
  readonly outputShape: number[];
  dispatch: [number, number, number];

  constructor(size: number) {
    this.outputShape = [size];
    this.dispatch = [Math.ceil(size / WORKGROUP), 1, 1];
  }

  getUserCode(): string {
    return `
      fn main(index : i32) {
        if (index >= uniforms.rowsCount) { return; }
        let i = index % uniforms.headDim;
        let t = (index / uniforms.headDim) % uniforms.tokens;
        let head = index / (uniforms.headDim * uniforms.tokens);
        var slot = uniforms.start + t;
        if (slot >= uniforms.capacity) { slot = slot - uniforms.capacity + uniforms.pinned; }
        result[(head * uniforms.capacity + slot) * uniforms.headDim + i] =
            rows[uniforms.rowsOffset + index];
      }
    `;
  }
}
