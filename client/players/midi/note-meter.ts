/**
 * A meter for what only hardware hears: nobody measures that sound, so it is drawn from the notes. A note stands at its
 * velocity, falls slowly while it is held, as most instruments do, and fast once it is over.
 */

/** Milliseconds in which a held note, and one that is over, falls to a third. */
const HELD = 1500;
const OVER = 80;
/** Below this nothing is seen. */
const SILENCE = 0.01;

interface Sounding {
  readonly on: number;
  readonly off: number;
  readonly gain: number;
}

/** The notes of one instrument. */
export class NoteMeter {
  #notes: Sounding[] = [];

  /** A note from `on` to `off`, milliseconds. @param gain 0-1 */
  add(on: number, off: number, gain: number): void {
    this.#notes.push({ on, off, gain });
  }

  /** How loud it is at `now`, 0-1. */
  level(now: number): number {
    this.#notes = this.#notes.filter((note) => now < note.off || gainAt(note, now) > SILENCE);
    return this.#notes.reduce((most, note) => Math.max(most, gainAt(note, now)), 0);
  }

  /** Everything ends at `now`; what was to come does not. */
  end(now: number): void {
    this.#notes = this.#notes
      .filter(({ on }) => on < now)
      .map((note) => ({ ...note, off: Math.min(note.off, now) }));
  }
}

function gainAt({ on, off, gain }: Sounding, now: number): number {
  if (now < on) return 0;
  const held = Math.min(now, off) - on;
  return gain * Math.exp(-held / HELD - Math.max(0, now - off) / OVER);
}
