/** Data preparation as a person runs it: a folder of MIDI files in, token files and an honest report out. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { describe as describeBars } from "#music/chart/describe.ts";
import { DRUMS } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { detokenize } from "#music/tokens/tokenizer.ts";
import { START } from "#music/tokens/vocabulary.ts";
import { chartRecords } from "./chart-records.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "cadenza-prepare-"));

afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const command = ["--import", "tsx", join(ROOT, "training/prepare/main.ts")];
  return spawnSync(process.execPath, [...command, ...args], { cwd: ROOT, encoding: "utf8" });
}

/** A melody of `count` notes that differs by seed. */
function melody(seed: number, count: number, transposed = 0, instrument = 3): Note[] {
  const random = new Random(seed);
  return canonicalNotes(
    Array.from({ length: count }, (_, i) => ({
      instrument,
      pitch: 55 + random.integer(24) + transposed,
      velocity: 15 * (1 + random.integer(8)),
      onset: i * 4,
      duration: 4,
    })),
  );
}

interface Index {
  sources: string[];
  pieces: [
    offset: number,
    length: number,
    source: number,
    firstRecord: number,
    records: number,
    style: number,
  ][];
  fresh?: boolean[];
}

function splits(out: string) {
  return ["train", "validation", "test"].map((split) => {
    const bytes = readFileSync(join(out, `${split}.bin`));
    const tokens = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const index = JSON.parse(readFileSync(join(out, `${split}.index.json`), "utf8")) as Index;
    const chart = new Uint8Array(readFileSync(join(out, `${split}.chart.bin`)));
    return { split, tokens, chart, index };
  });
}

describe("prepare-data", () => {
  const out = join(folder, "out");
  const files = join(folder, "in");
  let result: ReturnType<typeof run>;

  beforeAll(() => {
    mkdirSync(join(files, "songs"), { recursive: true });
    mkdirSync(join(files, "others"));
    const write = (name: string, bytes: Uint8Array) => writeFileSync(join(files, name), bytes);
    for (let i = 0; i < 60; i++) write(`songs/${i}.mid`, writeMidi(melody(i, 120)));
    write("others/copy.mid", writeMidi(melody(3, 120), { tempos: [{ step: 0, tempo: 77 }] }));
    write("others/transposed.mid", writeMidi(melody(4, 120, 5, 8)));
    write("others/short.mid", writeMidi(melody(100, 99)));
    write(
      "others/drums.mid",
      writeMidi(melody(101, 120).map((n) => ({ ...n, instrument: DRUMS }))),
    );
    write(
      "others/chord.mid",
      writeMidi(melody(102, 120).map((n, i) => ({ ...n, onset: i % 9, pitch: i }))),
    );
    write("others/broken.mid", Buffer.from("MThd, but not really"));
    write("others/large.mid", new Uint8Array(250_001));
    symlinkSync(join(files, "nowhere"), join(files, "others/gone.mid"));
    symlinkSync(join(files, "songs/5.mid"), join(files, "others/link.mid"));
    symlinkSync(join(files, "songs"), join(files, "others/folder.mid"));
    write("others/readme.txt", Buffer.from("no MIDI file"));
    result = run("--in", files, "--out", out, "--workers", "2");
  }, 300_000);

  it("accounts for every file, by cause", () => {
    expect(result.stderr).not.toMatch(/error/i);
    expect(result.status).toBe(0);
    const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
    const counts = Object.fromEntries(
      Object.entries<{ count: number }>(report.refused).map(([cause, { count }]) => [cause, count]),
    );
    expect(counts).toEqual({
      duplicate: 3,
      "too-short": 1,
      "no-melody": 1,
      "one-chord": 1,
      unreadable: 2,
      "too-large": 1,
    });
    expect(report.files).toBe(69);
    const refused = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(report.kept + refused).toBe(report.files);
    expect(report.refused.unreadable.examples).toEqual(["broken.mid", "gone.mid"]);
  });

  it("writes whole pieces that decode, each in one split, with their sources", () => {
    let pieces = 0;
    for (const { tokens, index } of splits(out)) {
      expect(index.sources).toEqual(["others", "songs"]);
      let next = 0;
      for (const [offset, length, source] of index.pieces) {
        expect(offset).toBe(next);
        expect(tokens[offset]).toBe(START);
        const piece = detokenize(tokens.subarray(offset, offset + length));
        expect(piece.notes.length).toBeGreaterThanOrEqual(100);
        expect(piece.outroAt).toBeGreaterThan(0);
        expect(index.sources[source]).toMatch(/songs|others/);
        next += length;
        pieces++;
      }
      expect(next).toBe(tokens.length);
    }
    expect(pieces).toBe(60);
  });

  it("writes a record for each half bar beside the tokens, from step 0 to the last onset", () => {
    for (const { tokens, chart, index } of splits(out)) {
      let next = 0;
      for (const [offset, length, , firstRecord, records] of index.pieces) {
        expect(firstRecord).toBe(next);
        next += records;
        const { notes } = detokenize(tokens.subarray(offset, offset + length));
        const described = chart.subarray(firstRecord * 21, (firstRecord + records) * 21);
        expect(described).toEqual(
          chartRecords(describeBars(notes, new MetreMap()), new MetreMap()),
        );
        let step = 0;
        for (let record = 0; record < records; record++) {
          expect(described[record * 21 + 1]).toBe(step % 32);
          step += described[record * 21];
        }
        expect(step).toBeGreaterThan(notes[notes.length - 1].onset);
      }
      expect(next * 21).toBe(chart.length);
    }
  });

  it("gives each piece the style of its file", () => {
    const styles = join(folder, "styles.tsv");
    const lines = Array.from(
      { length: 30 },
      (_, i) => `songs/${i}.mid\t${i < 20 ? "jazz" : "open"}`,
    );
    writeFileSync(styles, `${lines.join("\n")}\n`);
    const styled = join(folder, "styled");
    expect(run("--in", files, "--out", styled, "--styles", styles).status).toBe(0);
    const rows = splits(styled).flatMap(({ index }) => index.pieces.map((piece) => piece[5]));
    const jazz = 1 + STYLES.indexOf("jazz");
    // Three of the twenty have a copy in the other folder, which is read first.
    expect(rows.filter((row) => row === jazz).length).toBe(20 - 3);
    expect(rows.every((row) => row === jazz || row === 0)).toBe(true);
    writeFileSync(styles, "songs/1.mid\tpolka\n");
    const { status, stderr } = run("--in", files, "--out", join(folder, "x"), "--styles", styles);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Line 1 of .*styles.tsv names no style/);
  });

  it("writes the same bytes whatever the number of threads", () => {
    const again = join(folder, "again");
    expect(run("--in", files, "--out", again, "--workers", "1").status).toBe(0);
    const before = splits(out);
    for (const [i, { tokens, chart, index }] of splits(again).entries()) {
      expect(index).toEqual(before[i].index);
      expect(tokens).toEqual(before[i].tokens);
      expect(chart).toEqual(before[i].chart);
    }
  });

  it.each([
    [[], /--in/],
    [["--in", "nowhere-at-all", "--out", "x"], /nowhere-at-all is not a folder/],
    [["--in", folder, "--out", "x", "--workers", "none"], /--workers none/],
    [["--bogus"], /--bogus/],
  ])("refuses %j in one sentence", (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
