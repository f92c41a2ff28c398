/**
 * A control of a controller, as its messages name it: a knob or fader (7 bits, 14 bits by a pair of controllers, 14 bits by
 * an unregistered parameter, a bend as motor faders send it), a pad, a program. And how a knob without ends says its turns.
 */

/** How values are meant: where a control stands, or how far it was turned since (three usages of makers). */
export const ENCODINGS = ["absolute", "two's complement", "offset", "sign"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** The highest value of 14 bits. */
export const FINEST = 16383;
/** The lower half of a controller of 14 bits has its number and this (MIDI 1.0: 0-31 with 32-63). */
export const LOWER_HALF = 32;

/** See the header. Channels 0-15. */
export type ControlSource =
  | { readonly kind: "controller"; readonly channel: number; readonly number: number }
  | { readonly kind: "pair"; readonly channel: number; readonly number: number }
  | { readonly kind: "parameter"; readonly channel: number; readonly number: number }
  | { readonly kind: "bend"; readonly channel: number; readonly number: 0 }
  | { readonly kind: "pad"; readonly channel: number; readonly number: number }
  | { readonly kind: "program"; readonly channel: number; readonly number: number };

/** The kinds, each with the highest number it has. */
export const SOURCE_KINDS = {
  controller: 127,
  pair: 31,
  parameter: 16383,
  bend: 0,
  pad: 127,
  program: 127,
} as const satisfies Record<ControlSource["kind"], number>;

/** Whether two are the same control of their controllers. */
export const sameSource = (a: ControlSource, b: ControlSource): boolean =>
  a.kind === b.kind && a.channel === b.channel && a.number === b.number;

/** A control was moved. */
export interface ControlMove {
  readonly source: ControlSource;
  /** 0-1, where it stands. */
  readonly share: number;
  /** The byte heard, 0-127; of 14 bits the upper one. */
  readonly value: number;
}

/** Largest turn that tells an encoding. */
const FARTHEST_TURN = 16;
const MIDDLE = 64;

const isOffset = (value: number): boolean => Math.abs(value - MIDDLE) <= FARTHEST_TURN;
const isForth = (value: number): boolean => value >= 1 && value <= FARTHEST_TURN;
const isComplementBack = (value: number): boolean => value >= 128 - FARTHEST_TURN;
const isSignBack = (value: number): boolean => value > MIDDLE && value <= MIDDLE + FARTHEST_TURN;

/**
 * What the values of a control mean that was turned to the right and then to the left. A control with ends never says
 * the same twice in a row; one without repeats itself, and stays close to a middle that its encoding has.
 */
export function encodingOf(values: readonly number[]): Encoding {
  const repeats = values.some((value, index) => index > 0 && value === values[index - 1]);
  if (!repeats) return "absolute";
  if (values.every((value) => value !== MIDDLE && isOffset(value))) return "offset";
  if (values.every((value) => isForth(value) || isComplementBack(value))) return "two's complement";
  return values.every((value) => isForth(value) || isSignBack(value)) ? "sign" : "absolute";
}

/** Steps that a relative value turns, below 0 to the left. */
export function turnOf(value: number, encoding: Exclude<Encoding, "absolute">): number {
  switch (encoding) {
    case "two's complement":
      return value < MIDDLE ? value : value - 128;
    case "offset":
      return value - MIDDLE;
    case "sign":
      return value < MIDDLE ? value : MIDDLE - value;
  }
}
