/**
 * How the numbers of a matrix lie on the device. Every token reads all of them once, and on most adapters that is
 * what a step waits for, so fewer bytes are fewer milliseconds; arithmetic stays in single precision throughout.
 *
 * - f32: 64 bytes a block of 4 x 4.
 * - f16: 32 bytes, IEEE halves; read as such with `shader-f16`, and else by `unpack2x16float`, which all have.
 * - int8: 16 bytes, and a scale for each output behind the blocks (quantised-matrix.ts). It is applied once, to
 *   the finished sum; blocks are read by `unpack4x8snorm`, which divides by 127, so scales are stored times 127.
 */
import { Failure } from "#base/failure.ts";
import { INT8_LIMIT, quantise } from "#model/weights/quantised-matrix.ts";
import type { AdapterTraits, Packing } from "./kernel-shape.ts";
import { narrowFloat16 } from "./narrow-float16.ts";
import { type PackedExtent, packedExtent, packMatrix } from "./packed-matrix.ts";

/** How precise weights are: what can be asked for. */
export type WeightFormat = "f32" | "f16" | "int8";

/** The same and how kernels read it: "f16 packed" is f16 where shaders have no halves. */
export type BlockFormat = WeightFormat | "f16 packed";

/** How kernels of a device read a format. */
export function blockFormat(format: WeightFormat, device: GPUDevice): BlockFormat {
  return format === "f16" && !device.features.has("shader-f16") ? "f16 packed" : format;
}

/**
 * The format for an adapter that nobody chose one for. A GPU waits for bytes, and 8 bits cost next to nothing of the
 * model's loss (LOG.md of the benchmarks), as on the CPU. An emulated adapter computes what the reference does, for
 * tests and benchmarks; the instrument asks for 8 bits on either (open-decoder.ts).
 */
export function defaultFormat({ software }: AdapterTraits): WeightFormat {
  return software ? "f32" : "int8";
}

const BLOCK_BYTES: Readonly<Record<BlockFormat, number>> = {
  f32: 64,
  f16: 32,
  "f16 packed": 32,
  int8: 16,
};

/** Bytes of a matrix on the device, scales included; a step reads them all. */
export function matrixBytes({ blocks, columns }: PackedExtent, format: BlockFormat): number {
  return blocks * BLOCK_BYTES[format] + (format === "int8" ? 16 * columns : 0);
}

/** WGSL of `block(at)`, a block of the matrix, and `unitOf(column)`, by which its finished sums are multiplied. */
export function blockFetch(extent: PackedExtent, format: BlockFormat, binding: number): string {
  const { blocks, columns } = extent;
  const weights = `@group(0) @binding(${binding}) var<storage, read> weights:`;
  const unscaled = "fn unitOf(column: u32) -> f32 { return 1.0; }";
  switch (format) {
    case "f32":
      return `${weights} array<mat4x4f, ${blocks}>;
fn block(at: u32) -> mat4x4f { return weights[at]; }
${unscaled}`;
    case "f16":
      return `${weights} array<mat4x4h, ${blocks}>;
fn block(at: u32) -> mat4x4f { return mat4x4f(weights[at]); }
${unscaled}`;
    case "f16 packed":
      return `struct Halves { first: vec4u, second: vec4u }
${weights} array<Halves, ${blocks}>;
fn widened(low: u32, high: u32) -> vec4f { return vec4f(unpack2x16float(low), unpack2x16float(high)); }
fn block(at: u32) -> mat4x4f {
  let halves = weights[at];
  return mat4x4f(widened(halves.first.x, halves.first.y), widened(halves.first.z, halves.first.w),
    widened(halves.second.x, halves.second.y), widened(halves.second.z, halves.second.w));
}
${unscaled}`;
    case "int8":
      return `${weights} array<vec4u, ${blocks + columns}>;
fn block(at: u32) -> mat4x4f {
  let bytes = weights[at];
  return mat4x4f(unpack4x8snorm(bytes.x), unpack4x8snorm(bytes.y),
    unpack4x8snorm(bytes.z), unpack4x8snorm(bytes.w));
}
fn unitOf(column: u32) -> vec4f { return bitcast<vec4f>(weights[${blocks}u + column]); }`;
  }
}

/**
 * Packs a matrix (inputs, outputs), row-major, into `target`: `matrixBytes` of zeros.
 * @throws Failure "unsupported" where a number does not fit the format.
 */
export function packWeights(
  matrix: Float32Array,
  inputs: number,
  packing: Packing,
  format: BlockFormat,
  target: ArrayBuffer,
): void {
  const outputs = matrix.length / inputs;
  const { blocks } = packedExtent(inputs, outputs, packing);
  switch (format) {
    case "f32":
      packMatrix(matrix, inputs, packing, new Float32Array(target));
      break;
    case "f16":
    case "f16 packed":
      packMatrix(halves(matrix), inputs, packing, new Uint16Array(target));
      break;
    case "int8": {
      const { data, scales } = quantise(matrix, outputs);
      packMatrix(data, inputs, packing, new Int8Array(target, 0, 16 * blocks));
      new Float32Array(target, 16 * blocks).set(scales.map((scale) => scale * INT8_LIMIT));
    }
  }
}

function halves(matrix: Float32Array): Uint16Array {
  const narrow = narrowFloat16(matrix);
  if (narrow === undefined)
    throw new Failure(
      "unsupported",
      "This model has weights that are too large for half precision; ask for weights in single precision.",
    );
  return narrow;
}
