import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { conditionsOf, SMALL_GROUPS } from "#model/testing/conditions-of.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { REFERENCE_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import type { Architecture } from "#model/weights/manifest.ts";
import { QuantisedReference } from "./quantised-reference.ts";
import { ReferenceModel } from "./reference-model.ts";

type Extra = "biases" | "conditions" | "nothing";
const architecture = (positions: "absolute" | "rotary", extra: Extra): Architecture => ({
  vocabulary: 60,
  dim: 24,
  depth: 2,
  heads: 3,
  headDim: 8,
  feedForward: 40,
  contextLength: 16,
  positions,
  ...(extra === "biases" && { biases: true }),
  ...(extra === "conditions" && { conditions: SMALL_GROUPS }),
});

describe.each([
  ["absolute", "nothing", 16],
  ["absolute", "biases", 16],
  ["absolute", "conditions", 16],
  ["rotary", "nothing", 40],
  ["rotary", "biases", 40],
  ["rotary", "conditions", 40],
] as const)("the reference of rounded models, %s with %s", (positions, extra, length) => {
  const weights = randomWeights(architecture(positions, extra), 5);
  const random = new Random(6);
  const tokens = Array.from({ length }, () => random.integer(60));
  const given = conditionsOf(weights.architecture, tokens);
  const plain = new ReferenceModel(weights, 3).onePass(tokens, given);
  const furthest = (model: QuantisedReference) =>
    Math.max(...model.onePass(tokens, given).map((row, i) => relativeError(row, plain[i])));

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
