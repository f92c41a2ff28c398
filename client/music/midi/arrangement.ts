/**
 * From a MIDI file to notes on the grid: each track and channel is given to an instrument class,
 * ticks become steps (musical time, so tempo changes move nothing), and what has no class is
 * dropped and counted.
 */
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { TempoPoint } from "#music/tempo-map.ts";
import { MAX_DURATION } from "#music/tokens/vocabulary.ts";
import { DEFAULT_TEMPO, STEPS_PER_QUARTER } from "#music/units.ts";
import { CHANNELS } from "./event-list.ts";
import type { MidiNote, MidiSong } from "./midi-song.ts";
import { MOST_PORTS } from "./port-names.ts";
import { instrumentOfProgram } from "./program-table.ts";

/** A share of a track's notes from which a second class counts as a real change of instrument. */
const REAL_CHANGE_SHARE = 0.1;

/** A file as notes of our instruments, and what was left out on the way. */
export interface Arrangement {
  /** Canonical notes; durations may exceed what a token can say. */
  readonly notes: readonly Note[];
  readonly tempos: readonly TempoPoint[];
  /** The file's own metres; 4/4 where it names none. */
  readonly metres: MetreMap;
  readonly counts: {
    /** Notes of the file. */
    readonly notes: number;
    /** Notes of programs that fall in no class, sound effects among them. */
    readonly unmapped: number;
    /** Notes on a melodic channel before it names a program, in a file that names some. */
    readonly unclear: number;
    /** Notes longer than 127 steps. */
    readonly long: number;
    /** Notes of channels at volume 0. */
    readonly silent: number;
    /** Notes that fall on one step with another of their key and instrument. */
    readonly merged: number;
  };
}

/** The number of steps in a tick of this file. */
export function stepsPerTick(song: MidiSong): number {
  return song.division.kind === "musical"
    ? STEPS_PER_QUARTER / song.division.ticksPerQuarter
    : ((DEFAULT_TEMPO / 60) * STEPS_PER_QUARTER) / song.division.ticksPerSecond;
}

/** Reads a song as an arrangement for our twelve instruments. Pure. */
export function arrange(song: MidiSong): Arrangement {
  const scale = stepsPerTick(song);
  const namesPrograms = song.notes.some(
    (note) => note.role !== "drums" && note.program !== undefined,
  );
  const parts = new Map<number, MidiNote[]>();
  let silent = 0;
  for (const note of song.notes) {
    if (note.silent) {
      silent++;
      continue;
    }
    const key = (note.track * MOST_PORTS + note.port) * CHANNELS + note.channel;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [note]);
    else part.push(note);
  }
  let unmapped = 0;
  let unclear = 0;
  let long = 0;
  const notes: Note[] = [];
  for (const part of parts.values()) {
    const instrumentOf = assignPart(part);
    for (const note of part) {
      if (note.role !== "drums" && note.program === undefined && namesPrograms) unclear++;
      const instrument = instrumentOf(note);
      if (instrument === undefined) {
        unmapped++;
        continue;
      }
      const duration = Math.max(1, Math.round((note.endTick - note.tick) * scale));
      if (duration > MAX_DURATION) long++;
      notes.push({
        instrument,
        pitch: note.pitch,
        velocity: note.velocity,
        onset: Math.round(note.tick * scale),
        duration,
      });
    }
  }
  const canonical = canonicalNotes(notes);
  const merged = notes.length - canonical.length;
  return {
    notes: canonical,
    // Under SMPTE division ticks are clock time, and tempo events say nothing about them.
    tempos:
      song.division.kind === "smpte"
        ? []
        : song.tempos.map(({ tick, tempo }) => ({ step: tick * scale, tempo })),
    metres: new MetreMap(
      song.meters.map(({ tick, ...metre }) => ({ step: Math.round(tick * scale), metre })),
    ),
    counts: { notes: song.notes.length, unmapped, unclear, long, silent, merged },
  };
}

/**
 * The instrument of each note of one track and channel: the class that holds most of its notes,
 * unless another holds a real share; then each note keeps the class of its own program.
 */
function assignPart(part: readonly MidiNote[]): (note: MidiNote) => Instrument | undefined {
  const own = ({ role, program }: MidiNote): Instrument | undefined => {
    if (role === "drums") return DRUMS;
    return role === "effects" ? undefined : instrumentOfProgram(program ?? 0);
  };
  const counts = new Map<Instrument | undefined, number>();
  for (const note of part) counts.set(own(note), (counts.get(own(note)) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]);
  if (ranked.length > 1 && ranked[1][1] >= REAL_CHANGE_SHARE * part.length) return own;
  const [lead] = ranked[0];
  return () => lead;
}
