import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { REFERENCE_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { QuantisedReference } from "./quantised-reference.ts";
import { ReferenceModel } from "./reference-model.ts";

const architecture = (positions: "absolute" | "rotary", biases: boolean): Architecture => ({
  vocabulary: 60,
  dim: 24,
  depth: 2,
  heads: 3,
  headDim: 8,
  feedForward: 40,
  contextLength: 16,
  positions,
  biases,
});

describe.each([
  ["absolute", false, 16],
  ["absolute", true, 16],
  ["rotary", false, 40],
  ["rotary", true, 40],
] as const)("the reference of rounded models, %s, biases %s", (positions, biases, length) => {
  const weights = randomWeights(architecture(positions, biases), 5);
  const random = new Random(6);
  const tokens = Array.from({ length }, () => random.integer(60));
  const plain = new ReferenceModel(weights, 3).onePass(tokens);
  const furthest = (model: QuantisedReference) =>
    Math.max(...model.onePass(tokens).map((row, i) => relativeError(row, plain[i])));

  it("is the reference where nothing is rounded, past the context too", () => {
    const error = furthest(new QuantisedReference(weights, 3, "none"));
    expect(error).toBeLessThan(REFERENCE_RELATIVE_ERROR);
  });

  it("is near the reference, and not the same, where matrices have 8 bits", () => {
    const error = furthest(new QuantisedReference(weights, 3));
    expect(error).toBeGreaterThan(10 * REFERENCE_RELATIVE_ERROR);
    expect(error).toBeLessThan(0.05);
  });
});
