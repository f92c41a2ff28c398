/** `tokenize` and `detokenize`: MIDI files to token ids and back. */
import { Failure } from "#base/failure.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { leftOutSentences } from "#music/midi/left-out.ts";
import { MAX_MIDI_BYTES, readMidi } from "#music/midi/midi-reader.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import { pieceOf } from "#music/piece.ts";
import { detokenize, tokenize } from "#music/tokens/tokenizer.ts";
import { START } from "#music/tokens/vocabulary.ts";
import { DEFAULT_TEMPO, TEMPO_RANGE } from "#music/units.ts";
import { type Command, required, text } from "./command.ts";
import { readInput, writeWhole } from "./files.ts";

/** Largest file of tokens, in bytes: some millions of ids. */
const LARGEST_TOKENS = 32 * 1024 * 1024;

export const tokenizeCommand: Command = {
  name: "tokenize",
  summary: "Prints the token ids of a MIDI file as JSON.",
  operands: ["in.mid"],
  options: {},
  async run(_values, [path]) {
    const song = readMidi(await readInput(path, MAX_MIDI_BYTES));
    const { notes, counts } = arrange(song);
    for (const remark of [...song.warnings, ...leftOutSentences(counts)]) {
      process.stderr.write(`${remark}\n`);
    }
    const { tokens, clampedDeltas, clampedDurations } = tokenize(pieceOf(notes));
    if (clampedDeltas + clampedDurations > 0) {
      process.stderr.write(
        `Clamped to the grid's limits: ${clampedDeltas} rests, ${clampedDurations} durations.\n`,
      );
    }
    process.stdout.write(`${JSON.stringify(tokens)}\n`);
  },
};

export const detokenizeCommand: Command = {
  name: "detokenize",
  summary: "Writes the piece that token ids say as a MIDI file.",
  operands: ["tokens.json"],
  options: {
    output: { type: "string", short: "o", value: "out.mid", help: "the file to write" },
    tempo: {
      type: "string",
      value: "BPM",
      help: `quarter notes a minute, ${DEFAULT_TEMPO} by default`,
    },
  },
  async run(values, [path]) {
    const output = required(detokenizeCommand, values, "output");
    const tempo = Number(text(values, "tempo") ?? DEFAULT_TEMPO);
    if (!(tempo >= TEMPO_RANGE.lowest && tempo <= TEMPO_RANGE.highest)) {
      const { lowest, highest } = TEMPO_RANGE;
      throw new Failure("usage", `--tempo must be a number from ${lowest} to ${highest}.`);
    }
    const tokens = parseTokens(await readInput(path, LARGEST_TOKENS), path);
    const pieces = tokens.filter((token) => token === START).length;
    const { notes } = detokenize(tokens);
    if (pieces > 1) process.stderr.write(`Of ${pieces} pieces the first is written.\n`);
    await writeWhole(output, writeMidi(notes, { tempos: [{ step: 0, tempo }] }));
    process.stdout.write(`${JSON.stringify({ file: output, notes: notes.length })}\n`);
  },
};

function parseTokens(bytes: Uint8Array, path: string): number[] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new Failure("unreadable", `${path} is not JSON; give a list of token ids.`, { cause });
  }
  if (Array.isArray(json) && json.every((token) => typeof token === "number")) return json;
  throw new Failure("unreadable", `${path} is no list of numbers; give a list of token ids.`);
}
