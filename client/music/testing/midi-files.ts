/** Bytes of Standard MIDI Files, built by hand for tests of what is read from them. */

/** Texts (Latin-1) and bytes, one after another. */
export const bytesOf = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : part)),
  );

/** A header chunk. @param division its sixteen bits, such as ticks of a quarter note */
export const header = (format: number, tracks: number, division: number): number[] => [
  ...Buffer.from("MThd"),
  0,
  0,
  0,
  6,
  0,
  format,
  0,
  tracks,
  division >> 8,
  division & 255,
];

/** A track chunk. @param length what it says of its length */
export const track = (body: number[], length = body.length): number[] => [
  ...Buffer.from("MTrk"),
  (length >>> 24) & 255,
  (length >> 16) & 255,
  (length >> 8) & 255,
  length & 255,
  ...body,
];

/** End of track, at once. */
export const END = [0, 0xff, 0x2f, 0];

/** An event's bytes, from its status byte on, at a tick of its track. */
export type TimedBytes = readonly [tick: number, ...bytes: number[]];

/** A file of 96 ticks a quarter note, a track for each list of events; at one tick in their order (gaps to 16,383). */
export function fileOf(...tracks: readonly (readonly TimedBytes[])[]): Uint8Array {
  const chunks = tracks.map((events) => {
    let last = 0;
    const inTime = [...events].sort(([a], [b]) => a - b);
    const body = inTime.flatMap(([tick, ...bytes]) => {
      const delta = tick - last;
      last = tick;
      return [0x80 | (delta >> 7), delta & 127, ...bytes];
    });
    return track([...body, ...END]);
  });
  return bytesOf(header(1, tracks.length, 96), ...chunks);
}
