/** Every command does its work, run as a process. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DRUMS } from "#music/instrument.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { RENDER_TAIL } from "#sound/offline.ts";
import { cadenza, cadenzaFromSources } from "../testing/command-line.ts";
import { decode, peakOf } from "../testing/decode-audio.ts";
import { writeRandomModel } from "../testing/random-model.ts";
import { SAMPLE_MIDI, SAMPLE_NOTES } from "../testing/sample-app.ts";

// Processes and threads start slowly on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cadenza-test-"));
  await writeFile(join(folder, "in.mid"), SAMPLE_MIDI);
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
/** A file kept for a fault that another program had with it. */
const caseFile = (name: string): string =>
  fileURLToPath(new URL(`../../client/music/testing/cases/${name}`, import.meta.url));
const notesIn = async (name: string): Promise<readonly Note[]> =>
  arrange(readMidi(await readFile(at(name)))).notes;

describe("help", () => {
  it.concurrent.each(["compose", "render", "tokenize", "detokenize", "inspect"])(
    "explains %s",
    async (name) => {
      const ended = await cadenza(name, "--help");
      expect(ended).toMatchObject({ status: 0, err: "" });
      expect(ended.out).toContain(`Usage: cadenza ${name}`);
      expect(ended.out).toContain("--help");
    },
  );

  it("lists the commands", async () => {
    const ended = await cadenza("--help");
    expect(ended.status).toBe(0);
    for (const name of ["compose", "render", "tokenize", "detokenize", "inspect"]) {
      expect(ended.out).toMatch(new RegExp(`^  ${name} +[A-Z]`, "m"));
    }
  });
});

describe("tokenize and detokenize", () => {
  it("bring a file's notes back", async () => {
    const tokenized = await cadenza("tokenize", at("in.mid"));
    expect(tokenized).toMatchObject({ status: 0, err: "" });
    const tokens = JSON.parse(tokenized.out) as number[];
    expect(tokens.slice(0, 3)).toEqual([3087, 3073, 3075]); // START, no drums, led by the piano
    await writeFile(at("tokens.json"), tokenized.out);
    const back = await cadenza("detokenize", at("tokens.json"), "-o", at("back.mid"));
    expect(back).toMatchObject({ status: 0, err: "" });
    expect(JSON.parse(back.out)).toEqual({ file: at("back.mid"), notes: 5 });
    expect(await notesIn("back.mid")).toEqual(canonicalNotes(SAMPLE_NOTES));
  });
});

describe("inspect", () => {
  it("describes a file and why training would refuse it", async () => {
    const { status, out } = await cadenza("inspect", at("in.mid"));
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: 1,
      division: { kind: "musical", ticksPerQuarter: 480 },
      bars: 1,
      seconds: 2,
      notes: { notes: 5, unmapped: 0 },
      instruments: [
        { instrument: "Piano", notes: 4, lowest: 60, highest: 72 },
        { instrument: "Bass", notes: 1, lowest: 36, highest: 36 },
      ],
      training: { accepted: false, cause: "too-short", reason: "under 100 notes" },
    });
  });

  it("prints the section markers and chord names that stand in a file", async () => {
    const texts = [
      { kind: "marker", step: 0, text: "Verse" },
      { kind: "text", step: 0, text: "Am" },
      { kind: "text", step: 8, text: "words to sing" },
      { kind: "text", step: 16, text: "F#dim" },
    ] as const;
    await writeFile(at("marked.mid"), writeMidi(SAMPLE_NOTES, { texts }));
    const { markers, chords } = JSON.parse((await cadenza("inspect", at("marked.mid"))).out);
    expect(markers).toEqual([{ tick: 0, text: "Verse" }]);
    expect(chords.map(({ text }: { text: string }) => text)).toEqual(["Am", "F#dim"]);
    expect(chords[1].tick).toBeGreaterThan(0);
  });

  it("counts the bars of the metres that hold", async () => {
    const bars = async (name: string) =>
      JSON.parse((await cadenza("inspect", caseFile(name))).out).bars;
    expect(await bars("50-metre-4-4-then-3-4-at-0.mid")).toBe(8);
    expect(await bars("50c-metre-5-8-8-8.mid")).toBe(3);
  });

  it("accepts what can teach, and describes what cannot be read", async () => {
    const notes = Array.from({ length: 120 }, (_, index) => ({
      ...{ instrument: 0, pitch: 60 + (index % 12), velocity: 90 },
      ...{ onset: index * 4, duration: 4 },
    }));
    await writeFile(at("long.mid"), writeMidi(notes));
    await writeFile(at("text.mid"), "no MIDI");
    const [long, text] = await Promise.all([
      cadenza("inspect", at("long.mid")),
      cadenza("inspect", at("text.mid")),
    ]);
    expect(JSON.parse(long.out).training).toEqual({ accepted: true });
    const { chart, lead } = JSON.parse(long.out);
    expect(lead).toBe("Piano");
    expect(chart).toHaveLength(4); // fifteen bars, four a line
    expect(chart[0]).toBe(
      "1 4/4 | N.C. | N.C. | N.C. | N.C. | density 4444 drums 0000 energy 5555 novelty 4444 lead Piano; Piano",
    );
    expect(text.status).toBe(0);
    expect(JSON.parse(text.out)).toMatchObject({
      error: expect.stringMatching(/not a Standard MIDI File/),
      training: { accepted: false, cause: "unreadable" },
    });
  });
});

describe("render", () => {
  it("follows the file's tempo, and writes stems as long as the mix", async () => {
    const slow = [
      { step: 0, tempo: 120 },
      { step: 16, tempo: 60 },
    ];
    const piano = SAMPLE_NOTES.filter((note) => note.instrument === 0);
    await writeFile(at("slow.mid"), writeMidi(piano, { tempos: slow }));
    const ended = await cadenza("render", at("slow.mid"), "--stems", "-o", at("slow.mp3"));
    expect(ended.status).toBe(0);
    expect(ended.err).toMatch(/Rendering 100 %/);
    const { files, seconds, notes } = JSON.parse(ended.out);
    expect(files).toEqual(["slow.mp3", "slow-piano.mp3"].map(at));
    expect([seconds, notes]).toEqual([1 + 2 + RENDER_TAIL, 4]);
    const durations = [];
    for (const file of files) {
      const audio = await decode(await readFile(file));
      expect(peakOf(audio)).toBeGreaterThan(0.02);
      expect(peakOf(audio)).toBeLessThan(1);
      durations.push(audio.duration);
    }
    expect(new Set(durations).size).toBe(1);
    // The encoder pads by less than three frames of 1,152.
    expect(durations[0]).toBeGreaterThanOrEqual(seconds);
    expect(durations[0]).toBeLessThan(seconds + (3 * 1152) / 44_100);
  });

  it("writes WAV of exactly the music's length, and no half file", async () => {
    const ended = await cadenzaFromSources("render", at("in.mid"), "-o", at("out.wav"));
    expect(ended.status).toBe(0);
    const wav = await readFile(at("out.wav"));
    expect(wav.subarray(0, 4).toString()).toBe("RIFF");
    expect(wav.byteLength).toBe(44 + 4 * Math.round((2 + RENDER_TAIL) * 44_100));
    const audio = await decode(wav);
    expect(peakOf(audio)).toBeGreaterThan(0.02);
    const blocked = await cadenza("render", at("in.mid"), "-o", at("none/out.wav"));
    expect(blocked).toMatchObject({ status: 1, out: "" });
    expect(blocked.err).toMatch(/cannot be written \(ENOENT\); choose another place\.\n$/);
    expect((await readdir(folder)).filter((name) => name.includes(".part"))).toEqual([]);
  });
});

describe("compose", () => {
  const compose = (out: string, ...more: readonly string[]) =>
    cadenza(
      ...["compose", "--instrument", "Violin", "--drums", "--bars", "2", "--tracks", "2"],
      ...["--seed", "7", "--tempo", "120", "--model", at("model"), "--out", at(out), ...more],
    );
  beforeAll(async () => {
    await writeRandomModel(at("model"), "small");
  });

  it("writes MIDI and MP3 of one length, tells about each track, and repeats itself", async () => {
    const ended = await compose("first");
    expect(ended.status).toBe(0);
    expect(ended.err).toMatch(/Composing track 1 of 2 .*Rendering .*violin-7-2\.mp3 100 %/s);
    const tracks = ended.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(tracks).toHaveLength(2);
    for (const [index, track] of tracks.entries()) {
      const name = `violin-7-${index + 1}`;
      expect(track).toMatchObject({
        ...{ track: name, seed: 7, bars: 2, seconds: 4 + RENDER_TAIL, model: "small" },
        files: [at(`first/${name}.mid`), at(`first/${name}.mp3`)],
      });
      const notes = await notesIn(`first/${name}.mid`);
      expect(track.notes).toBe(notes.length);
      expect(track.tokens).toBeGreaterThan(2 * notes.length);
      expect(track.tokensPerSecond).toBeGreaterThan(0);
      expect(notes.find((note) => note.instrument !== DRUMS)?.instrument).toBe(3);
      const audio = await decode(await readFile(at(`first/${name}.mp3`)));
      expect(audio.duration).toBeGreaterThanOrEqual(track.seconds);
      expect(audio.duration).toBeLessThan(track.seconds + 0.08);
      expect(peakOf(audio)).toBeGreaterThan(0.02);
      expect(peakOf(audio)).toBeLessThan(1);
    }
    expect((await readdir(at("first"))).sort()).toEqual(
      tracks.flatMap(({ files, chart }) => [...files, chart].map((file) => basename(file))).sort(),
    );
    const said = JSON.parse(await readFile(at(`first/${tracks[0].track}.chart.json`), "utf8"));
    expect(said.bars).toHaveLength(tracks[0].bars);

    const again = await compose("second", "--format", "mid");
    expect(again.status).toBe(0);
    for (const { track } of tracks) {
      const first = await readFile(at(`first/${track}.mid`));
      expect((await readFile(at(`second/${track}.mid`))).equals(first)).toBe(true);
    }
  });

  it("keeps to a band and a key", async () => {
    const ended = await compose(
      "kept",
      "--band",
      "Bass,cello",
      "--key",
      "D minor",
      "--format",
      "mid",
    );
    expect(ended.status).toBe(0);
    const dMinor = [2, 4, 5, 7, 9, 10, 0];
    for (const n of [1, 2]) {
      for (const { instrument, pitch } of await notesIn(`kept/violin-7-${n}.mid`)) {
        expect([2, 3, 4, DRUMS]).toContain(instrument);
        if (instrument !== DRUMS) expect(dMinor).toContain(pitch % 12);
      }
    }
  });

  it("plays a chart, looped, writes it where it can be given back, and refuses what is none", async () => {
    await writeFile(at("chart.txt"), "[Verse] | Am | F |\n[Chorus] | C G |");
    const ended = await compose(
      "charted",
      "--chart",
      at("chart.txt"),
      "--style",
      "jazz",
      "--format",
      "mid",
    );
    expect(ended.status).toBe(0);
    const [{ chart, bars }] = ended.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const written = JSON.parse(await readFile(chart, "utf8"));
    const chords = [
      ["Am", "Am"],
      ["F", "F"],
      ["C", "G"],
    ];
    expect(written.style).toBe("jazz");
    expect(written.bars.map((bar: { chords: string[] }) => bar.chords)).toEqual(
      Array.from({ length: bars }, (_, bar) => chords[bar % 3]),
    );
    const again = await compose("again", "--chart", chart, "--format", "mid");
    expect(again.status).toBe(0);
    await writeFile(at("none.txt"), "| Am | Hm |");
    const refused = await compose("refused", "--chart", at("none.txt"));
    expect(refused.status).not.toBe(0);
    expect(refused.err).toMatch(/Bar 2: The chord "Hm" is not known; write one/);
  });

  it("goes on from a file", async () => {
    const ended = await compose("primed", "--prime", at("in.mid"), "--format", "mid");
    expect(ended.status).toBe(0);
    const notes = await notesIn("primed/violin-7-1.mid");
    const opening = notes.filter((note) => note.onset < 32 && note.instrument !== DRUMS);
    for (const note of canonicalNotes(SAMPLE_NOTES)) expect(opening).toContainEqual(note);
    expect(notes.some((note) => note.onset >= 32)).toBe(true);
  });

  it("says what of the file to go on from is left out, as every command does", async () => {
    const timpani = caseFile("43-timpani-part.mid");
    const remark = "10 notes of sounds that none of the twelve instruments has are left out.";
    const primed = await cadenza(
      ...["compose", "--instrument", "Violin", "--prime", timpani, "--bars", "3", "--seed", "7"],
      ...["--format", "mid", "--model", at("model"), "--out", at("timpani")],
    );
    expect(primed.err).toContain(`${remark}\n`);
    expect(JSON.parse(primed.out.split("\n")[0]).remarks).toEqual([remark]);
    const [tokenized, rendered] = await Promise.all([
      cadenza("tokenize", timpani),
      cadenza("render", timpani, "-o", at("timpani.mp3")),
    ]);
    expect(tokenized.err).toBe(`${remark}\n`);
    expect(rendered.err).toContain(`${remark}\n`);
    expect(JSON.parse(rendered.out)).toMatchObject({ notes: 8, remarks: [remark] });
  });

  it("goes on from a waltz in its metre and at its tempo, and composes in a metre named", async () => {
    const waltz = caseFile("51-waltz-90-bpm.mid");
    const ended = await cadenza(
      ...["compose", "--instrument", "Violin", "--prime", waltz, "--bars", "9", "--seed", "7"],
      ...["--format", "mid", "--model", at("model"), "--out", at("waltz")],
    );
    expect(JSON.parse(ended.out)).toMatchObject({ tempo: 90, metre: "3/4", bars: 9 });
    const song = readMidi(await readFile(at("waltz/violin-7-1.mid")));
    expect(song.meters).toEqual([{ tick: 0, numerator: 3, denominator: 4 }]);
    expect(song.tempos.map(({ tempo }) => Math.round(tempo))).toEqual([90]);
    const jig = await compose("jig", "--metre", "6/8", "--format", "mid");
    expect(JSON.parse(jig.out.split("\n")[0])).toMatchObject({ tempo: 120, metre: "6/8" });
  });

  it("refuses a model that is broken or foreign", async () => {
    const file = (await readdir(at("model"))).find((name) => name.endsWith(".safetensors")) ?? "";
    await mkdir(at("broken"));
    await copyFile(at("model/manifest.json"), at("broken/manifest.json"));
    const shard = await readFile(at(`model/${file}`));
    shard[shard.length - 1] ^= 1;
    await writeFile(at(`broken/${file}`), shard);
    const broken = await cadenza(
      ...["compose", "--instrument", "Piano", "--model", at("broken"), "--out", at("never")],
    );
    expect(broken).toMatchObject({ status: 1, out: "" });
    expect(broken.err).toMatch(/is broken: its sha256 is not that of the manifest/);
    expect(await readdir(at("never"))).toEqual([]);
  });
});
