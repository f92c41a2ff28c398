/** What a filter leaves of the notes, as the grammars of all tokenizations ask it. */
import type { NoteFilter } from "./note-filter.ts";

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
 * Leaves of the notes at `onset` those that may sound for `duration` steps. Returns how long one of them may, at most
 * `duration`: where that is less, none is left.
 */
export function hold(
  allowed: Uint8Array,
  filter: NoteFilter | undefined,
  onset: number,
  duration: number,
): number {
  if (filter?.hold === undefined || filter.changesAfter === undefined) return duration;
  for (let step = filter.changesAfter(onset); step < onset + duration; ) {
    filter.hold(allowed, step);
    if (!allowed.includes(1)) return step - onset;
    step = filter.changesAfter(step);
  }
  return duration;
}

/** The step from which an allowed note is free; Infinity where none is allowed. @param soundingUntil by note */
export function firstFree(allowed: Uint8Array, soundingUntil: ArrayLike<number>): number {
  let first = Number.POSITIVE_INFINITY;
  for (let note = 0; note < allowed.length; note++)
    if (allowed[note] === 1) first = Math.min(first, soundingUntil[note]);
  return first;
}
