import { describe, expect, it } from "vitest";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Note } from "#music/note.ts";
import { Journal } from "./journal.ts";

const noteAt = (onset: number, duration = 8, pitch = 60): Note => ({
  instrument: 3,
  pitch,
  velocity: 90,
  onset,
  duration,
});

describe("Journal", () => {
  it("keeps what was handed out, in canonical order, with tempos and metres", () => {
    const journal = new Journal();
    const waltz = MetreMap.of(parseMetre("3/4")!);
    journal.setMetres(waltz);
    journal.setTempo(0, 120);
    for (const note of [noteAt(8), noteAt(0, 8, 64), noteAt(0)]) journal.add(note);
    journal.setTempo(16, 90);
    const { notes, tempos, metres } = journal.music;
    expect(notes.map(({ onset, pitch }) => [onset, pitch])).toEqual([
      [0, 64],
      [0, 60],
      [8, 60],
    ]);
    expect(tempos).toEqual([
      { step: 0, tempo: 120 },
      { step: 16, tempo: 90 },
    ]);
    expect(metres).toEqual(waltz.points);
  });

  it("has one tempo a step: the newest, and none that lay later", () => {
    const journal = new Journal();
    journal.setTempo(0, 120);
    journal.setTempo(24, 100);
    journal.setTempo(16, 90);
    journal.setTempo(16, 80);
    expect(journal.music.tempos).toEqual([
      { step: 0, tempo: 120 },
      { step: 16, tempo: 80 },
    ]);
  });

  it("ends at a stop what sounded there, and forgets what was not heard", () => {
    const journal = new Journal();
    for (const onset of [0, 8, 16, 24]) journal.add(noteAt(onset, 12));
    journal.cut(17.2);
    expect(journal.notes.map(({ onset, duration }) => [onset, duration])).toEqual([
      [0, 12],
      [8, 10],
      [16, 2],
    ]);
  });

  it("writes a file that reads back as what was heard", () => {
    const journal = new Journal();
    journal.setTempo(0, 90);
    journal.add(noteAt(0));
    journal.add(noteAt(8));
    const song = readMidi(journal.toMidi("a take"));
    expect(song.warnings).toEqual([]);
    expect(song.notes).toHaveLength(2);
    journal.clear();
    expect(journal.music).toEqual({
      ...{ notes: [], tempos: [], grooves: [] },
      metres: new MetreMap().points,
    });
  });
});
