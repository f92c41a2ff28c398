import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { findFiles } from "./find-files.ts";

it("finds MIDI files by all their names, and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "cadenza-test-"));
  try {
    mkdirSync(join(folder, "songs"));
    for (const name of ["a.mid", "b.MIDI", "59-karaoke.kar", "d.rmi", "e.txt", "f.mid.zip"]) {
      writeFileSync(join(folder, "songs", name), name);
    }
    const { files, sources } = findFiles([folder]);
    const names = ["59-karaoke.kar", "a.mid", "b.MIDI", "d.rmi"];
    expect(files.map(({ path }) => basename(path))).toEqual(names);
    expect(sources).toEqual(["songs"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
