/**
 * Text of MIDI files. The specification says ASCII; files hold the code page of their maker.
 * What is valid UTF-8 and not plain ASCII is almost never anything else, so it is tried first.
 */

/** Most bytes that are read of a text. */
const LONGEST_TEXT = 256;

const latin1 = new TextDecoder("latin1");

/** Decodes a text up to its first NUL: UTF-8 where it is valid, else Latin-1. */
export function decodeText(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const text = nul < 0 ? bytes : bytes.subarray(0, nul);
  const kept = text.subarray(0, LONGEST_TEXT);
  try {
    // As a stream where it is cut, so that a letter cut in two is no error.
    const utf8 = new TextDecoder("utf-8", { fatal: true });
    return utf8.decode(kept, { stream: kept.length < text.length }).trim();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return latin1.decode(kept).trim();
  }
}
