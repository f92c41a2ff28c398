import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import type { Architecture } from "./manifest.ts";
import type { StoredTensor } from "./safetensors.ts";
import { requiredTensors, TENSOR } from "./tensor-names.ts";
import { Weights } from "./weights.ts";

const architecture: Architecture = {
  vocabulary: 6,
  dim: 4,
  depth: 1,
  heads: 1,
  headDim: 8,
  feedForward: 8,
  contextLength: 8,
  positions: "rotary",
};
const stored = (name: string, shape: readonly number[], data: Float32Array): StoredTensor => ({
  name,
  dtype: "F32",
  shape,
  bytes: new Uint8Array(data.buffer),
});
/** A complete set, and what `change` makes of it. */
const build = (
  change: (tensors: Map<string, StoredTensor>) => void = () => undefined,
  shape: Architecture = architecture,
) => {
  const source = randomWeights(shape, 1);
  const names = [...requiredTensors(shape).keys(), TENSOR.rotaryFrequencies];
  const tensors = new Map(
    names.map((name) => {
      const { shape, data } = source.tensor(name);
      return [name, stored(name, shape, data.slice())];
    }),
  );
  change(tensors);
  return new Weights(shape, tensors.values());
};

describe("Weights", () => {
  it("hands out tensors with shape and data, and blocks by role", () => {
    const weights = build();
    expect(weights.tensor(TENSOR.logits).shape).toEqual([6, 4]);
    expect(weights.block(0).up).toEqual(
      weights.tensor("attn_layers.layers.1.1.ff.0.0.weight").data,
    );
    expect(weights.rotaryFrequencies()).toHaveLength(2);
  });

  it("reads half precision, and bytes at an odd place in the file", () => {
    const file = new Uint8Array(1 + 2 * 4);
    file.set([0x00, 0x3c, 0x00, 0xc0, 0x00, 0x00, 0x01, 0x00], 1);
    const gamma: StoredTensor = {
      name: TENSOR.finalGamma,
      dtype: "F16",
      shape: [4],
      bytes: file.subarray(1),
    };
    const weights = build((tensors) => tensors.set(gamma.name, gamma));
    expect([...weights.tensor(TENSOR.finalGamma).data]).toEqual([1, -2, 0, 2 ** -24]);
  });

  const eightBit = (scales: Float32Array | undefined) => (tensors: Map<string, StoredTensor>) => {
    const { name, shape } = tensors.get(TENSOR.logits)!;
    const bytes = Uint8Array.from({ length: 24 }, (_, at) => (at < 4 ? 129 : 127));
    tensors.set(name, { name, shape, dtype: "I8", bytes });
    if (scales) tensors.set(`${name}.scale`, stored(`${name}.scale`, [scales.length], scales));
  };

  it("reads rows of 8 bits with their scales", () => {
    const weights = build(eightBit(Float32Array.from([1, 2, 3, 4, 5, 0.5])));
    const { data } = weights.tensor(TENSOR.logits);
    expect([...data.subarray(0, 8)]).toEqual([-127, -127, -127, -127, 254, 254, 254, 254]);
    expect([...data.subarray(20)]).toEqual([63.5, 63.5, 63.5, 63.5]);
  });

  const replace =
    (name: string, shape: number[], values: number[]) => (tensors: Map<string, StoredTensor>) =>
      tensors.set(name, stored(name, shape, Float32Array.from(values)));
  const gamma = TENSOR.finalGamma;
  it.each<[string, (tensors: Map<string, StoredTensor>) => void, RegExp]>([
    ["a missing tensor", (t) => t.delete(gamma), /final_norm.gamma" is missing/],
    ["a tensor there twice", (t) => t.set("again", t.get(gamma)!), /is there twice/],
    ["another shape", replace(gamma, [2, 2], [0, 0, 0, 0]), /shape \[2,2\], expected \[4\]/],
    ["NaN", replace(gamma, [4], [0, Number.NaN, 0, 0]), /not finite/],
    ["infinity", replace(gamma, [4], [0, 0, 0, -1 / 0]), /not finite/],
    ["no rotary frequencies", (t) => t.delete(TENSOR.rotaryFrequencies), /inv_freq" is missing/],
    [
      "biases that the architecture does not tell of",
      replace(TENSOR.logitsBias, [6], [0, 0, 0, 0, 0, 0]),
      /to_logits.bias" is there, but architecture.biases is not true/,
    ],
    [
      "conditions that the manifest does not tell of",
      replace(TENSOR.conditions, [2, 4], [0, 0, 0, 0, 0, 0, 0, 0]),
      /conditions.weight" is there, but the manifest names no conditions/,
    ],
    ["frequencies beyond pi", replace(TENSOR.rotaryFrequencies, [2], [1, 4]), /between 0 and pi/],
    ["8 bits without scales", eightBit(undefined), /to_logits.weight.scale" is missing/],
    ["too few scales", eightBit(new Float32Array(5)), /scale" must be F32 of \[6\]/],
    ["too many frequencies", replace(TENSOR.rotaryFrequencies, [5], [1, 1, 1, 1, 1]), /at most 4/],
  ])("refuses %s", (_, change, message) => {
    expect(() => build(change)).toThrow(Failure);
    expect(() => build(change)).toThrow(message);
  });

  const conditioned: Architecture = {
    ...architecture,
    conditions: [
      { name: "phase", rows: 3 },
      { name: "style", rows: 2 },
    ],
  };
  it("hands out the rows of conditions where the manifest names groups, in F32 or F16", () => {
    expect(build(undefined, conditioned).conditions).toHaveLength(5 * 4);
    expect(build().conditions).toBeUndefined();
    const half = (tensors: Map<string, StoredTensor>) => {
      const { name, shape } = tensors.get(TENSOR.conditions)!;
      tensors.set(name, { name, shape, dtype: "F16", bytes: new Uint8Array(40).fill(0x3c) });
    };
    expect(build(half, conditioned).conditions?.[19]).toBeCloseTo(1.0586, 3);
  });

  it.each<[string, (tensors: Map<string, StoredTensor>) => void, RegExp]>([
    ["no", (t) => t.delete(TENSOR.conditions), /conditions.weight" is missing/],
    ["too few", replace(TENSOR.conditions, [1, 4], [0, 0, 0, 0]), /\[1,4\], expected \[5,4\]/],
    [
      "8-bit",
      (t) =>
        t
          .set(TENSOR.conditions, {
            name: TENSOR.conditions,
            shape: [5, 4],
            dtype: "I8",
            bytes: new Uint8Array(20),
          })
          .set("scale", stored(`${TENSOR.conditions}.scale`, [5], new Float32Array(5))),
      /conditions.weight" is I8, expected F32 or F16/,
    ],
  ])("refuses %s rows of conditions", (_, change, message) => {
    expect(() => build(change, conditioned)).toThrow(Failure);
    expect(() => build(change, conditioned)).toThrow(message);
  });
});
