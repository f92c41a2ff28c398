/** FNV-1a, 32 bits (G. Fowler, L. C. Noll, K.-P. Vo): a number that is another for other values, not a secret. */

/** What a hash begins with. */
export const FNV_BASIS = 0x811c9dc5;

/** A hash with one more value; `>>> 0` makes it a number from 0 to 2 ** 32 - 1. */
export const fnvWith = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);
