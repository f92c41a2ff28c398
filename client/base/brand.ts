/**
 * Branded numbers: the same at run time, different to the compiler.
 * Only what can be swapped by mistake is branded, as in perfetto's ui/src/base/brand.ts.
 */
declare const brand: unique symbol;

/** A `T` that the compiler keeps apart from every other `T`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Time on the audio clock (`AudioContext.currentTime`), in seconds. */
export type Seconds = Brand<number, "Seconds">;

/** Time on the `performance.now()` clock, in milliseconds; at the Web MIDI edge and where work is timed. */
export type Milliseconds = Brand<number, "Milliseconds">;

/** Names a number as audio-clock seconds; the caller vouches for the unit. */
export const seconds = (value: number): Seconds => value as Seconds;

/** Names a number as performance-clock milliseconds; the caller vouches for the unit. */
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
