/** A MIDI file to go on from, read in the page: nothing is sent anywhere. */
import { Failure } from "#base/failure.ts";
import { fits } from "#engine/compose/controls.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { MAX_MIDI_BYTES, readMidi } from "#music/midi/midi-reader.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes, fromFirstBar } from "#music/piece.ts";
import { STEPS_PER_BAR } from "#music/units.ts";
import { count } from "../wording.ts";

/** Notes to go on from, and how to speak of them. */
export interface Prime {
  readonly name: string;
  readonly notes: readonly Note[];
  /** Quarter notes a minute where the file names one within our range. */
  readonly tempo: number | undefined;
  /** "214 notes in 8 bars: Piano, Bass". */
  readonly summary: string;
  /** What was damaged or left out, one sentence each. */
  readonly remarks: readonly string[];
}

/** Reads a file. Rejects with a `Failure` whose message is ready to be shown. */
export async function readPrime(file: File): Promise<Prime> {
  // Looked at before the bytes are: a film dropped by mistake must not be read into memory.
  if (file.size > MAX_MIDI_BYTES) {
    throw new Failure("too-large", `"${file.name}" is too large for a MIDI file; choose another.`);
  }
  const song = readMidi(new Uint8Array(await file.arrayBuffer()));
  const { notes: all, tempos, counts } = arrange(song);
  const notes = fromFirstBar(all, STEPS_PER_BAR);
  if (notes.length === 0) {
    throw new Failure(
      "unreadable",
      `"${file.name}" holds no notes that the twelve instruments can play; choose another.`,
    );
  }
  const instruments = INSTRUMENTS.filter((_, id) => notes.some((note) => note.instrument === id));
  const bars = Math.ceil(endOfNotes(notes) / STEPS_PER_BAR);
  const tempo = tempos[0]?.tempo;
  const usable = tempo !== undefined && fits("tempo", tempo);
  return {
    name: file.name,
    notes,
    tempo: usable ? Math.round(tempo * 10) / 10 : undefined,
    summary: `${count(notes.length, "note")} in ${count(bars, "bar")}: ${instruments.join(", ")}`,
    remarks: [
      ...song.warnings,
      ...(counts.unmapped > 0
        ? [`${count(counts.unmapped, "note")} of sounds that none of the twelve has are left out.`]
        : []),
    ],
  };
}
