/**
 * The only source of randomness: Threefry-2x32 with 20 rounds, a counter-based generator
 * (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A number depends on
 * (seed, stream, counter) alone, so a draw can be repeated, skipped or made on a GPU:
 * the rounds use only 32-bit add, rotate and xor, which WGSL has too.
 */

const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/**
 * One block of Threefry-2x32-20. All arguments and both results are unsigned 32-bit integers.
 * Test vectors: Random123 `kat_vectors` (checked in random.test.ts).
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  const keys = [key0 | 0, key1 | 0, PARITY ^ key0 ^ key1];
  let x0 = (counter0 + keys[0]) | 0;
  let x1 = (counter1 + keys[1]) | 0;
  for (let round = 0; round < 20; round++) {
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, ROTATIONS[round % 8]) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + keys[injection % 3]) | 0;
      x1 = (x1 + keys[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
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
    return openUnit(threefry2x32(this.seed, this.stream, counter, lane)[0]);
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
