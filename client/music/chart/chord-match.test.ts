/** Chords of hand-made bars: every quality on every root, inverted, with tunes above, and progressions of real kinds. */
import { expect, it, describe as suite } from "vitest";
import { DRUMS } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import type { ChartChord, Quality } from "./chart.ts";
import { describe } from "./describe.ts";

const sound = (onset: number, duration: number, ...pitches: number[]): Note[] =>
  pitches.map((pitch) => ({ instrument: 0, pitch, velocity: 80, onset, duration }));

const chordsOf = (notes: readonly Note[], bars?: number): ChartChord[] =>
  describe(canonicalNotes(notes), new MetreMap(), bars).flatMap(({ chords }) => chords);

const chord = (root: number, quality: Quality) => ({ root, quality });

/** Intervals above the root. */
const VOICINGS: readonly (readonly [Quality, readonly number[]])[] = [
  ["major", [0, 4, 7]],
  ["major", [0, 4, 7, 11]],
  ["major", [0, 4, 7, 14]],
  ["major", [0, 4]],
  ["minor", [0, 3, 7]],
  ["minor", [0, 3, 7, 10]],
  ["minor", [0, 3]],
  ["dominant", [0, 4, 7, 10]],
  ["dominant", [0, 4, 10]],
  ["dominant", [0, 4, 7, 10, 14]],
  ["diminished", [0, 3, 6]],
  ["diminished", [0, 3, 6, 9]],
  ["diminished", [0, 3, 6, 10]],
  ["suspended", [0, 5, 7]],
  ["suspended", [0, 2, 7]],
  ["fifth", [0, 7]],
];

suite("a chord", () => {
  it.each(VOICINGS)("%s is heard in %j on every root", (quality, intervals) => {
    for (let root = 0; root < 12; root++) {
      const pitches = intervals.map((interval) => 48 + root + interval);
      expect(chordsOf(sound(0, 16, ...pitches))[0], `root ${root}`).toEqual(chord(root, quality));
    }
  });

  it("is heard in inversions of triads and of sevenths with a tritone", () => {
    for (const [quality, ...intervals] of [
      ["major", -8, 0, 7],
      ["major", -5, 0, 4],
      ["minor", -9, 0, 7],
      ["minor", -5, 0, 3],
      ["dominant", -8, 0, 7, 10],
      ["dominant", -2, 0, 4, 7],
    ] as const) {
      const pitches = intervals.map((interval) => 60 + interval);
      expect(chordsOf(sound(0, 16, ...pitches))[0], `${quality} ${intervals}`).toEqual(
        chord(0, quality),
      );
    }
  });

  it("is heard through broken chords and passing notes", () => {
    const broken = [48, 55, 64, 60, 64, 55, 64, 55].flatMap((pitch, i) => sound(2 * i, 2, pitch));
    expect(chordsOf(broken)[0]).toEqual(chord(0, "major"));
    const tune = [76, 74, 72, 71, 69, 71, 72, 74].flatMap((pitch, i) => sound(2 * i, 2, pitch));
    expect(chordsOf([...tune, ...sound(0, 16, 45, 60, 64)])[0]).toEqual(chord(9, "minor"));
  });

  it("of the same tones is that of the bass", () => {
    expect(chordsOf(sound(0, 16, 45, 60, 64, 67))[0]).toEqual(chord(9, "minor"));
    expect(chordsOf(sound(0, 16, 36, 60, 64, 67, 69))[0]).toEqual(chord(0, "major"));
  });

  it("is none in silence, on one pitch class, of drums and in a cluster", () => {
    expect(chordsOf([], 1)).toEqual(["none", "none"]);
    expect(chordsOf(sound(0, 16, 48, 60, 72))).toEqual(["none", "none"]);
    const drums = sound(0, 16, 36, 40, 43).map((note) => ({ ...note, instrument: DRUMS }));
    expect(chordsOf(drums)).toEqual(["none", "none"]);
    expect(chordsOf(sound(0, 16, 60, 61, 62, 63, 64, 65))[0]).toBe("none");
  });
});

suite("a progression", () => {
  /** Two chords a bar: bass, three voices above, a tune of eighths through the scale. */
  const band = (roots: readonly (readonly [number, readonly number[]])[]): Note[] =>
    roots.flatMap(([root, intervals], half) => {
      const voices = intervals.map((interval) => 60 + ((root + interval) % 12));
      const tune = [0, 1, 2, 3].flatMap((i) => {
        const pitch = 72 + ((root + intervals[i % intervals.length]) % 12);
        return sound(half * 16 + 4 * i, 4, i === 3 ? pitch + 2 : pitch);
      });
      return [...sound(half * 16, 16, 36 + root, ...voices), ...tune];
    });
  const MAJOR = [0, 4, 7];
  const MINOR = [0, 3, 7];
  const SEVENTH = [0, 4, 7, 10];
  const songs: readonly (readonly [string, readonly (readonly [number, Quality])[]])[] = [
    [
      "I vi IV V",
      [
        [0, "major"],
        [9, "minor"],
        [5, "major"],
        [7, "major"],
      ],
    ],
    [
      "ii V I in jazz",
      [
        [2, "minor"],
        [7, "dominant"],
        [0, "major"],
        [0, "major"],
      ],
    ],
    [
      "blues",
      [
        [4, "dominant"],
        [9, "dominant"],
        [4, "dominant"],
        [11, "dominant"],
      ],
    ],
    [
      "Andalusian",
      [
        [9, "minor"],
        [7, "major"],
        [5, "major"],
        [4, "major"],
      ],
    ],
  ];
  const intervalsOf = (quality: Quality) =>
    quality === "major" ? MAJOR : quality === "minor" ? MINOR : SEVENTH;

  it.each(songs)("%s is heard in all keys: notes and chords are transposed alike", (_, song) => {
    for (let key = 0; key < 12; key++) {
      const moved = song.map(([root, quality]) => [(root + key) % 12, quality] as const);
      const notes = band(moved.map(([root, quality]) => [root, intervalsOf(quality)]));
      expect(chordsOf(notes)).toEqual(moved.map(([root, quality]) => chord(root, quality)));
    }
  });
});
