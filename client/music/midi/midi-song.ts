/** What a Standard MIDI File says, as far as we use it. */

/** How ticks measure time. */
export type Division =
  | { readonly kind: "musical"; readonly ticksPerQuarter: number }
  | { readonly kind: "smpte"; readonly ticksPerSecond: number };

/** What a channel plays: pitches, keys of a drum kit, or keys that each are some sound effect. */
export type ChannelRole = "melody" | "drums" | "effects";

/** A note of the file. Ticks are absolute. */
export interface MidiNote {
  readonly tick: number;
  /** Where it ends to the ear: at its release, or where the pedals let go of it. */
  readonly endTick: number;
  readonly track: number;
  /** A port's sixteen channels are its own; 0 where the file names none. */
  readonly port: number;
  readonly channel: number;
  readonly pitch: number;
  readonly velocity: number;
  /** GM program 0-127; undefined where none was named before the note. */
  readonly program: number | undefined;
  readonly role: ChannelRole;
  /** Whether its channel's volume or expression, or the master volume, is 0 from its first tick to its last. */
  readonly silent: boolean;
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

/** A marker or a text, such as the name of a section or a chord. */
export interface WrittenText {
  readonly tick: number;
  readonly kind: "marker" | "text";
  readonly text: string;
}

/** What a Standard MIDI File holds for us. Notes are ordered by tick. */
export interface MidiSong {
  readonly format: 0 | 1 | 2;
  readonly division: Division;
  readonly trackCount: number;
  readonly trackNames: readonly string[];
  /** What the song is called: the name of a first track that holds no notes, or of the only one. */
  readonly title: string | undefined;
  readonly notes: readonly MidiNote[];
  readonly tempos: readonly TempoChange[];
  readonly meters: readonly MeterChange[];
  /** Markers and texts, the first thousands of them. */
  readonly texts: readonly WrittenText[];
  /** What was damaged and how it was read all the same, one sentence each. */
  readonly warnings: readonly string[];
}
