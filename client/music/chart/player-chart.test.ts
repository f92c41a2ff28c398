import { describe, expect, it } from "vitest";
import { Failure } from "#base/failure.ts";
import { DRUMS } from "#music/instrument.ts";
import { parseKey } from "#music/key.ts";
import { COMMON_TIME } from "#music/metre.ts";
import { writeChart } from "./chart-file.ts";
import { chordName } from "./chord-names.ts";
import { barsOfMark, notesOfMark } from "./mark.ts";
import {
  barOfDrawn,
  barsOfText,
  begunAnew,
  inKeyOf,
  type PlayerChart,
  UNWRITTEN,
  withCue,
  withDrawn,
  withMark,
  withoutDrawn,
  withText,
} from "./player-chart.ts";

const C = parseKey("C major");
const E_FLAT = parseKey("Eb major");

/** Chords of the progression, "Am" for both halves, "C/G" for two. */
const chordsOf = (chart: PlayerChart, key = C, chosen: typeof C | undefined = key): string[] =>
  barsOfText(chart, key, chosen).map(({ chords = [] }) => {
    const names = chords.map((chord) => (chord === undefined ? "-" : chordName(chord)));
    return names[0] === names[1] ? names[0] : names.join("/");
  });

describe("a progression that is typed", () => {
  it("begins at its first bar, and goes on where it is once it is only mended", () => {
    const typed = withText(UNWRITTEN, " Am F C G ", C);
    expect(typed).toMatchObject({ text: "Am F C G", tonic: 0, cue: { on: "bar" } });
    const mended = withText(typed, "Am F C E7", C);
    expect(mended.cue).toBe(typed.cue);
    expect(withText(typed, "Dm Bb F C", C).cue).not.toBe(typed.cue);
    expect(withText(typed, "Am F C G Dm", C).cue).not.toBe(typed.cue);
    expect(withText(typed, "Am F C G", C)).toBe(typed);
  });

  it("says in one sentence which bar cannot be read, and loses nothing", () => {
    const typed = withText(UNWRITTEN, "Am F C G", C);
    expect(() => withText(typed, "Am F Hx G", C)).toThrow(Failure);
    expect(() => withText(typed, "Am F Hx G", C)).toThrow(
      /^Bar 3: The chord "Hx" is not known; write one like C, Am, G7[^.]+N\.C\. for none\.$/,
    );
    expect(chordsOf(typed)).toEqual(["Am", "F", "C", "G"]);
  });

  it("is erased by nothing", () => {
    const erased = withText(withText(UNWRITTEN, "Am F", C), "  ", C);
    expect(erased.text).toBe("");
    expect(chordsOf(erased)).toEqual([]);
  });

  it("moves with the key: degrees always, names unless they are held", () => {
    const degrees = withText(UNWRITTEN, "ii V/V7 I", undefined);
    expect(chordsOf(degrees, C)).toEqual(["Dm", "G/G7", "C"]);
    expect(chordsOf(degrees, E_FLAT)).toEqual(["Fm", "Bb/Bb7", "Eb"]);
    const names = withText(UNWRITTEN, "Am F/N.C. C G", C);
    expect(chordsOf(names, E_FLAT)).toEqual(["Cm", "Ab/N.C.", "Eb", "Bb"]);
    expect(chordsOf({ ...names, moves: false }, E_FLAT)).toEqual(["Am", "F/N.C.", "C", "G"]);
  });

  it("written while there was no key is of the first that is chosen", () => {
    const names = withText(UNWRITTEN, "Am F", undefined);
    expect(chordsOf(names, E_FLAT, undefined)).toEqual(["Am", "F"]);
    const keyed = inKeyOf(names, C);
    expect(chordsOf(keyed, C)).toEqual(["Am", "F"]);
    expect(chordsOf(inKeyOf(keyed, E_FLAT), E_FLAT)).toEqual(["Cm", "Ab"]);
    expect(inKeyOf(UNWRITTEN, C)).toBe(UNWRITTEN);
  });
});

describe("what is drawn", () => {
  it("is kept by section and bar, and taken back one by one", () => {
    const places = [
      { section: "verse", at: 0 },
      { section: "verse", at: 1 },
    ];
    let chart = withDrawn(UNWRITTEN, places, { density: 6, plays: { 0: false } });
    chart = withDrawn(chart, [{ section: "verse", at: 1 }], { energy: 2, plays: { 4: true } });
    expect(chart.drawn).toEqual({
      verse: {
        0: { density: 6, plays: { 0: false } },
        1: { density: 6, energy: 2, plays: { 0: false, 4: true } },
      },
    });
    expect(barOfDrawn(chart.drawn.verse[1])).toMatchObject({ density: 6, energy: 2 });
    expect(barOfDrawn(chart.drawn.verse[1]).players?.slice(0, 5)).toEqual([
      false,
      undefined,
      undefined,
      undefined,
      true,
    ]);
    expect(withDrawn(chart, places, { density: undefined }).drawn.verse[0]).toEqual({
      plays: { 0: false },
    });
    expect(withDrawn(chart, places, { density: 6, plays: { 0: false } })).toBe(chart);
    expect(withoutDrawn(chart).drawn).toEqual({});
    expect(JSON.parse(JSON.stringify(chart))).toEqual({ ...JSON.parse(JSON.stringify(chart)) });
  });
});

describe("sections", () => {
  const bars = [{ chords: [{ root: 9, quality: "minor" }, "none"] as const, energy: 5 }];
  const mark = { name: "Mark 1", tonic: 0, chart: writeChart({ bars }) };

  it("are kept as they were heard, in any key", () => {
    expect(barsOfMark(mark, true, undefined)[0]).toMatchObject({ ...bars[0], section: "Mark 1" });
    expect(barsOfMark(mark, true, E_FLAT)[0].chords?.[0]).toEqual({ root: 0, quality: "minor" });
  });

  it("bring their notes, moved the shorter way and into their instruments' ranges; drums stay", () => {
    const note = (instrument: number, pitch: number) => ({
      ...{ instrument, pitch, velocity: 90, onset: 0, duration: 4 },
    });
    const notes = [note(0, 60), note(2, 25), note(DRUMS, 36)];
    const heard = { metre: COMMON_TIME, steps: 32, notes };
    const pitches = (tonic: string, moves = true) =>
      [...notesOfMark({ ...mark, heard }, moves, parseKey(tonic))]
        .sort((a, b) => a.instrument - b.instrument)
        .map(({ pitch }) => pitch);
    expect(pitches("Eb major")).toEqual([63, 28, 36]);
    expect(pitches("A major")).toEqual([57, 34, 36]);
    expect(pitches("A major", false)).toEqual([60, 25, 36]);
    expect(notesOfMark({ ...mark, heard }, true, undefined)).toBe(notes);
    expect(notesOfMark(mark, true, E_FLAT)).toEqual([]);
  });

  it("replace one of their name, and the oldest goes of too many", () => {
    let chart = withMark(UNWRITTEN, mark);
    chart = withMark(chart, { ...mark, tonic: 3 });
    expect(chart.marks).toMatchObject([{ tonic: 3 }]);
    for (let n = 2; n < 12; n++) chart = withMark(chart, { ...mark, name: `Mark ${n}` });
    expect(chart.marks.map(({ name }) => name)).toEqual(
      Array.from({ length: 8 }, (_, n) => `Mark ${n + 4}`),
    );
  });

  it("are called by a wish of its own each time", () => {
    const chart = withText(UNWRITTEN, "[A] C [B] F", C);
    const called = withCue(chart, { section: "B", on: "bar" });
    expect(withCue(called, called.cue!).cue).not.toBe(called.cue);
    expect(begunAnew(called).cue).toEqual({ on: "bar" });
    expect(begunAnew(UNWRITTEN)).toBe(UNWRITTEN);
  });
});
