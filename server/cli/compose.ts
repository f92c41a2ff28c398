/** `compose`: new music as MIDI, MP3 and WAV files; one line of JSON a track. */
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "#base/failure.ts";
import { type ComposeRequest, chartFileName, trackTitle } from "#engine/compose/compose-request.ts";
import { PIECE_CONTROLS, type PieceControlName } from "#engine/compose/controls.ts";
import { endStepOf, metresOf, temposOf } from "#engine/compose/piece-time.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { metreName, OFFERED_METRES } from "#music/metre.ts";
import { MAX_MIDI_BYTES } from "#music/midi/midi-reader.ts";
import { NEVER } from "../never.ts";
import { AUDIO_TYPES, type AudioFormat, parseAudioFormat } from "../offline/audio.ts";
import { type ComposedTrack, type ComposingModel, composeTracks } from "../offline/compose.ts";
import { leadNames, parseComposeOptions } from "../offline/compose-options.ts";
import { renderAudio } from "../offline/render-audio.ts";
import { placeNotes } from "../offline/song.ts";
import { packageRoot } from "../package-root.ts";
import { Presets } from "../presets.ts";
import { type Command, type CommandOption, type OptionValues, text } from "./command.ts";
import { makeFolder, readInput, writeWhole } from "./files.ts";
import { Progress } from "./progress.ts";

/** Bytes of a chart's file: that of the longest piece is a tenth. */
const MAX_CHART_BYTES = 1024 * 1024;

/** `topP` is `--top-p`. */
const optionName = (control: PieceControlName): string =>
  control.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The options that take a number, as the controls are declared. */
const NUMBER_OPTIONS: Record<string, CommandOption> = Object.fromEntries(
  Object.entries(PIECE_CONTROLS).map(([name, { lowest, highest, usual, hint, unit = "N" }]) => [
    optionName(name as PieceControlName),
    {
      type: "string",
      value: unit.toUpperCase(),
      help: `${hint}, ${lowest} to ${highest}, ${usual === undefined ? "random" : usual} by default`,
    },
  ]),
);

export const composeCommand: Command = {
  name: "compose",
  summary: "Composes tracks and writes them as files.",
  operands: [],
  options: {
    instrument: { type: "string", value: "NAME", help: `the lead: ${leadNames()}` },
    drums: { type: "boolean", help: "adds drums" },
    band: {
      type: "string",
      value: "A,B",
      help: "who may accompany the lead; without it the model chooses",
    },
    ...NUMBER_OPTIONS,
    key: { type: "string", value: '"D minor"', help: "tonic and scale that the melody keeps to" },
    metre: {
      type: "string",
      value: "3/4",
      help: `${OFFERED_METRES.map(metreName).join(", ")}; 4/4 by default, after --prime its own`,
    },
    chart: {
      type: "string",
      value: "FILE",
      help: 'chords and sections, as text like "| Am | F | C G | x2" or as JSON; what is open is arranged',
    },
    style: { type: "string", value: "NAME", help: `arranged as in ${STYLES.join(", ")}` },
    prime: {
      type: "string",
      value: "in.mid",
      help: "music to go on from, at its tempo if no other is named",
    },
    format: { type: "string", value: "mid,mp3,wav", help: "files to write, mid,mp3 by default" },
    kit: { type: "string", value: "NAME", help: "a sound kit of presets/kits" },
    model: {
      type: "string",
      value: "NAME",
      help: "a model of presets/models, or a model's folder",
    },
    out: { type: "string", value: "DIR", help: "folder to write to, this one by default" },
  },
  async run(values) {
    const remarks: string[] = [];
    const request = await readRequest(values, (remark) => remarks.push(remark));
    for (const remark of remarks) process.stderr.write(`${remark}\n`);
    const formats = parseFormats(text(values, "format") ?? "mid,mp3");
    const presets = new Presets(join(packageRoot(), "presets"));
    const audioFormats = formats.filter((format): format is AudioFormat => format !== "mid");
    const modelFolder = await findModel(presets, text(values, "model"));
    const kitName = text(values, "kit");
    const needsKit = audioFormats.length > 0 || kitName !== undefined;
    const kitFolder = needsKit ? (await presets.kit(kitName)).path : undefined;
    const out = text(values, "out") ?? ".";
    await makeFolder(out);

    const { model, composed } = await composeAll(modelFolder, request);
    const lines: object[] = [];
    for (const track of composed) {
      const files: string[] = [];
      const title = trackTitle(track.name);
      const song = placeNotes(track.notes, temposOf(request), endStepOf(request), title);
      for (const format of formats) {
        const file = join(out, `${track.name}.${format}`);
        if (format === "mid") await writeWhole(file, track.midi);
        else if (kitFolder !== undefined) {
          const progress = new Progress(`Rendering ${file}`);
          const onProgress = (share: number) => progress.show(share);
          const order = { ...song, kitFolder, format, onProgress, signal: NEVER };
          await writeWhole(file, await renderAudio(order));
          progress.end();
        }
        files.push(file);
      }
      const beside = formats.includes("mid");
      const chart = join(out, chartFileName(track.name));
      if (beside) await writeWhole(chart, Buffer.from(track.chart));
      const result = resultOf(track, model, request, files, song.seconds);
      lines.push({ ...result, ...(beside ? { chart } : {}), remarks });
    }
    for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  },
};

async function readRequest(
  values: OptionValues,
  tell: (remark: string) => void,
): Promise<ComposeRequest> {
  const path = text(values, "prime");
  const chart = text(values, "chart");
  const controls = Object.keys(PIECE_CONTROLS).map((name) => [
    name,
    optionName(name as PieceControlName),
  ]);
  const given = [
    ...controls,
    ...["instrument", "band", "key", "metre", "style"].map((name) => [name, name]),
  ];
  const options = Object.fromEntries(
    given.flatMap(([name, option]) => {
      const value = values[option];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return parseComposeOptions(
    {
      ...options,
      drums: values.drums === true,
      ...(chart === undefined
        ? {}
        : { chart: new TextDecoder().decode(await readInput(chart, MAX_CHART_BYTES)) }),
      ...(path === undefined ? {} : { prime: await readInput(path, MAX_MIDI_BYTES) }),
    },
    randomInt(2 ** 32),
    tell,
  );
}

function parseFormats(list: string): ("mid" | AudioFormat)[] {
  const names = new Set(list.split(",").map((name) => name.trim().toLowerCase()));
  return [...names].map((name) => {
    if (name !== "mid" && !Object.hasOwn(AUDIO_TYPES, name)) {
      throw new Failure("usage", `--format knows no "${name}"; choose from mid, mp3, wav.`);
    }
    return name === "mid" ? name : parseAudioFormat(name);
  });
}

/** A model by id, or by the folder it lies in. */
async function findModel(presets: Presets, name: string | undefined): Promise<string> {
  if (name !== undefined && existsSync(join(name, "manifest.json"))) return name;
  return (await presets.model(name)).path;
}

async function composeAll(
  modelFolder: string,
  request: ComposeRequest,
): Promise<{ model: ComposingModel; composed: ComposedTrack[] }> {
  const composed: ComposedTrack[] = [];
  let model: ComposingModel | undefined;
  const bars = Array.from({ length: request.tracks }, (_, index) => {
    return new Progress(`Composing track ${index + 1} of ${request.tracks}`);
  });
  await composeTracks(
    { modelFolder, request },
    (reply) => {
      if (reply.kind === "model") model = reply.model;
      else if (reply.kind === "track") {
        bars[reply.track.n - 1].end();
        composed.push(reply.track);
      } else bars[reply.n - 1].show(reply.share, `${reply.tokens} tokens`);
    },
    NEVER,
  );
  if (model === undefined) throw new Error("the composing thread named no model");
  return { model, composed };
}

function resultOf(
  track: ComposedTrack,
  model: ComposingModel,
  request: ComposeRequest,
  files: readonly string[],
  seconds: number,
): object {
  return {
    track: track.name,
    files,
    seed: request.seed,
    bars: request.bars,
    tempo: request.tempo,
    metre: metreName(metresOf(request).bar(request.bars - 1).metre),
    seconds: Number(seconds.toFixed(3)),
    notes: track.notes.length,
    tokens: track.tokens,
    tokensPerSecond: Math.round((1000 * track.tokens) / track.milliseconds),
    model: model.id,
    backend: model.backend,
  };
}
