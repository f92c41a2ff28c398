/** Allegro's tokens against sequences written out by the rules of its data maker, and round trips. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { INSTRUMENTS } from "#music/instrument.ts";
import type { Piece } from "#music/piece.ts";
import { AllegroGrammar } from "#music/rules/allegro-grammar.ts";
import { piece as gridPiece } from "#music/testing/arbitraries.ts";
import { secondsPerStep } from "#music/units.ts";
import {
  decodeAllegro,
  detokenizeAllegro,
  encodeAllegro,
  type MillisecondNote,
  tokenizeAllegro,
} from "./allegro-tokenizer.ts";
import { bucketVelocity, OUTRO } from "./vocabulary.ts";

const tempo = fc.integer({ min: 20, max: 300 });

/** Notes in milliseconds, rests that a time token can say, any order within 8 ms. */
const timedNotes: fc.Arbitrary<MillisecondNote[]> = fc
  .array(
    fc.record({
      rest: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2032, noNaN: true })),
      length: fc.double({ min: 1, max: 4095, noNaN: true }),
      velocity: fc.integer({ min: 0, max: 7 }).map(bucketVelocity),
      instrument: fc.integer({ min: 0, max: INSTRUMENTS.length - 1 }),
      pitch: fc.integer({ min: 0, max: 127 }),
    }),
    { maxLength: 120 },
  )
  .map((events) => {
    let start = 0;
    return events.map(({ rest, ...sound }) => {
      start += rest;
      return { ...sound, start };
    });
  });

const note = (start: number, pitch: number, length = 320): MillisecondNote => ({
  instrument: 3,
  pitch,
  velocity: 90,
  start,
  length,
});

/** 256 + 10 * 8 + 5: ten units of 32 ms, velocity 90. */
const TEN = 341;
const VIOLIN = 1280 + 3 * 128;

describe("encodeAllegro", () => {
  it("writes what Allegro's data maker writes: one time token an onset, chords from above", () => {
    const notes = [note(0, 60), note(3, 64), note(500, 62), note(505, 50), note(2500, 70, 9000)];
    expect(encodeAllegro({ lead: 3, drums: false, notes })).toEqual({
      tokens: [
        ...[3087, 3073, 3078, 2816],
        ...[0, TEN, VIOLIN + 64, TEN, VIOLIN + 60],
        ...[62, TEN, VIOLIN + 62],
        ...[1, TEN, VIOLIN + 50], // 505 ms lies in the unit after 500 ms
        ...[249, 256 + 127 * 8 + 5, VIOLIN + 70],
      ],
      clampedDeltas: 0,
      clampedDurations: 1,
    });
  });

  it("counts every 50 chords, and announces the outro before the counter", () => {
    const notes = Array.from({ length: 300 }, (_, i) => note((i >> 1) * 80, i % 2 ? 60 : 64));
    const { tokens } = encodeAllegro({ lead: 3, drums: true, notes, outroAt: 2 * 51 + 1 });
    const marks = [...tokens.entries()].filter(([, id]) => id >= 2816 && id <= OUTRO);
    expect(marks.map(([, id]) => id)).toEqual([2816, OUTRO, 2817, 2818]);
    // The first onset counts for nothing, so that 51 onsets of 5 tokens stand before the first counter.
    expect(marks[1][0]).toBe(4 + 51 * 5);
    expect(marks[2][0]).toBe(marks[1][0] + 1);
    expect(marks[3][0]).toBe(marks[2][0] + 1 + 50 * 5);
    expect(decodeAllegro(tokens).notes).toHaveLength(300);
    expect(decodeAllegro(tokens).outroAt).toBe(2 * 51);
  });

  it("counts rests and lengths that tokens cannot say", () => {
    const notes = [note(0, 60, 4096), note(2056, 60)];
    const { clampedDeltas, clampedDurations } = encodeAllegro({ lead: 3, drums: false, notes });
    expect([clampedDeltas, clampedDurations]).toEqual([1, 1]);
  });
});

describe("notes -> tokens -> notes", () => {
  it("moves a start by less than 8 ms and a length by less than 32 ms, and nothing else", () => {
    fc.assert(
      fc.property(timedNotes, fc.boolean(), (notes, drums) => {
        const { tokens, clampedDeltas } = encodeAllegro({ lead: 4, drums, notes });
        expect(clampedDeltas).toBe(0);
        const decoded = decodeAllegro(tokens);
        expect(decoded).toMatchObject({ lead: 4, drums });
        const ordered = notes
          .map((each, index) => ({ ...each, index, unit: Math.floor(each.start / 8) }))
          .sort((a, b) => a.unit - b.unit || b.pitch - a.pitch || a.index - b.index);
        expect(decoded.notes).toHaveLength(notes.length);
        for (const [i, { instrument, pitch, velocity, start, length }] of decoded.notes.entries()) {
          expect({ instrument, pitch, velocity }).toEqual({
            instrument: ordered[i].instrument,
            pitch: ordered[i].pitch,
            velocity: ordered[i].velocity,
          });
          expect(ordered[i].start - start).toBeGreaterThanOrEqual(0);
          expect(ordered[i].start - start).toBeLessThan(8);
          expect(Math.abs(ordered[i].length - length)).toBeLessThan(32);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps every note of a piece on its step, at any tempo, and lengths within 32 ms", () => {
    fc.assert(
      fc.property(gridPiece, tempo, (original, at) => {
        const { tokens, clampedDeltas } = tokenizeAllegro(original, at);
        const decoded = detokenizeAllegro(tokens, at);
        const stepMs = 1000 * secondsPerStep(at);
        const shortened = shortenRests(original, Math.floor(2040 / stepMs));
        expect(clampedDeltas).toBe(shortened.count);
        expect(decoded.notes).toHaveLength(original.notes.length);
        for (const [i, { duration, ...rest }] of decoded.notes.entries()) {
          const { duration: before, ...same } = original.notes[i];
          expect(rest).toEqual({ ...same, onset: shortened.onsets[i] });
          expect(duration).toBeLessThanOrEqual(before);
          if (clampedDeltas > 0) continue; // a note held through a shortened rest may end early
          const said = Math.min(before * stepMs, 4064);
          expect(said - duration * stepMs).toBeLessThan(32 + stepMs / 2 + 1e-6);
        }
        expect(decoded).toMatchObject({ lead: original.lead, drums: original.drums });
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the outro, before the chord it stands in", () => {
    fc.assert(
      fc.property(gridPiece, tempo, (original, at) => {
        const { outroAt } = detokenizeAllegro(tokenizeAllegro(original, at).tokens, at);
        const { notes, outroAt: before } = original;
        const onset = before === undefined ? undefined : notes[before]?.onset;
        const chord = notes.findIndex((each) => each.onset === onset);
        expect(outroAt).toBe(onset === undefined ? before : chord);
      }),
      { numRuns: 300 },
    );
  });

  it("is what the grammar accepts and reads the same", () => {
    fc.assert(
      fc.property(gridPiece, tempo, (original, at) => {
        const { tokens } = tokenizeAllegro(original, at);
        const grammar = new AllegroGrammar(at);
        const read = tokens.map((id) => grammar.push(id)).filter((each) => each !== undefined);
        expect(read).toEqual(detokenizeAllegro(tokens, at).notes);
      }),
      { numRuns: 300 },
    );
  });
});

/** Onsets where no rest is longer than `longest` steps, and how many were. */
function shortenRests({ notes }: Piece, longest: number): { onsets: number[]; count: number } {
  let [before, onset, count] = [0, 0, 0];
  const onsets = notes.map((each) => {
    const rest = each.onset - before;
    before = each.onset;
    if (rest > longest) count++;
    onset += Math.min(rest, longest);
    return onset;
  });
  return { onsets, count };
}

describe("decodeAllegro", () => {
  const HEADING = [3087, 3073, 3078, 2816];
  it("reads the first of several pieces, a lone heading, drums in the lead", () => {
    const events = [0, TEN, VIOLIN + 60, 5, TEN, VIOLIN + 61];
    expect(decodeAllegro([...HEADING, ...events, ...HEADING, ...events]).notes).toHaveLength(2);
    expect(decodeAllegro(HEADING)).toEqual({ lead: 3, drums: false, notes: [] });
    expect(decodeAllegro([3087, 3074, 3084, 2816]).lead).toBe(9);
  });

  it.each([
    ["nothing", []],
    ["no heading", [0, TEN, VIOLIN + 60]],
    ["no counter in the heading", [3087, 3073, 3078, 0, TEN, VIOLIN + 60]],
    ["an event cut short", [...HEADING, 0, TEN]],
    ["no time before the first event", [...HEADING, TEN, VIOLIN + 60]],
    ["a time of 0 later on", [...HEADING, 0, TEN, VIOLIN + 60, 0, TEN, VIOLIN + 50]],
    ["tokens out of order", [...HEADING, 0, VIOLIN + 60, TEN]],
    ["a duration of 0", [...HEADING, 0, 261, VIOLIN + 60]],
    ["a second outro", [...HEADING, 0, TEN, VIOLIN + 60, OUTRO, OUTRO]],
    ["a chord that goes on after a counter", [...HEADING, 0, TEN, VIOLIN + 60, 2817, TEN]],
    ["an id outside", [...HEADING, 3088]],
    ["no number", [...HEADING, Number.NaN]],
  ])("refuses %s with the place", (_, tokens) => {
    expect(() => decodeAllegro(tokens)).toThrow(/tokens? /i);
  });
});
