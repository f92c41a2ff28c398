/**
 * Weights of any architecture without training, for tests and benchmarks. Uniform, scaled so that
 * logits stay within a few units whatever the size, and gammas are not all alike.
 */
import { Random } from "#base/random.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import type { StoredTensor } from "#model/weights/safetensors.ts";
import { requiredTensors, TENSOR } from "#model/weights/tensor-names.ts";
import { Weights } from "#model/weights/weights.ts";

/** Random weights; the same for the same seed. Rotary models turn the first half of each head. */
export function randomWeights(architecture: Architecture, seed: number): Weights {
  const tensors: StoredTensor[] = [];
  let stream = 0;
  for (const [name, shape] of requiredTensors(architecture)) {
    const random = new Random(seed, stream++);
    // Uniform in +-sqrt(3/n) has variance 1/n, so a product over n inputs keeps its size.
    const spread = shape.length === 2 ? Math.sqrt(3 / shape[1]) : 0.1;
    const size = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length: size }, () => spread * (2 * random.next() - 1));
    tensors.push(stored(name, shape, data));
  }
  if (architecture.positions === "rotary") tensors.push(frequencies(architecture.headDim));
  return new Weights(architecture, tensors);
}

function frequencies(headDim: number): StoredTensor {
  const rotated = headDim / 2;
  const data = Float32Array.from({ length: rotated / 2 }, (_, i) => 10000 ** ((-2 * i) / rotated));
  return stored(TENSOR.rotaryFrequencies, [data.length], data);
}

function stored(name: string, shape: readonly number[], data: Float32Array): StoredTensor {
  return { name, dtype: "F32", shape, bytes: new Uint8Array(data.buffer) };
}
