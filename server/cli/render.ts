/** `render`: a MIDI file to MP3 or WAV with the instrument's own sounds. */
import { basename, dirname, extname, join } from "node:path";
import { Failure } from "#base/failure.ts";
import { MAX_MIDI_BYTES } from "#music/midi/midi-reader.ts";
import { NEVER } from "../never.ts";
import { parseAudioFormat, partName, partsOf, shareOf, titleOfPart } from "../offline/audio.ts";
import { renderAudio } from "../offline/render-audio.ts";
import { readSong, type SongLimits } from "../offline/song.ts";
import { packageRoot } from "../package-root.ts";
import { Presets } from "../presets.ts";
import { type Command, required, text } from "./command.ts";
import { readInput, writeWhole } from "./files.ts";
import { Progress } from "./progress.ts";

/** An hour of stereo sound fills 1.3 GB while it is made. */
const LIMITS: SongLimits = { seconds: 3600, notes: 500_000 };

export const renderCommand: Command = {
  name: "render",
  summary: "Renders a MIDI file to MP3 or WAV with the instrument's own sounds.",
  operands: ["in.mid"],
  options: {
    output: {
      type: "string",
      short: "o",
      value: "out.mp3",
      help: "the file to write, .mp3 or .wav",
    },
    kit: { type: "string", value: "NAME", help: "a sound kit of presets/kits" },
    stems: { type: "boolean", help: "writes each instrument alone as well, out-<instrument>.mp3" },
  },
  async run(values, [path]) {
    const output = required(renderCommand, values, "output");
    const extension = extname(output);
    if (extension === "") {
      throw new Failure("usage", `${output} names no format; end it in .mp3 or .wav.`);
    }
    const format = parseAudioFormat(extension.slice(1).toLowerCase());
    const presets = new Presets(join(packageRoot(), "presets"));
    const kit = await presets.kit(text(values, "kit"));
    const song = readSong(await readInput(path, MAX_MIDI_BYTES), LIMITS);
    for (const remark of song.remarks) process.stderr.write(`${remark}\n`);
    const parts = partsOf(song, values.stems === true);
    const progress = new Progress("Rendering");
    const base = join(dirname(output), basename(output, extension));
    const title = song.title ?? basename(path, extname(path));
    const files: string[] = [];
    for (const [index, part] of parts.entries()) {
      const audio = await renderAudio({
        notes: part.notes,
        seconds: song.seconds,
        kitFolder: kit.path,
        format,
        ...titleOfPart(title, part),
        onProgress: shareOf((share) => progress.show(share), index, parts.length),
        signal: NEVER,
      });
      const file = part.instrument === undefined ? output : partName(base, part, format);
      await writeWhole(file, audio);
      files.push(file);
    }
    progress.end();
    const result = {
      files,
      seconds: Number(song.seconds.toFixed(3)),
      notes: song.notes.length,
      remarks: song.remarks,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  },
};
