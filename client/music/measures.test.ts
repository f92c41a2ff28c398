import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { DRUMS } from "./instrument.ts";
import { measure } from "./measures.ts";
import { MetreMap, parseMetre } from "./metre.ts";
import type { Note } from "./note.ts";

const scale = [60, 62, 64, 65, 67, 69, 71, 72];
const steady: Note[] = Array.from({ length: 64 }, (_, i) => ({
  instrument: 0,
  pitch: scale[i % 8],
  velocity: 90,
  onset: i * 4,
  duration: 4,
}));

describe("measures", () => {
  it("call a steady scale consistent in key and groove, with no empty beat", () => {
    expect(measure(steady)).toEqual({
      scaleConsistency: 1,
      grooveConsistency: 1,
      onsetsOnEighths: 1,
      emptyBeatRate: 0,
      density: 8,
    });
  });

  it("tell chance from music", () => {
    const random = new Random(4);
    const chance = Array.from({ length: 400 }, () => ({
      instrument: 0,
      pitch: random.integer(128),
      velocity: 90,
      onset: random.integer(1024),
      duration: 1,
    }));
    const measures = measure(chance);
    expect(measures?.scaleConsistency).toBeLessThan(0.75);
    expect(measures?.grooveConsistency).toBeLessThan(0.65);
    expect(measures?.onsetsOnEighths).toBeLessThan(0.4);
  });

  it("find empty beats, and leave drums out of the key", () => {
    const gap = measure([steady[0], { ...steady[0], onset: 24 }]);
    expect(gap?.emptyBeatRate).toBe(0.5);
    const drums = Array.from({ length: 12 }, (_, i) => ({
      ...steady[0],
      instrument: DRUMS,
      pitch: 35 + i,
    }));
    expect(measure(drums)?.scaleConsistency).toBe(1);
    expect(measure([])).toBeUndefined();
  });

  it("give up on what is no piece, at once", () => {
    const endless = [steady[0], { ...steady[0], onset: 2 ** 31 }];
    expect(measure(endless)).toBeUndefined();
    expect(measure([{ ...steady[0], duration: 2 ** 31 }])?.emptyBeatRate).toBe(0);
  });

  it("count bars and beats of the metre", () => {
    const waltz = (strokes: readonly number[]) =>
      Array.from({ length: 16 }, (_, bar) =>
        strokes.map((at) => ({ ...steady[0], onset: bar * 24 + at, duration: 4 })),
      ).flat();
    const metres = MetreMap.of(parseMetre("3/4"));
    expect(measure(waltz([0, 8, 16]), metres)).toMatchObject({ grooveConsistency: 1, density: 3 });
    expect(measure(waltz([0, 8, 16]))?.grooveConsistency).toBe(1);
    expect(measure(waltz([0, 12]), metres)?.grooveConsistency).toBe(1);
    expect(measure(waltz([0, 12]))?.grooveConsistency).toBeLessThan(0.95);
    const jig = MetreMap.of(parseMetre("6/8"));
    expect(measure(waltz([0]), jig)?.emptyBeatRate).toBeCloseTo(15 / 31, 9);
    expect(measure(waltz([0]), metres)?.emptyBeatRate).toBeCloseTo(30 / 46, 9);
  });

  it("let a key change between windows, not inside them", () => {
    const up = (by: number, from: number) =>
      steady.map((note) => ({ ...note, pitch: note.pitch + by, onset: (note.onset % 128) + from }));
    expect(measure([...up(0, 0), ...up(6, 128)])?.scaleConsistency).toBe(1);
    expect(measure([...up(0, 0), ...up(6, 0)])?.scaleConsistency).toBeLessThan(0.8);
  });
});
