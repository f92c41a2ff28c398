import { describe, expect, it } from "vitest";
import type { Chord } from "#music/chart/chart.ts";
import { STYLES } from "#music/chart/conditions.ts";
import { chordLetter } from "#music/chart/progressions.ts";
import { type HalfRecord, PiecePractice } from "./piece-practice.ts";
import { PracticeCount } from "./practice-count.ts";

const chord = (root: number, quality: Chord["quality"] = "major"): Chord => ({ root, quality });
const C = chord(0);
const F = chord(5);
const G = chord(7);
const A_MINOR = chord(9, "minor");
const D_MINOR = chord(2, "minor");
const E_MINOR = chord(4, "minor");

/** A piece in 4/4 of a chord a bar, led by the piano. */
const piece = (chords: readonly (Chord | "none")[]): PiecePractice =>
  new PiecePractice(
    chords.flatMap((chord) =>
      [0, 16].map(
        (phase): HalfRecord => ({
          steps: 16,
          phase,
          chord,
          density: 3,
          drumDensity: 2,
          energy: 4,
          novelty: 2,
          leader: 0,
          plays: Array.from({ length: 12 }, (_, instrument) => instrument === 0),
        }),
      ),
    ),
  );

const MAJOR = piece([C, F, C, F, C, F, C, C]);
const MAJOR_JAZZ = piece([C, G, C, G, C, G, C, C]);
const MINOR = piece([A_MINOR, D_MINOR, A_MINOR, E_MINOR, A_MINOR, D_MINOR, A_MINOR, A_MINOR]);
const style = (name: string): number => STYLES.indexOf(name as (typeof STYLES)[number]);

/** The chords of bars in major that a style has in the table, as letters. */
function chordsOf(counted: PracticeCount, name: string): string[] {
  const { harmonies, styles } = counted.table();
  const bars = harmonies[styles[style(name)].harmony].major.bars;
  return [...(bars[""] ?? "")].filter((_, at) => at % 2 === 0);
}

describe("counting practice", () => {
  it("finds the keys that it counts in", () => {
    expect([MAJOR, MAJOR_JAZZ].map(({ tonic, mode }) => ({ tonic, mode }))).toEqual([
      { tonic: 0, mode: "major" },
      { tonic: 0, mode: "major" },
    ]);
    expect(MINOR.mode).toBe("minor");
  });

  it("counts a family for itself once it has enough pieces, before by all music", () => {
    const counted = new PracticeCount();
    counted.add(MINOR, undefined);
    for (let times = 0; times < 60; times++) counted.add(MAJOR, style("rock"));
    for (let times = 0; times < 19; times++) counted.add(MAJOR_JAZZ, style("jazz"));
    const all = [C, F, G].map((chord) => chordLetter(chord, 0));
    expect(chordsOf(counted, "rock").sort()).toEqual(all.slice(0, 2).sort());
    expect(chordsOf(counted, "jazz").sort()).toEqual([...all].sort());
    expect(chordsOf(counted, "game").sort()).toEqual([...all].sort());
    counted.add(MAJOR_JAZZ, style("jazz"));
    expect(chordsOf(counted, "jazz").sort()).toEqual([all[0], all[2]].sort());
    expect(counted.pieces[style("jazz")]).toBe(20);
  });

  it("counts music whose styles are unknown for every style", () => {
    const counted = new PracticeCount();
    counted.add(MAJOR, undefined);
    counted.add(MINOR, undefined);
    expect(chordsOf(counted, "hymn")).not.toEqual([]);
  });

  it("does not take pieces without chords for music of their family", () => {
    const counted = new PracticeCount();
    counted.add(MAJOR, undefined);
    counted.add(MINOR, undefined);
    for (let times = 0; times < 30; times++)
      counted.add(piece(Array(8).fill("none")), style("game"));
    expect(chordsOf(counted, "game")).toEqual(chordsOf(counted, "hymn"));
  });

  it("says what is missing", () => {
    const counted = new PracticeCount();
    expect(() => counted.table()).toThrow("No piece in major has chords that follow each other");
    counted.add(MAJOR, style("rock"));
    expect(() => counted.table()).toThrow(/No piece in minor .* prepare more music/);
  });
});
