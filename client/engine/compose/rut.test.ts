import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { stuckBars } from "./rut.ts";

const METRES = [
  { numerator: 4, denominator: 4 },
  { numerator: 3, denominator: 4 },
];

/** A bar of eight notes that follow from a number. */
const bar = (of: number, start: number, steps: number): Note[] => {
  const random = new Random(of);
  return Array.from({ length: 8 }, (_, i) => ({
    instrument: i % 3,
    pitch: 40 + random.integer(40),
    velocity: 75,
    onset: start + Math.floor((i * steps) / 8),
    duration: 2,
  }));
};

describe("stuck bars", () => {
  it.each(METRES)("are copies of the bar one, two or four before, in %j", (metre) => {
    const metres = MetreMap.of(metre);
    const { steps } = metres.bar(0);
    const stuck = (bars: readonly number[]) =>
      stuckBars(
        bars.flatMap((of, index) => bar(of, index * steps, steps)),
        metres,
        bars.length,
      );
    expect(stuck([])).toBe(0);
    expect(stuck([1, 2, 3, 4, 5])).toBe(0);
    expect(stuck([1, 2, 2])).toBe(1);
    expect(stuck([1, 2, 2, 2, 2])).toBe(3);
    expect(stuck([1, 2, 1, 2, 1, 2])).toBe(4);
    expect(stuck([1, 2, 3, 4, 1, 2, 3])).toBe(3);
    expect(stuck([2, 2, 2, 2, 5])).toBe(0);
    // A section of eight that comes back is no rut.
    expect(stuck([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3])).toBe(0);
    expect(stuck(new Array(40).fill(3))).toBe(11);
  });

  it("are those that hammer few pitches, whatever the rhythm", () => {
    const random = new Random(2);
    const hammered = Array.from({ length: 5 }, (_, index) =>
      Array.from({ length: 14 }, (_, i) => ({
        instrument: 8,
        pitch: 60 + random.integer(3),
        velocity: 60 + random.integer(40),
        onset: index * 32 + 2 * i + random.integer(2),
        duration: 1,
      })),
    ).flat();
    expect(stuckBars(hammered, new MetreMap(), 5)).toBe(5);
    expect(stuckBars([...hammered, ...bar(9, 64, 32), ...bar(8, 128, 32)], new MetreMap(), 5)).toBe(
      0,
    );
    // A few notes elsewhere do not make them alive.
    const strayed = hammered.map((note, at) =>
      at % 7 === 0 ? { ...note, pitch: 70 } : { ...note, pitch: 60 + (at % 2) },
    );
    expect(stuckBars(strayed, new MetreMap(), 5)).toBe(5);
    // Drums may.
    const drums = hammered.map((note) => ({ ...note, instrument: 9 }));
    expect(stuckBars(drums, new MetreMap(), 5)).toBe(0);
  });

  it("are those in which one instrument is left alone of several that are to play", () => {
    const alone = [1, 2, 3, 4].flatMap((of, index) =>
      bar(of, index * 32, 32).map((note) => ({ ...note, instrument: 2 })),
    );
    const metres = new MetreMap();
    expect(stuckBars(alone, metres, 4)).toBe(0);
    expect(stuckBars(alone, metres, 4, () => 1)).toBe(0);
    expect(stuckBars(alone, metres, 4, (at) => (at < 2 ? 1 : 3))).toBe(2);
    expect(stuckBars([...alone, ...bar(7, 96, 32)], metres, 4, () => 3)).toBe(0);
    // Nor is silence.
    expect(stuckBars([], metres, 4, () => 3)).toBe(0);
  });
});
