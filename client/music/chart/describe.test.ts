/** Levels, novelty, leader and players of hand-made bars, in several metres. Chords: chord-match.test.ts. */
import { expect, it, describe as suite } from "vitest";
import { DRUMS } from "#music/instrument.ts";
import { COMMON_TIME, type Metre, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { describe, levelOf, notesOfLevel, noveltyOf } from "./describe.ts";
import { skylineLead } from "./skyline.ts";

const PIANO = 0;
const VIOLIN = 3;
const FLUTE = 8;

const note = (onset: number, pitch: number, more: Partial<Note> = {}): Note => ({
  ...{ instrument: PIANO, pitch, velocity: 60, onset, duration: 4 },
  ...more,
});

const WALTZ: Metre = { numerator: 3, denominator: 4 };
const JIG: Metre = { numerator: 6, denominator: 8 };

const barsOf = (notes: readonly Note[], metres = new MetreMap(), bars?: number) =>
  describe(canonicalNotes(notes), metres, bars);

suite("levels", () => {
  it("are powers of two", () => {
    expect([0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 200].map(levelOf)).toEqual([
      0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7,
    ]);
    for (let level = 0; level <= 7; level++) {
      const [fewest, most] = notesOfLevel(level);
      expect(levelOf(fewest)).toBe(level);
      if (level < 7) expect(levelOf(most)).toBe(level);
    }
  });

  it("of novelty fall from all new to a copy", () => {
    expect([0, 0.09, 0.1, 0.3, 0.6, 0.94, 0.95, 1].map(noveltyOf)).toEqual([
      4, 4, 3, 2, 1, 1, 0, 0,
    ]);
  });
});

suite("describe", () => {
  it("counts what begins in each bar, drums apart", () => {
    const drums = [0, 8, 16, 24, 32].map((at) =>
      note(at, 36, { instrument: DRUMS, velocity: 120 }),
    );
    const [first, second, third] = barsOf([note(0, 60, { duration: 90 }), ...drums, note(70, 62)]);
    expect(first).toMatchObject({ density: 1, drumDensity: 3, energy: 6 });
    expect(second).toMatchObject({ density: 0, drumDensity: 1, energy: 7, leader: PIANO });
    expect(third).toMatchObject({ density: 1, drumDensity: 0, energy: 3 });
    expect(first.players[PIANO]).toBe(true);
    expect(second.players[PIANO]).toBe(false);
    expect(second.players[DRUMS]).toBe(true);
    expect(second.players).toHaveLength(12);
  });

  it("says no energy of a bar in which nothing begins, and no leader where nothing sounds", () => {
    const [, silent] = barsOf([note(0, 60), note(64, 60)]);
    expect(silent).toMatchObject({
      ...{ density: 0, energy: undefined, leader: undefined, novelty: 4 },
      chords: ["none", "none"],
    });
  });

  it("goes to the bar of the last onset, or as far as it is told", () => {
    expect(barsOf([])).toEqual([]);
    expect(barsOf([note(31, 60, { duration: 60 })])).toHaveLength(1);
    expect(barsOf([note(32, 60)])).toHaveLength(2);
    expect(barsOf([note(32, 60)], new MetreMap(), 4)).toHaveLength(4);
    expect(barsOf([note(-4, 60, { duration: 8 }), note(0, 62)])[0].density).toBe(1);
  });

  it("compares each bar with the one before by phase, instrument and pitch", () => {
    const bar = (at: number, pitches: readonly number[], instrument = PIANO) =>
      pitches.map((pitch, i) => note(at + 4 * i, pitch, { instrument }));
    const tune = [60, 62, 64, 65];
    const bars = barsOf([
      ...bar(0, tune),
      ...bar(32, tune),
      ...bar(64, [60, 62, 64, 67]), // three of five
      ...bar(96, tune, FLUTE),
    ]);
    expect(bars.map(({ novelty }) => novelty)).toEqual([4, 0, 1, 4]);
  });

  it("names who holds most of the skyline", () => {
    const [first, second] = barsOf([
      note(0, 60, { duration: 64 }),
      note(0, 72, { instrument: FLUTE, duration: 17 }),
      note(32, 72, { instrument: FLUTE, duration: 15 }),
      note(0, 90, { instrument: DRUMS, duration: 64 }),
    ]);
    expect(first.leader).toBe(FLUTE);
    expect(second.leader).toBe(PIANO);
  });

  it("follows the metres", () => {
    const metres = new MetreMap([
      { step: 0, metre: WALTZ },
      { step: 48, metre: JIG },
      { step: 72, metre: COMMON_TIME },
    ]);
    // A C chord and, from the second half of each bar on, one of F.
    const halves = [
      [0, 16],
      [24, 40],
      [48, 60],
      [72, 88],
    ].flatMap(([first, second], i) => {
      const end = [24, 48, 72, 104][i];
      return [
        ...[48, 64, 67].map((pitch) => note(first, pitch, { duration: second - first })),
        ...[53, 65, 69].map((pitch) => note(second, pitch, { duration: end - second })),
      ];
    });
    const bars = barsOf(halves, metres);
    expect(bars).toHaveLength(4);
    for (const [index, { chords, density }] of bars.entries()) {
      expect(chords, `bar ${index}`).toEqual([
        { root: 0, quality: "major" },
        { root: 5, quality: "major" },
      ]);
      expect(density).toBe(3);
    }
    expect(bars.map(({ novelty }) => novelty)).toEqual([4, 0, 2, 2]);
  });
});

suite("skylineLead", () => {
  it("is who holds the highest sounding pitch longest, not who begins or plays most", () => {
    const notes = canonicalNotes([
      ...Array.from({ length: 16 }, (_, i) => note(2 * i, 50 + (i % 5), { duration: 2 })),
      note(4, 80, { instrument: VIOLIN, duration: 20 }),
    ]);
    expect(skylineLead(notes)).toBe(VIOLIN);
    expect(skylineLead([note(0, 40, { instrument: DRUMS })])).toBeUndefined();
  });
});
