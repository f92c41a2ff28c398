/** Numbers and words as the bytes of a file. */

/** A byte a letter. */
export const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

/** Big-endian; zero where the number has no more bytes. */
export const uint = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) & 255);
