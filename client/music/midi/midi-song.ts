/** What a Standard MIDI File says, as far as we use it. */

/** How ticks measure time. */
export type Division =
  | { readonly kind: "musical"; readonly ticksPerQuarter: number }
  | { readonly kind: "smpte"; readonly ticksPerSecond: number };

/** A note of the file. Ticks are absolute; `program` is undefined where none was named before it. */
export interface MidiNote {
  readonly tick: number;
  readonly endTick: number;
  readonly track: number;
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
  program: number | undefined;
}

/** A tempo from a tick on, in quarter notes a minute. */
export interface TempoChange {
  readonly tick: number;
  readonly tempo: number;
}

/** A metre from a tick on, as written: `numerator`/`denominator`. */
export interface MeterChange {
  readonly tick: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** What a Standard MIDI File holds for us. Notes are ordered by tick. */
export interface MidiSong {
  readonly format: 0 | 1;
  readonly division: Division;
  readonly trackCount: number;
  readonly trackNames: readonly string[];
  readonly notes: readonly MidiNote[];
  readonly tempos: readonly TempoChange[];
  readonly meters: readonly MeterChange[];
  /** What was damaged and how it was read all the same, one sentence each. */
  readonly warnings: readonly string[];
}
