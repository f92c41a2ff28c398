/** What the kernels computed once, to the bit: SIMD without the relaxed instructions leaves no choice to a machine. */
import { Random } from "#base/random.ts";
import { randomWeights } from "#model/testing/random-weights.ts";
import { createWasmDecoder } from "../wasm-decoder.ts";

/** Hash of the logits' bits; changes with the kernels' arithmetic, never with the machine. */
export const FINGERPRINT = -1149565589;

/** The hash here: 80 tokens through a rotary model, most in a prefill, the last in steps past its context. */
export async function fingerprint(): Promise<number> {
  const weights = randomWeights(
    {
      vocabulary: 75,
      dim: 40,
      depth: 2,
      heads: 3,
      headDim: 24,
      feedForward: 100,
      contextLength: 64,
      positions: "rotary",
    },
    11,
  );
  const random = new Random(12);
  const tokens = Array.from({ length: 80 }, () => random.integer(75));
  const decoder = await createWasmDecoder(weights, { prefixLength: 3 });
  await decoder.prefill(tokens.slice(0, 50));
  let hash = 0;
  for (const token of tokens.slice(50)) {
    const logits = await decoder.decodeStep(token);
    for (const bits of new Uint32Array(logits.slice().buffer))
      hash = (Math.imul(hash, 31) + bits) | 0;
  }
  decoder.dispose();
  return hash;
}
