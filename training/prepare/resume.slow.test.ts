/**
 * A preparation that is killed and started again, as real processes: the bytes must be those of a run
 * that was never stopped. Killed again and again, each time past a checkpoint, so that every part
 * of the state is gone on with.
 */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Random } from "#base/random.ts";
import { writeMidi } from "#music/midi/midi-writer.ts";
import { canonicalNotes } from "#music/piece.ts";
import { readState } from "./checkpoint.ts";

// Processes start slowly on a busy machine, and one test starts seven.
vi.setConfig({ testTimeout: 120_000 });

const ROOT = resolve(import.meta.dirname, "../..");
const COMMAND = ["--import", "tsx", join(import.meta.dirname, "main.ts")];
const FILES = 900;
const OUTPUTS = ["train", "validation", "test"].flatMap((split) => [
  `${split}.bin`,
  `${split}.chart.bin`,
  `${split}.index.json`,
]);

const folder = mkdtempSync(join(tmpdir(), "cadenza-resume-"));
const files = join(folder, "in");
const whole = join(folder, "whole");
/** Killed past its first checkpoint, for tests to go on from; they take copies. */
const begun = join(folder, "begun");
let takenAtFirst: number;

/** A piece of chords and 240 notes; every tenth repeats the one before. */
function song(number: number): Uint8Array {
  const random = new Random(number % 10 === 9 ? number - 1 : number);
  return writeMidi(
    canonicalNotes(
      Array.from({ length: 240 }, (_, i) => ({
        instrument: random.integer(3),
        pitch: 40 + random.integer(40),
        velocity: 90,
        onset: (i >> 1) * 4,
        duration: 4,
      })),
    ),
  );
}

const args = (out: string) => ["--in", files, "--out", out, "--workers", "1"];

const run = (out: string, ...more: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [...COMMAND, ...args(out), ...more], {
    cwd: ROOT,
    encoding: "utf8",
  });

/** Starts a preparation and kills it once it has made a checkpoint past `files`; how many it had then. */
async function killPast(out: string, taken: number): Promise<number> {
  const child = spawn(process.execPath, [...COMMAND, ...args(out)], {
    cwd: ROOT,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  while (!((readState(out)?.counts.files ?? 0) > taken)) {
    expect(child.exitCode).toBeNull();
    await sleep(5);
  }
  child.kill("SIGKILL");
  expect(await ended).toBe("SIGKILL");
  return readState(out)?.counts.files ?? 0;
}

function copyOf(preparation: string, name: string): string {
  const copy = join(folder, name);
  cpSync(preparation, copy, { recursive: true });
  return copy;
}

function expectSameAsWhole(out: string): void {
  for (const name of OUTPUTS) {
    expect(readFileSync(join(out, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
  }
  const { seconds, filesPerSecond, megabytesPerSecond, ...report } = reportOf(out);
  expect(reportOf(whole)).toMatchObject(report);
  expect([...readdirSync(out)].sort()).toEqual([...OUTPUTS, "report.json"].sort());
}

const reportOf = (out: string) => JSON.parse(readFileSync(join(out, "report.json"), "utf8"));

beforeAll(async () => {
  for (let i = 0; i < FILES; i++) {
    const songs = join(files, `songs-${i % 3}`);
    mkdirSync(songs, { recursive: true });
    writeFileSync(join(songs, `${i}.mid`), song(i));
  }
  expect(run(whole).status).toBe(0);
  takenAtFirst = await killPast(begun, 0);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe("a preparation that was killed", () => {
  it("goes on where it was and writes the same bytes, whatever its finishing left too", async () => {
    expect(takenAtFirst).toBeLessThan(FILES);
    expect(existsSync(join(begun, "report.json"))).toBe(false);
    const out = copyOf(begun, "killed");
    const twice = await killPast(out, takenAtFirst);
    expect(twice).toBeGreaterThan(takenAtFirst);
    // What a killed run wrote past its checkpoint must not count.
    for (const name of ["tokens", "charts", "runs", "pieces"].map((part) => `${part}.partial`)) {
      appendFileSync(join(out, name), "not whole");
    }
    // Nor what it had finished before the state went.
    writeFileSync(join(out, "train.bin"), "not whole");
    writeFileSync(join(out, "test.bin.partial"), "not whole");
    writeFileSync(join(out, "report.json"), "{}");
    const { status, stderr } = run(out);
    expect(stderr).toContain(`Going on after ${twice} of ${FILES} files.`);
    expect(status).toBe(0);
    expect(reportOf(out).files).toBe(FILES);
    expect(reportOf(out).refused.duplicate.count).toBeGreaterThan(FILES / 15);
    expectSameAsWhole(out);
  });

  it("says which file is short of what its state says, and is prepared anew with --again", () => {
    const out = copyOf(begun, "short");
    // One that the spool holds, and the journal.
    for (const name of ["runs", "pieces"].map((part) => `${part}.partial`)) {
      const before = readFileSync(join(out, name));
      writeFileSync(join(out, name), before.subarray(0, 10));
      const { status, stderr } = run(out);
      expect(status).toBe(1);
      expect(stderr).toContain(name);
      expect(stderr).toContain("--again");
      writeFileSync(join(out, name), before);
    }
    writeFileSync(join(out, "state.json"), "{");
    writeFileSync(join(out, "train.bin"), "something else");
    expect(run(out)).toMatchObject({ status: 1, stderr: expect.stringMatching(/state.*--again/) });
    expect(run(out, "--again").status).toBe(0);
    expectSameAsWhole(out);
  });
});

describe("a folder that holds a preparation", () => {
  it("is left as it is for the same files", () => {
    const before = readFileSync(join(whole, "report.json"), "utf8");
    const { status, stdout, stderr } = run(whole);
    expect(status).toBe(0);
    expect(stderr).toMatch(/already.*--again/);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(before));
    expect(readFileSync(join(whole, "report.json"), "utf8")).toBe(before);
  });

  it("refuses other files in one sentence, finished or not", () => {
    const other = join(folder, "other");
    mkdirSync(other);
    writeFileSync(join(other, "0.mid"), song(0));
    for (const out of [whole, begun]) {
      const { status, stderr } = spawnSync(
        process.execPath,
        [...COMMAND, "--in", other, "--out", out],
        { cwd: ROOT, encoding: "utf8" },
      );
      expect(status).toBe(2);
      expect(stderr).toMatch(/other files.*--out.*--again/);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
  });
});
