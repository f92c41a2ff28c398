import { describe, expect, it } from "vitest";
import { type ChartBar, OPEN_BAR } from "#music/chart/chart.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { BarCounts, overlaps } from "./bar-features.ts";
import { chordShare } from "./chord-share.ts";
import { formMeasures, heardBefore } from "./form-measure.ts";
import { meanVelocities } from "./mean-velocities.ts";
import { agreement, rankCorrelation } from "./obedience.ts";
import { stuckMeasures } from "./stuck-measures.ts";

const bar = (pitches: readonly number[], start: number): Note[] =>
  pitches.map((pitch, i) => ({
    instrument: 0,
    pitch,
    velocity: 75,
    onset: start + 2 * i,
    duration: 2,
  }));

describe("stuck measures", () => {
  it("count copies in runs of four, hammered bars, notes and pitches", () => {
    const scale = [60, 62, 64, 65];
    const hammer = new Array<number>(12).fill(60);
    const bars = [scale, scale, scale, scale, scale, [70], hammer, [50, 51]];
    const notes = bars.flatMap((pitches, index) => bar(pitches, 32 * index));
    expect(stuckMeasures(notes, new MetreMap(), 8)).toEqual({
      alike: 4 / 7,
      inRuns: 4 / 7,
      longestRun: 4,
      hammered: 1 / 8,
      notesABar: 35 / 8,
      pitchesABar: (20 + 1 + 1 + 2) / 8,
    });
  });
});

describe("form measures", () => {
  const part = (label: string, first: number) => ({ label, role: "main", first, bars: 2 }) as const;
  const form = [part("A", 0), part("B", 2), part("A", 4)];
  const sectionAt = (at: number) => form[at >> 1];

  it("are how alike bars are that return, and other bars", () => {
    const [a, b] = [
      [60, 64, 67],
      [62, 65],
    ];
    const notes = [a, a, b, b, a, [72, 64]].flatMap((pitches, index) => bar(pitches, 32 * index));
    expect(formMeasures(notes, new MetreMap(), 6, sectionAt)).toEqual({
      sections: 3,
      returning: 1,
      returned: (1 + 2 / 3) / 2,
      elsewhere: 0,
      heardBefore: undefined,
    });
  });

  it("count bars that were heard eight or more bars before, from the 33rd on", () => {
    const tune = (at: number) => [60 + (at % 20), 62 + (at % 20), 64 + (at % 20), 90 - (at % 7)];
    // Bars 32 to 39: two as those twenty before, one as that of four before, the others new.
    const pitches = Array.from({ length: 40 }, (_, at) =>
      tune(at).map((pitch) => pitch + (at > 33 ? 25 : 0)),
    );
    pitches[38] = pitches[34];
    const notes = pitches.flatMap((own, at) => bar(own, 32 * at));
    expect(heardBefore(notes, new MetreMap(), 40)).toBe(2 / 8);
    expect(heardBefore(notes, new MetreMap(), 32)).toBeUndefined();
  });

  it("are open where nothing returns", () => {
    const { returned, elsewhere } = formMeasures(bar([60], 0), new MetreMap(), 2, sectionAt);
    expect([returned, elsewhere]).toEqual([undefined, undefined]);
  });
});

describe("bar features", () => {
  const pieces = (pitches: readonly number[]) => {
    const counts = new BarCounts();
    counts.add([...bar(pitches, 0), ...bar(pitches, 32)], new MetreMap(), 2);
    return counts.histograms;
  };

  it("are shares of bars, and of steps of a line", () => {
    const histograms = pieces([60, 64, 60]);
    expect(histograms).toMatchObject({
      notes: { "4": 1 },
      strokes: {},
      velocity: { "4": 1 },
      velocityChange: { "0": 1 },
      duration: { "3": 1 },
      pitches: { "2": 1 },
      onEighths: { "3": 1 },
      span: { "1": 1 },
      leap: { "0": 0.2, "4": 0.8 },
      place: { "0": 1 },
    });
  });

  it("overlap wholly with themselves, and in part with others", () => {
    const all = overlaps(pieces([60, 64, 60]), pieces([60, 64, 60]));
    expect([all.leap, all.notes, all.strokes]).toEqual([1, 1, 0]);
    const others = overlaps(pieces([60, 64, 60]), pieces([60, 60, 60]));
    expect([others.leap, others.notes, others.pitches]).toEqual([0.2, 1, 0]);
  });
});

describe("obedience", () => {
  const bars = (densities: readonly (number | undefined)[]): ChartBar[] =>
    densities.map((density) => ({ ...OPEN_BAR, ...(density === undefined ? {} : { density }) }));
  const density = (of: ChartBar) => of.density;

  it("is the rank correlation of what was asked and played, open bars left out", () => {
    expect(rankCorrelation(bars([1, 2, 3]), bars([3, 5, 7]), density)).toBe(1);
    expect(rankCorrelation(bars([1, 2, 3]), bars([7, 5, 3]), density)).toBe(-1);
    expect(rankCorrelation(bars([1, undefined, 3]), bars([1, 0, 5]), density)).toBe(1);
    expect(rankCorrelation(bars([1, 1, 2, 2]), bars([1, 2, 1, 2]), density)).toBe(0);
    expect(rankCorrelation(bars([1]), bars([1]), density)).toBeUndefined();
  });

  it("is the share of wishes that were met", () => {
    expect(agreement(bars([1, 2, undefined]), bars([1, 3, 4]), (of) => [of.density])).toBe(0.5);
    expect(agreement(bars([undefined]), bars([1]), (of) => [of.density])).toBeUndefined();
  });
});

describe("chord share", () => {
  it("is the share of melodic sounding time in chord tones, on strong beats and all over", () => {
    const c = { root: 0, quality: "major" } as const;
    const bars: ChartBar[] = [{ ...OPEN_BAR, chords: [c, "none"] }, OPEN_BAR];
    const note = { instrument: 0, velocity: 75 };
    const notes = [
      { ...note, pitch: 64, onset: 0, duration: 32 }, // E: 8 steps on the strong beat, 8 behind it
      { ...note, pitch: 65, onset: 4, duration: 8 }, // F: 4 and 4
      { ...note, instrument: 9, pitch: 42, onset: 0, duration: 8 },
    ];
    const share = chordShare(notes, new MetreMap(), bars);
    expect(share).toEqual({ strong: 8 / 12, all: 16 / 24 });
    expect(chordShare(notes, new MetreMap(), []).strong).toBeUndefined();
  });
});

describe("mean velocities", () => {
  it("are those of whoever plays", () => {
    const struck = bar([60, 64], 0).map((note, at) => ({ ...note, velocity: 45 + 20 * at }));
    expect(meanVelocities(struck)).toEqual({ Piano: 55 });
  });
});
