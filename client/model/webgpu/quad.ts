/** Four neighbouring invocations of a subgroup, which can swap values: what programs by quads have in common. */

/** Invocations of a quad, and tokens that it takes side by side. */
export const QUAD = 4;

/** WGSL of the same value in the invocation whose number in the quad differs by the bits of `turn`. */
export const swapped = (value: string, turn: number): string =>
  [value, `quadSwapX(${value})`, `quadSwapY(${value})`, `quadSwapDiagonal(${value})`][turn];
