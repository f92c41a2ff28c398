/**
 * Cosines and sines of rotary position embeddings (Su et al., RoFormer, 2021; partial and interleaved as
 * in GPT-J). Angles are multiplied and reduced in double precision, so position 1,000,000 turns as exactly
 * as position 1: a float32 product would be off by up to 0.03 rad there.
 */

/** Fills one row per position: `cos[r * n + i]`, `sin[r * n + i]` for pair i of n. */
export function fillRotary(
  frequencies: Float32Array,
  positions: readonly number[],
  cos: Float32Array | Float64Array,
  sin: Float32Array | Float64Array,
): void {
  const pairs = frequencies.length;
  positions.forEach((position, row) => {
    for (let i = 0; i < pairs; i++) {
      const angle = position * frequencies[i];
      cos[row * pairs + i] = Math.cos(angle);
      sin[row * pairs + i] = Math.sin(angle);
    }
  });
}
