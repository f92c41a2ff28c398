/**
 * Music as sound is rendered from it, in seconds: composed notes from their steps, a MIDI file's
 * from its own ticks and tempo map, with what its controllers do. Bounded, because a file of a few bytes can claim to last for days.
 */
import { seconds } from "#base/brand.ts";
import { Failure } from "#base/failure.ts";
import type { TimedNote } from "#engine/play/player.ts";
import { leftOutSentences } from "#music/midi/left-out.ts";
import { readPerformance } from "#music/midi/midi-reader.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes } from "#music/piece.ts";
import { TempoMap, type TempoPoint } from "#music/tempo-map.ts";
import { RENDER_TAIL } from "#sound/offline.ts";

/** Music with its place in time. */
export interface Song {
  /** What it is called, where it says so. */
  readonly title: string | undefined;
  /** By start. */
  readonly notes: readonly TimedNote[];
  /** Length of the rendering: the music, then the tail in which it dies away. */
  readonly seconds: number;
  /** What was damaged or is left out, one sentence each. */
  readonly remarks: readonly string[];
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
  title?: string,
): Song {
  const map = new TempoMap(tempos);
  return {
    notes: notes.map(({ instrument, pitch, velocity, onset, duration }) => {
      const start = map.toSeconds(onset);
      const length = map.toSeconds(onset + duration) - start;
      return { instrument, pitch, velocity, start: seconds(start), length: seconds(length) };
    }),
    title,
    seconds: map.toSeconds(endStep) + RENDER_TAIL,
    remarks: [],
  };
}

/**
 * Reads a MIDI file to be rendered.
 * @throws Failure as `readMidi`; "unreadable" where nothing would sound; "too-large" over the limits
 */
export function readSong(bytes: Uint8Array, limits: SongLimits): Song {
  const { notes, counts, title, warnings } = readPerformance(bytes);
  if (notes.length === 0) {
    throw new Failure(
      "unreadable",
      counts.notes === 0
        ? "The MIDI file holds no notes; choose one that does."
        : `Nothing of the MIDI file can be heard. ${leftOutSentences(counts).join(" ")}`,
    );
  }
  if (notes.length > limits.notes) {
    throw new Failure(
      "too-large",
      `The MIDI file has ${notes.length} notes and the limit is ${limits.notes}; split it.`,
    );
  }
  const end = notes.reduce((latest, { start, length }) => Math.max(latest, start + length), 0);
  const song: Song = {
    title,
    notes: notes.map((note) => ({
      ...note,
      start: seconds(note.start),
      length: seconds(note.length),
    })),
    seconds: end + RENDER_TAIL,
    remarks: [...warnings, ...leftOutSentences(counts)],
  };
  if (!(song.seconds <= limits.seconds)) {
    const asked = Math.ceil(song.seconds / 60);
    throw new Failure(
      "too-large",
      `The music lasts ${asked} minutes and the limit is ${limits.seconds / 60}; split the file.`,
    );
  }
  return song;
}
