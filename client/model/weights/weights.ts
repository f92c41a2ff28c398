/**
 * A model's weights, whole and checked: every tensor the architecture needs is there once, with its
 * shape, and no value is NaN or infinite. Bytes stay as they were stored until someone asks for a
 * tensor, so a model in half precision is not widened as a whole. A matrix (out, in) in I8 comes with
 * "<name>.scale", F32 of (out): a row's numbers are to be multiplied by its scale.
 */
import { assert } from "#base/assert.ts";
import { Failure } from "#base/failure.ts";
import { widenFloat16 } from "./float16.ts";
import type { Architecture } from "./manifest.ts";
import type { StoredTensor } from "./safetensors.ts";
import {
  biasTensors,
  blockBiasNames,
  blockTensorNames,
  requiredTensors,
  TENSOR,
} from "./tensor-names.ts";

/** A tensor in single precision, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tensors of one block, by role; matrices are (out, in), gammas are offsets from 1. */
export type BlockTensors = Record<keyof ReturnType<typeof blockTensorNames>, Float32Array> &
  Partial<Record<keyof ReturnType<typeof blockBiasNames>, Float32Array>>;

/** All weights of one model. Immutable; any number of decoders may share it. */
export class Weights {
  readonly architecture: Architecture;
  readonly #stored: ReadonlyMap<string, StoredTensor>;

  /**
   * @param tensors of all shards, each exactly once; what the architecture does not need is ignored, but for
   * biases and conditions, without which the model would be another.
   * @throws Failure "unreadable" naming the tensor that is missing, doubled, misshapen, not finite or such a one.
   */
  constructor(architecture: Architecture, tensors: Iterable<StoredTensor>) {
    const stored = new Map<string, StoredTensor>();
    for (const tensor of tensors) {
      if (stored.has(tensor.name)) throw refuse(`"${tensor.name}" is there twice`);
      stored.set(tensor.name, tensor);
    }
    for (const [name, shape] of requiredTensors(architecture)) {
      const tensor = stored.get(name);
      if (!tensor) throw refuse(`"${name}" is missing`);
      if (tensor.shape.join() !== shape.join())
        throw refuse(`"${name}" has the shape [${tensor.shape}], expected [${shape}]`);
      if (tensor.dtype === "I8") checkScales(tensor, stored);
      if (!allFinite(tensor)) throw refuse(`"${name}" holds values that are not finite`);
    }
    if (!architecture.biases)
      for (const name of biasTensors(architecture).keys())
        if (stored.has(name))
          throw refuse(`"${name}" is there, but architecture.biases is not true`);
    if (!architecture.conditions && stored.has(TENSOR.conditions))
      throw refuse(`"${TENSOR.conditions}" is there, but the manifest names no conditions`);
    // A token adds many of these rows, and so their errors.
    if (stored.get(TENSOR.conditions)?.dtype === "I8")
      throw refuse(`"${TENSOR.conditions}" is I8, expected F32 or F16`);
    this.architecture = architecture;
    this.#stored = stored;
    if (architecture.positions === "rotary") this.#checkRotary();
  }

  /** Number of values in all tensors that the architecture needs. */
  get parameterCount(): number {
    return [...requiredTensors(this.architecture)].reduce(
      (sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    );
  }

  /** A tensor widened to single precision; a view of the file where it is stored so. Do not write to it. */
  tensor(name: string): Tensor {
    const stored = this.#stored.get(name);
    assert(stored, `no tensor named "${name}"`);
    if (stored.dtype !== "I8") return { shape: stored.shape, data: widen(stored) };
    const scales = this.#stored.get(scaleName(name));
    assert(scales, `no scales for "${name}"`);
    return { shape: stored.shape, data: widenRows(stored, widen(scales)) };
  }

  /** The tensors of block `layer`, 0-based; biases of attention where the architecture has them. */
  block(layer: number): BlockTensors {
    const biases = this.architecture.biases ? blockBiasNames(layer) : {};
    const named = Object.entries({ ...blockTensorNames(layer), ...biases });
    return Object.fromEntries(
      named.map(([role, name]) => [role, this.tensor(name).data]),
    ) as BlockTensors;
  }

  /** Bias of the logits (V), where the architecture has biases. */
  get logitsBias(): Float32Array | undefined {
    return this.architecture.biases ? this.tensor(TENSOR.logitsBias).data : undefined;
  }

  /** Rows of all groups of conditions (rows, dim), where the architecture has any. */
  get conditions(): Float32Array | undefined {
    return this.architecture.conditions && this.tensor(TENSOR.conditions).data;
  }

  /**
   * Angle per position of each rotated pair, in radians: the first 2n dimensions of a head form n
   * interleaved pairs, the rest is not rotated. Empty for absolute positions.
   */
  rotaryFrequencies(): Float32Array {
    if (this.architecture.positions !== "rotary") return new Float32Array(0);
    return this.tensor(TENSOR.rotaryFrequencies).data;
  }

  #checkRotary(): void {
    const tensor = this.#stored.get(TENSOR.rotaryFrequencies);
    const most = this.architecture.headDim / 2;
    if (!tensor) throw refuse(`"${TENSOR.rotaryFrequencies}" is missing`);
    if (tensor.dtype !== "F32" || tensor.shape.length !== 1 || tensor.shape[0] > most)
      throw refuse(`"${TENSOR.rotaryFrequencies}" must be F32 of at most ${most} numbers`);
    if (!widen(tensor).every((angle) => angle > 0 && angle <= Math.PI))
      throw refuse(`"${TENSOR.rotaryFrequencies}" must lie between 0 and pi`);
  }
}

function refuse(what: string): Failure {
  return new Failure(
    "unreadable",
    `The weights do not fit the model's manifest: ${what}; export the model again.`,
  );
}

const scaleName = (name: string): string => `${name}.scale`;

function checkScales(tensor: StoredTensor, stored: ReadonlyMap<string, StoredTensor>): void {
  const name = scaleName(tensor.name);
  const scales = stored.get(name);
  if (tensor.shape.length !== 2) throw refuse(`"${tensor.name}" is I8 and not a matrix`);
  if (!scales) throw refuse(`"${name}" is missing`);
  if (scales.dtype !== "F32" || scales.shape.join() !== `${tensor.shape[0]}`)
    throw refuse(`"${name}" must be F32 of [${tensor.shape[0]}]`);
  if (!allFinite(scales)) throw refuse(`"${name}" holds values that are not finite`);
}

/** A matrix of 8-bit rows, each times its scale. */
function widenRows({ bytes, shape }: StoredTensor, scales: Float32Array): Float32Array {
  const whole = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = shape[1];
  return Float32Array.from(whole, (value, at) => value * scales[Math.floor(at / columns)]);
}

function widen({ dtype, bytes }: StoredTensor): Float32Array {
  assert(dtype !== "I8", "int8 tensors are widened with their scales");
  if (dtype === "F16") return widenFloat16(new Uint16Array(...aligned(bytes, 2)));
  return new Float32Array(...aligned(bytes, 4));
}

function allFinite({ dtype, bytes }: StoredTensor): boolean {
  if (dtype === "I8") return true;
  if (dtype === "F16") return exponentsBelow(new Uint16Array(...aligned(bytes, 2)), 0x7c00);
  return exponentsBelow(new Uint32Array(...aligned(bytes, 4)), 0x7f800000);
}

/** Whether no value has the exponent of NaN and the infinities, all ones. */
function exponentsBelow(values: Uint16Array | Uint32Array, ones: number): boolean {
  for (let i = 0; i < values.length; i++) if ((values[i] & ones) === ones) return false;
  return true;
}

/** Where a typed array of `size`-byte elements can look at `bytes`: in place, or a copy if not aligned. */
function aligned(bytes: Uint8Array, size: number): [ArrayBuffer, number, number] {
  const placed = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return [placed.buffer as ArrayBuffer, placed.byteOffset, placed.byteLength / size];
}
