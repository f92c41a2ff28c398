import { createReadStream } from "node:fs";
import { describe, expect, it } from "vitest";
import { decoderContract, readGolden } from "#model/testing/decoder-contract.ts";
import { REFERENCE_RELATIVE_ERROR, relativeError } from "#model/testing/tolerances.ts";
import type { ByteSource } from "#model/weights/byte-source.ts";
import { loadModel } from "#model/weights/model-loader.ts";
import { erf, gelu } from "./arithmetic.ts";
import { ReferenceDecoder } from "./reference-decoder.ts";
import { ReferenceModel } from "./reference-model.ts";
import { visibleKeys } from "./visible-keys.ts";

const open = (folder: string): ByteSource => {
  const url = new URL(`../testdata/${folder}/`, import.meta.url);
  return {
    location: folder,
    read: (file, signal) => createReadStream(new URL(file, url), { signal }),
  };
};

decoderContract(
  "reference",
  async (weights, { prefixLength, slack }) => new ReferenceDecoder(weights, prefixLength, slack),
  open,
  { tolerance: REFERENCE_RELATIVE_ERROR },
);

describe("arithmetic", () => {
  it.each([
    // Abramowitz and Stegun, table 7.1, and mpmath beyond it.
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [5, 0.9999999999984626],
    [7, 1],
  ])("erf(%d) = %d, and it is odd", (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(1e-14);
    expect(erf(-x)).toBeCloseTo(-expected, 14);
  });

  it("gelu is the exact one, not the tanh approximation", () => {
    // torch.nn.functional.gelu(torch.tensor(1., dtype=torch.float64))
    expect(gelu(1)).toBeCloseTo(0.8413447460685429, 13);
  });
});

describe("the window", () => {
  it("is plain causal attention up to the context, and continuous where it starts to roll", async () => {
    const { weights } = await loadModel(open("golden-rotary"));
    const { contextLength } = weights.architecture;
    const last = visibleKeys(weights.architecture, 3, contextLength - 1);
    expect(last).toEqual(last.map((_, i) => ({ token: i, position: i })));
    const first = visibleKeys(weights.architecture, 3, contextLength);
    expect(first).toHaveLength(contextLength);
    expect(first.map((key) => key.position)).toEqual(first.map((_, i) => i + 1));
    expect(first.map((key) => key.token).slice(0, 5)).toEqual([0, 1, 2, 4, 5]);
  });

  it("matters: a sequence past the context would differ without the pinned prefix", async () => {
    const { weights } = await loadModel(open("golden-rotary"));
    const golden = await readGolden(open("golden-rotary"));
    const tokens = [...golden.tokens, ...golden.tokens.slice(3, 13)];
    const pinned = new ReferenceModel(weights, 3).onePass(tokens);
    const sliding = new ReferenceModel(weights, 0).onePass(tokens);
    expect(relativeError(pinned[31], sliding[31])).toBe(0);
    expect(relativeError(pinned[41], sliding[41])).toBeGreaterThan(0.01);
  });
});
