/** What a filter leaves of the notes, as the grammars of all tokenizations ask it. */
import { DRUMS } from "#music/instrument.ts";
import { STEPS_PER_QUARTER } from "#music/units.ts";
import type { NoteFilter } from "./note-filter.ts";
import { clear } from "./rule.ts";

/** Writes what may be struck at `onset` into `allowed`, a byte a note: everything without a filter. */
export function fillAllowed(
  allowed: Uint8Array,
  filter: NoteFilter | undefined,
  onset: number,
): void {
  if (filter === undefined) allowed.fill(1);
  else filter.fill(allowed, onset);
}

/**
 * Longest stroke of the drums, in steps: a quarter. Of 322,000 strokes of training music 0.6 % are longer, and nobody hears
 * it. Long durations are for who holds a note; otherwise rules that end notes would leave them to the drums.
 */
export const LONGEST_STROKE = STEPS_PER_QUARTER;

/**
 * Leaves of the notes at `onset` those that may sound for `duration` steps. Returns how long one of them may, at most
 * `duration`: where that is less, none is left.
 */
export function hold(
  allowed: Uint8Array,
  filter: NoteFilter | undefined,
  onset: number,
  duration: number,
): number {
  const changesAfter = (step: number): number =>
    (filter?.hold && filter.changesAfter?.(step)) ?? Number.POSITIVE_INFINITY;
  const stroke = onset + LONGEST_STROKE;
  let change = changesAfter(onset);
  for (let step = onset; ; ) {
    step = Math.min(change, step < stroke ? stroke : Number.POSITIVE_INFINITY);
    if (step >= onset + duration) return duration;
    if (step === stroke) clear(allowed, DRUMS);
    if (step === change) {
      filter?.hold?.(allowed, step);
      change = changesAfter(step);
    }
    if (!allowed.includes(1)) return step - onset;
  }
}

/** The step from which an allowed note is free; Infinity where none is allowed. @param soundingUntil by note */
export function firstFree(allowed: Uint8Array, soundingUntil: ArrayLike<number>): number {
  let first = Number.POSITIVE_INFINITY;
  for (let note = 0; note < allowed.length; note++)
    if (allowed[note] === 1) first = Math.min(first, soundingUntil[note]);
  return first;
}
