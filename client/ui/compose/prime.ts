/** A MIDI file to go on from, read in the page: nothing is sent anywhere. */
import { Failure } from "#base/failure.ts";
import { within } from "#engine/compose/controls.ts";
import { lastMetre } from "#engine/compose/piece-time.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { type Metre, MetreMap } from "#music/metre.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { leftOutSentences } from "#music/midi/left-out.ts";
import { MAX_MIDI_BYTES, readMidi } from "#music/midi/midi-reader.ts";
import { openingTempo, type Prime, primeOf } from "#music/midi/prime.ts";
import { endOfNotes } from "#music/piece.ts";
import { HINTS } from "../wording/hints.ts";
import { count } from "../wording.ts";

/** Music to go on from, and how to speak of it. */
export interface PrimeFile {
  readonly name: string;
  readonly music: Prime;
  /** What the form is set to: quarter notes a minute, within our range, and the metre that it ends in. */
  readonly tempo: number;
  readonly metre: Metre;
  /** "214 notes in 8 bars: Piano, Bass". */
  readonly summary: string;
  /** What was damaged or left out, one sentence each. */
  readonly remarks: readonly string[];
}

/** Reads a file. Rejects with a `Failure` whose message is ready to be shown. */
export async function readPrime(file: File): Promise<PrimeFile> {
  // Looked at before the bytes are: a film dropped by mistake must not be read into memory.
  if (file.size > MAX_MIDI_BYTES) {
    throw new Failure("too-large", HINTS.fileTooLarge(file.name));
  }
  const song = readMidi(new Uint8Array(await file.arrayBuffer()));
  const arrangement = arrange(song);
  if (arrangement.notes.length === 0) {
    throw new Failure("unreadable", HINTS.fileWithoutNotes(file.name));
  }
  const music = primeOf(arrangement);
  const { notes } = music;
  const instruments = INSTRUMENTS.filter((_, id) => notes.some((note) => note.instrument === id));
  const bars = new MetreMap(music.metres).barsIn(endOfNotes(notes));
  return {
    name: file.name,
    music,
    tempo: within("tempo", openingTempo(music)),
    metre: lastMetre(music),
    summary: `${count(notes.length, "note")} in ${count(bars, "bar")}: ${instruments.join(", ")}`,
    remarks: [
      ...(music.tempos.length > 1 ? [HINTS.temposKept] : []),
      ...(music.metres.length > 1 ? [HINTS.metresKept] : []),
      ...song.warnings,
      ...leftOutSentences(arrangement.counts),
    ],
  };
}
