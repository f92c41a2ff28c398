/** The model that tests decode with where its size does not matter: small, and of everything more than one. */
import type { Architecture } from "#model/weights/manifest.ts";

export const SMALL_ARCHITECTURE: Architecture = {
  vocabulary: 50, // no multiple of 4: rows of logits are padded
  dim: 32,
  depth: 2,
  heads: 2,
  headDim: 16,
  feedForward: 64,
  contextLength: 64,
  positions: "rotary",
};
