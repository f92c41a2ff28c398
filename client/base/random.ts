/**
 * The only source of randomness: Threefry-2x32 with 20 rounds, a counter-based generator
 * (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A number depends on
 * (seed, stream, counter) alone, so a draw can be repeated, skipped or made on a GPU:
 * the rounds use only 32-bit add, rotate and xor, which WGSL has too.
 */

const PARITY = 0x1bd11bda;
const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/**
 * First word of one block of Threefry-2x32-20. All arguments and the result are unsigned 32-bit
 * integers. Unrolled and without allocation: a sampler asks for one a token of the vocabulary.
 * Test vectors: Random123 `kat_vectors` (checked in random.test.ts).
 */
export function threefryWord(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): number {
  const key2 = PARITY ^ key0 ^ key1;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 13) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 15) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 26) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 6) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 1) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 17) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 29) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 16) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 24) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 2) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 13) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 15) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 26) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 6) ^ x0;
  x0 = (x0 + key0) | 0;
  x1 = (x1 + key1 + 3) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 17) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 29) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 16) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 24) ^ x0;
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 4) | 0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 13) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 15) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 26) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = rotateLeft(x1, 6) ^ x0;
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 5) | 0;
  return x0 >>> 0;
}

/** Maps an unsigned 32-bit integer into the open interval (0, 1), exact in float32: 23 bits and a half. */
export const openUnit = (bits: number): number => ((bits >>> 9) + 0.5) / 0x800000;

/** Uniform numbers of one seed and stream, by counter or in sequence. */
export class Random {
  readonly seed: number;
  readonly stream: number;
  #counter = 0;

  /** @param seed any integer; its low 32 bits count. @param stream keeps uses of one seed apart. */
  constructor(seed: number, stream = 0) {
    this.seed = seed >>> 0;
    this.stream = stream >>> 0;
  }

  /** The number of one counter and lane, in (0, 1); pure. */
  at(counter: number, lane = 0): number {
    return openUnit(threefryWord(this.seed, this.stream, counter, lane));
  }

  /** The next number in sequence, in (0, 1). */
  next(): number {
    return this.at(this.#counter++);
  }

  /** The next integer in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }
}
