/** The grid: one step is a 1/32 note. How steps fall into bars a metre says (metre.ts). */

/** Steps in a quarter note. */
export const STEPS_PER_QUARTER = 8;

/** Steps in a whole note. */
export const STEPS_PER_WHOLE = 32;

/** The tempo of a piece that names none, in quarter notes a minute (Standard MIDI Files 1.0). */
export const DEFAULT_TEMPO = 120;

/** Slowest and fastest tempo the instrument offers, in quarter notes a minute. */
export const TEMPO_RANGE = { lowest: 20, highest: 300 } as const;

/** Length of one step in seconds at a tempo in quarter notes a minute. */
export const secondsPerStep = (tempo: number): number => 60 / tempo / STEPS_PER_QUARTER;
