/** Songs as the MIDI reader gives them, made by hand for tests of what is read into them. */
import { DRUM_CHANNEL } from "#music/instrument.ts";
import type { MidiNote, MidiSong } from "#music/midi/midi-song.ts";

/** Notes of one track and channel, one for each program; undefined where none was named yet. */
export interface Part {
  readonly track?: number;
  readonly channel?: number;
  readonly programs: readonly (number | undefined)[];
  /** Pitch of each note; a scale from middle C where undefined. */
  readonly pitch?: (index: number) => number;
}

/** How a song's notes lie in time. */
export interface SongSettings {
  /** Ticks of a quarter note, 480 where undefined. */
  readonly division?: number;
  /** Onset and length of a part's notes, in quarter notes; one eighth after another where undefined. */
  readonly place?: (index: number) => { readonly at: number; readonly length: number };
}

const eighths = (index: number) => ({ at: index / 2, length: 0.5 });

/** A song of parts, each with its first note at `place(0)`. */
export function songOf(parts: readonly Part[], settings: SongSettings = {}): MidiSong {
  const { division = 480, place = eighths } = settings;
  const notes = parts.flatMap((part): MidiNote[] =>
    part.programs.map((program, index) => {
      const { at, length } = place(index);
      return {
        tick: Math.round(at * division),
        endTick: Math.round((at + length) * division),
        track: part.track ?? 1,
        port: 0,
        channel: part.channel ?? 0,
        pitch: part.pitch?.(index) ?? 60 + (index % 24),
        velocity: 80,
        program,
        role: part.channel === DRUM_CHANNEL ? "drums" : "melody",
        silent: false,
      };
    }),
  );
  return {
    format: 1,
    division: { kind: "musical", ticksPerQuarter: division },
    trackCount: 1,
    trackNames: [],
    title: undefined,
    notes: notes.sort((a, b) => a.tick - b.tick),
    tempos: [],
    meters: [],
    texts: [],
    warnings: [],
  };
}
