/** The shipped model at work: the README's compose command, and whether what it writes is music. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { type Measures, measure } from "#music/measures.ts";
import { arrange } from "#music/midi/arrangement.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { cadenza } from "../testing/command-line.ts";
import { decode, peakOf } from "../testing/decode-audio.ts";

const folder = mkdtempSync(join(tmpdir(), "cadenza-compose-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A peak of -40 dBFS: a piece may be soft throughout, as one of these is, but not silent. */
const HEARD = 0.01;

const notesOf = (path: string) => arrange(readMidi(readFileSync(path))).notes;

/** Names of the MIDI files in a folder, beside which their charts lie. */
const midiIn = (out: string): string[] => readdirSync(out).filter((name) => name.endsWith(".mid"));

describe("compose with the shipped model", () => {
  it("writes two tracks led by a violin, with drums, as MIDI and MP3, and repeats itself", async () => {
    const command = [
      "--instrument",
      "Violin",
      "--drums",
      "--bars",
      "8",
      "--tracks",
      "2",
      "--seed",
      "7",
    ];
    const outs = [join(folder, "first"), join(folder, "second")];
    for (const out of outs) {
      const { status, out: lines } = await cadenza("compose", ...command, "--out", out);
      expect(status).toBe(0);
      expect(lines.trim().split("\n")).toHaveLength(2);
    }
    const files = ["violin-7-1", "violin-7-2"].flatMap((name) =>
      ["chart.json", "mid", "mp3"].map((ending) => `${name}.${ending}`),
    );
    expect(readdirSync(outs[0]).sort()).toEqual(files);
    const lengths: number[] = [];
    for (const n of [1, 2]) {
      const [first, second] = outs.map((out) => readFileSync(join(out, `violin-7-${n}.mid`)));
      expect(first.equals(second)).toBe(true);
      const notes = notesOf(join(outs[0], `violin-7-${n}.mid`));
      const melodic = notes.filter((note) => note.instrument !== DRUMS);
      expect(INSTRUMENTS[melodic[0].instrument]).toBe("Violin");
      expect(notes.length - melodic.length).toBeGreaterThan(8);
      const audio = await decode(readFileSync(join(outs[0], `violin-7-${n}.mp3`)));
      lengths.push(audio.length);
      expect(peakOf(audio)).toBeGreaterThan(HEARD);
      expect(peakOf(audio)).toBeLessThan(1);
    }
    expect(lengths[0]).toBe(lengths[1]);
    expect(lengths[0] / 44_100).toBeGreaterThan(16);
  });

  it.each([1, 2])("sounds the drums and the lead in a piece of %i bars", async (bars) => {
    const out = join(folder, `short-${bars}`);
    const size = ["--bars", String(bars), "--tracks", "8", "--seed", "3", "--format", "mid"];
    await cadenza("compose", "--instrument", "Flute", "--drums", ...size, "--out", out);
    for (const file of midiIn(out)) {
      const instruments = notesOf(join(out, file)).map((note) => INSTRUMENTS[note.instrument]);
      expect(instruments).toContain("Drums");
      expect(instruments).toContain("Flute");
    }
  });

  it("stays in a key for bars on end and keeps a pulse", async () => {
    const out = join(folder, "music");
    const size = ["--bars", "16", "--tracks", "8", "--seed", "21", "--format", "mid"];
    await cadenza("compose", "--instrument", "Piano", "--drums", ...size, "--out", out);
    const all = midiIn(out).map((file) => measure(notesOf(join(out, file))) as Measures);
    expect(all).toHaveLength(8);
    const mean = (name: keyof Measures) =>
      all.reduce((sum, measures) => sum + measures[name], 0) / all.length;
    console.log(
      `scale consistency ${mean("scaleConsistency").toFixed(3)}, groove consistency ` +
        `${mean("grooveConsistency").toFixed(3)}, onsets on eighths ${mean("onsetsOnEighths").toFixed(3)}, ` +
        `empty beats ${mean("emptyBeatRate").toFixed(3)}`,
    );
    // Notes drawn at random reach 0.7 and 0.6 (measures.test.ts).
    expect(mean("scaleConsistency")).toBeGreaterThan(0.85);
    expect(mean("grooveConsistency")).toBeGreaterThan(0.75);
    expect(mean("emptyBeatRate")).toBeLessThan(0.1);
  });
});
