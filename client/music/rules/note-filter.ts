/** What narrows the notes that a grammar may let follow: `Constraint` is one, tests have others. */
import type { Instrument } from "#music/instrument.ts";
import type { DensityLimit } from "./density-limit.ts";

/** Narrows which notes (instrument * 128 + pitch, 1,536 of them) may be struck. */
export interface NoteFilter {
  /**
   * Writes 1 (may be struck at `onset`) or 0 for every note into `allowed`. It may leave nothing, and does not wherever a
   * time token reaches.
   */
  fill(allowed: Uint8Array, onset: number): void;
  /** The same where time cannot move on to what is waited for: it leaves something. As `fill` where undefined. */
  fillAnyway?(allowed: Uint8Array, onset: number): void;
  /** Clears what may not sound at `step` where it was struck before; may leave nothing. All may where undefined. */
  hold?(allowed: Uint8Array, step: number): void;
  /** The first step after `onset` from which `fill` or `hold` may say something else; never where undefined. */
  changesAfter?(onset: number): number;
  /** While this number stays, `fill` and `hold` say of every onset what they said before; for ever where undefined. */
  readonly hearing?: number;
  /** Whether that number is another after every note; not where undefined. */
  readonly hearsEveryNote?: boolean;
  /** Learns of a note that was struck at `onset` (steps since the piece began). */
  push(instrument: Instrument, pitch: number, onset: number, duration: number): void;
  /** When another note may be struck, by how many there were; always where undefined. */
  readonly densityLimit?: DensityLimit | undefined;
}
