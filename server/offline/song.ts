/**
 * A MIDI file as sound is rendered from it: our twelve instruments, the file's own tempo map, times
 * in seconds. Bounded, because a file of a few bytes can claim to last for days.
 */
import { seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes } from "#music/piece.ts";
import { TempoMap, type TempoPoint } from "#music/tempo-map.ts";
import { RENDER_TAIL } from "#sound/offline.ts";

/** Music with its place in time. */
export interface Song {
  /** By start. */
  readonly notes: readonly TimedNote[];
  /** Length of the rendering: the music, then the tail in which it dies away. */
  readonly seconds: number;
}

/** Bounds of what is rendered. */
export interface SongLimits {
  readonly seconds: number;
  readonly notes: number;
}

/** Places notes in time. @param endStep where the music ends; the tail follows */
export function placeNotes(
  notes: readonly Note[],
  tempos: readonly TempoPoint[],
  endStep = endOfNotes(notes),
): Song {
  const map = new TempoMap(tempos);
  return {
    notes: notes.map(({ instrument, pitch, velocity, onset, duration }) => {
      const start = map.toSeconds(onset);
      const length = map.toSeconds(onset + duration) - start;
      return { instrument, pitch, velocity, start: seconds(start), length: seconds(length) };
    }),
    seconds: map.toSeconds(endStep) + RENDER_TAIL,
  };
}

/**
 * Reads a MIDI file to be rendered.
 * @throws Failure as `readMidi`; "unreadable" where nothing would sound; "too-large" over the limits
 */
export function readSong(bytes: Uint8Array, limits: SongLimits): Song {
  const { notes, tempos, counts } = arrange(readMidi(bytes));
  if (notes.length === 0) {
    throw new Failure(
      "unreadable",
      counts.notes === 0
        ? "The MIDI file holds no notes; choose one that does."
        : "The MIDI file holds only sound effects, which none of the twelve instruments plays.",
    );
  }
  if (notes.length > limits.notes) {
    throw new Failure(
      "too-large",
      `The MIDI file has ${notes.length} notes and the limit is ${limits.notes}; split it.`,
    );
  }
  const song = placeNotes(notes, tempos);
  if (!(song.seconds <= limits.seconds)) {
    const asked = Math.ceil(song.seconds / 60);
    throw new Failure(
      "too-large",
      `The music lasts ${asked} minutes and the limit is ${limits.seconds / 60}; split the file.`,
    );
  }
  return song;
}
