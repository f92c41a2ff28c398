/**
 * The tag that names a file of sound in players' lists: ID3v2.3.0, which all read. Latin-1 where that says the title,
 * UTF-16 with a byte order mark elsewhere; the version knows no UTF-8.
 */
import { ascii, uint } from "./bytes.ts";

/** Letters of a title that are kept. */
const LONGEST = 200;

/** A whole tag with a title (TIT2); no bytes where there is none to tell. */
export function id3Tag(title: string | undefined): Uint8Array {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
  const shown = [...(title ?? "").replace(/[\0-\x1f]+/g, " ").trim()].slice(0, LONGEST).join("");
  if (shown === "") return new Uint8Array();
  const content = encoded(shown);
  const frame = [...ascii("TIT2"), ...uint(content.length, 4), 0, 0, ...content];
  return Uint8Array.from([...ascii("ID3"), 3, 0, 0, ...syncSafe(frame.length), ...frame]);
}

/** A byte that names the encoding, then the text. */
function encoded(text: string): number[] {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  if (units.every((unit) => unit < 256)) return [0, ...units];
  return [1, ...[0xfeff, ...units].flatMap((unit) => [unit & 255, unit >> 8])];
}

/** Seven bits a byte, so that no length looks like a frame of sound. */
const syncSafe = (value: number): number[] => [21, 14, 7, 0].map((shift) => (value >> shift) & 127);
