import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Groove, played, STRAIGHT, swung, unswung } from "./groove.ts";
import { GrooveMap } from "./groove-map.ts";
import { MetreMap, OFFERED_METRES, parseMetre } from "./metre.ts";
import type { Note } from "./note.ts";

const noteAt = (onset: number, duration = 4): Note => ({
  ...{ instrument: 0, pitch: 60, velocity: 90, onset, duration },
});
const eighths: Groove = { ...STRAIGHT, swing: 2 / 3 };
const sixteenths: Groove = { ...STRAIGHT, swing: 2 / 3, pair: 4 };
const inFour = new MetreMap();

const grooves = fc.record({
  swing: fc.double({ min: 0.5, max: 0.75, noNaN: true }),
  pair: fc.constantFrom(4, 8),
  human: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.nat(),
});
const metres = fc.constantFrom(...OFFERED_METRES).map(MetreMap.of);

describe("swing", () => {
  it("at two thirds plays the second of two eighths, or sixteenths, as triplets' third", () => {
    const places = (groove: Groove, steps: readonly number[]) =>
      steps.map((step) => swung(step, groove, inFour));
    expect(places(eighths, [0, 4, 8, 12])).toEqual(
      [0, 16 / 3, 8, 8 + 16 / 3].map((at) => expect.closeTo(at, 9)),
    );
    expect(places(sixteenths, [0, 2, 4, 6])).toEqual(
      [0, 8 / 3, 4, 4 + 8 / 3].map((at) => expect.closeTo(at, 9)),
    );
  });

  it("leaves beats of three eighths even, and swings sixteenths there", () => {
    const jig = MetreMap.of(parseMetre("6/8")!);
    for (let step = 0; step < 48; step++) expect(swung(step, eighths, jig)).toBe(step);
    expect(swung(2, sixteenths, jig)).toBeCloseTo(8 / 3, 9);
  });

  it("is known the other way round, in every metre", () => {
    const steps = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(grooves, metres, steps, (groove, map, step) => {
        expect(unswung(swung(step, groove, map), groove, map)).toBeCloseTo(step, 6);
      }),
    );
  });
});

describe("a groove", () => {
  it("that is straight changes nothing", () => {
    const note = noteAt(5);
    expect(played(note, STRAIGHT, inFour)).toBe(note);
  });

  it("gives the same note the same place and velocity, another seed another", () => {
    const human = { ...STRAIGHT, human: 1, seed: 7 };
    expect(played(noteAt(12), human, inFour)).toEqual(played(noteAt(12), human, inFour));
    expect(played(noteAt(12), { ...human, seed: 8 }, inFour).onset).not.toBe(
      played(noteAt(12), human, inFour).onset,
    );
  });

  it("is less than half a step off, as often early as late, and keeps chords together", () => {
    const human = { ...STRAIGHT, human: 1, seed: 7 };
    const off = Array.from({ length: 2000 }, (_, at) => {
      const chord = [60, 64, 67].map(
        (pitch) => played({ ...noteAt(at + 1), pitch }, human, inFour).onset - (at + 1),
      );
      expect(Math.max(...chord) - Math.min(...chord)).toBeLessThan(0.18);
      return chord[0];
    });
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.45);
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeCloseTo(0, 1);
  });

  it("keeps the order of a key's notes and their touching, lasts, and stays within MIDI's velocities", () => {
    const onset = fc.integer({ min: 1, max: 300 });
    const duration = fc.integer({ min: 1, max: 40 });
    const velocity = fc.integer({ min: 1, max: 127 });
    fc.assert(
      fc.property(grooves, metres, onset, duration, velocity, (groove, map, at, long, loud) => {
        const one = played({ ...noteAt(at, long), velocity: loud }, groove, map);
        const next = played(noteAt(at + long), groove, map);
        expect(one.duration).toBeGreaterThan(0);
        expect(one.onset + one.duration).toBeCloseTo(next.onset, 9);
        expect(one.velocity).toBeGreaterThanOrEqual(1);
        expect(one.velocity).toBeLessThanOrEqual(127);
      }),
    );
  });
});

describe("GrooveMap", () => {
  it("holds what was played so, and no point that changes nothing", () => {
    const map = new GrooveMap()
      .changedFrom(0, STRAIGHT)
      .changedFrom(32, eighths)
      .changedFrom(64, eighths);
    expect(map.points).toEqual([{ step: 32, ...eighths }]);
    expect(map.played(noteAt(4), inFour).onset).toBe(4);
    expect(map.played(noteAt(36), inFour).onset).toBeCloseTo(32 + 16 / 3, 9);
    expect(map.changedFrom(16, STRAIGHT).points).toEqual([]);
  });

  it("lets none ring into the next of its key where the groove changes", () => {
    const map = new GrooveMap([{ step: 0, ...eighths }]).changedFrom(4, STRAIGHT);
    const [one, next] = map.playedAll([noteAt(1, 3), noteAt(4)], inFour);
    expect(one.onset + one.duration).toBeLessThanOrEqual(next.onset);
  });
});
