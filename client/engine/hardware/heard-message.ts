/**
 * What hardware says, read from its bytes (MIDI 1.0 specification, tables of messages). Clocks, system exclusive and what
 * else has no channel is for others.
 */

/** A message of a channel, 0-15. Values are 0-127; a bend is -1 to 1. */
export type HeardMessage = { readonly channel: number } & (
  | { readonly kind: "note-on"; readonly pitch: number; readonly velocity: number }
  | { readonly kind: "note-off"; readonly pitch: number }
  | { readonly kind: "key-pressure"; readonly pitch: number; readonly value: number }
  | { readonly kind: "controller"; readonly controller: number; readonly value: number }
  | { readonly kind: "program"; readonly program: number }
  | { readonly kind: "pressure"; readonly value: number }
  | { readonly kind: "bend"; readonly value: number }
);

/** Controllers that mean the same everywhere. */
export const HEARD_CONTROLLERS = {
  modulation: 1,
  dataCoarse: 6,
  dataFine: 38,
  sustain: 64,
  timbre: 74,
  unregisteredFine: 98,
  unregisteredCoarse: 99,
  registeredFine: 100,
  registeredCoarse: 101,
  allSoundOff: 120,
  resetAll: 121,
  allNotesOff: 123,
} as const;

const MIDDLE = 8192;

/** The message that bytes are; undefined for what has no channel, and for what is none. */
export function heardMessage(data: ArrayLike<number>): HeardMessage | undefined {
  const status = data[0] & 0xf0;
  const channel = data[0] & 0x0f;
  const [first, second] = [data[1] & 127, data[2] & 127];
  switch (status) {
    case 0x80:
      return { kind: "note-off", channel, pitch: first };
    case 0x90:
      if (second === 0) return { kind: "note-off", channel, pitch: first };
      return { kind: "note-on", channel, pitch: first, velocity: second };
    case 0xa0:
      return { kind: "key-pressure", channel, pitch: first, value: second };
    case 0xb0:
      return { kind: "controller", channel, controller: first, value: second };
    case 0xc0:
      return { kind: "program", channel, program: first };
    case 0xd0:
      return { kind: "pressure", channel, value: first };
    case 0xe0: {
      const moved = first + 128 * second - MIDDLE;
      return { kind: "bend", channel, value: moved / (moved < 0 ? MIDDLE : MIDDLE - 1) };
    }
    default:
      return undefined;
  }
}
