/** `inspect`: what preparation sees in a MIDI file, and whether it would teach the model. */
import { Failure } from "#base/failure.ts";
import { namesChord } from "#music/chart/chord-names.ts";
import { describe } from "#music/chart/describe.ts";
import { INSTRUMENTS } from "#music/instrument.ts";
import { measure } from "#music/measures.ts";
import { type Arrangement, arrange } from "#music/midi/arrangement.ts";
import { MAX_MIDI_BYTES, readMidi } from "#music/midi/midi-reader.ts";
import type { WrittenText } from "#music/midi/midi-song.ts";
import {
  judge,
  LARGEST_TRAINING_FILE,
  REFUSALS,
  type Refusal,
  trainingPiece,
} from "#music/midi/selection.ts";
import type { Note } from "#music/note.ts";
import { endOfNotes } from "#music/piece.ts";
import { TempoMap } from "#music/tempo-map.ts";
import { chartLines } from "./chart-lines.ts";
import type { Command } from "./command.ts";
import { readInput } from "./files.ts";

export const inspectCommand: Command = {
  name: "inspect",
  summary: "Prints what a MIDI file holds as JSON, and why training would refuse it.",
  operands: ["in.mid"],
  options: {},
  async run(_values, [path]) {
    const bytes = await readInput(path, MAX_MIDI_BYTES);
    process.stdout.write(`${JSON.stringify(report(bytes), undefined, 2)}\n`);
  },
};

/** A file's description. One that cannot be read is described as that. */
function report(bytes: Uint8Array): object {
  let song: ReturnType<typeof readMidi>;
  try {
    song = readMidi(bytes);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { bytes: bytes.length, error: error.message, training: training("unreadable") };
  }
  const arrangement = arrange(song);
  const { notes, tempos, metres, counts } = arrangement;
  const end = endOfNotes(notes);
  const piece = trainingPiece(arrangement);
  return {
    bytes: bytes.length,
    format: song.format,
    division: song.division,
    tracks: song.trackNames,
    tempos: song.tempos,
    metres: song.meters,
    ...writtenOf(song.texts),
    steps: end,
    bars: metres.barsIn(end),
    seconds: Number(new TempoMap(tempos).toSeconds(end).toFixed(3)),
    notes: counts,
    instruments: instrumentsOf(notes),
    measures: measure(notes, metres),
    lead: notes.length === 0 ? undefined : INSTRUMENTS[piece.lead],
    chart: chartLines(describe(piece.notes, piece.metres), piece.metres),
    warnings: song.warnings,
    training: training(refusalOf(bytes, arrangement)),
  };
}

/** The section markers that stand in a file, and those of its texts that name chords. */
const writtenOf = (texts: readonly WrittenText[]): object => ({
  markers: texts.filter(({ kind }) => kind === "marker").map(({ tick, text }) => ({ tick, text })),
  chords: texts
    .filter(({ kind, text }) => kind === "text" && namesChord(text))
    .map(({ tick, text }) => ({ tick, text })),
});

const refusalOf = (bytes: Uint8Array, arrangement: Arrangement): Refusal | undefined =>
  bytes.length > LARGEST_TRAINING_FILE ? "too-large" : judge(arrangement);

const training = (refused: Refusal | undefined): object =>
  refused === undefined
    ? { accepted: true }
    : { accepted: false, cause: refused, reason: REFUSALS[refused] };

function instrumentsOf(notes: readonly Note[]): object[] {
  return [...INSTRUMENTS.entries()].flatMap(([instrument, name]) => {
    const own = notes.filter((note) => note.instrument === instrument);
    if (own.length === 0) return [];
    const pitches = own.reduce(
      ({ lowest, highest }, { pitch }) => ({
        lowest: Math.min(lowest, pitch),
        highest: Math.max(highest, pitch),
      }),
      { lowest: 127, highest: 0 },
    );
    return [{ instrument: name, notes: own.length, ...pitches }];
  });
}
