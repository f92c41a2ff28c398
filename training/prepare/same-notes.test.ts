/**
 * Copies of a piece are recognised and near-misses are not. Files are written by the npm package
 * midi-file, so that division, channels and tempo are free.
 */
import fc from "fast-check";
import { type MidiEvent, writeMidi } from "midi-file";
import { describe, expect, it } from "vitest";
import { assert } from "#base/assert.ts";
import { Random } from "#base/random.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { prepareFile } from "./prepare-file.ts";
import { inSameOrder } from "./same-notes.ts";

/** A note in seconds of a quarter note: played freely, off every grid. */
interface Stroke {
  readonly at: number;
  readonly pitch: number;
  readonly program: number;
}

interface Saving {
  readonly division?: number;
  readonly tempo?: number;
  readonly transposed?: number;
  /** Quarter notes before the first note. */
  readonly silence?: number;
  /** Program of every program. */
  readonly programs?: readonly number[];
  /** First channel. */
  readonly channel?: number;
  /** Where time runs otherwise: a performance whose tempo went into its ticks. */
  readonly warp?: (at: number) => number;
}

function save(strokes: readonly Stroke[], saving: Saving = {}): Uint8Array {
  const { division = 480, tempo = 120, transposed = 0, silence = 0, channel = 0 } = saving;
  const { programs = [0, 40, 73], warp = (at: number) => at } = saving;
  const events = programs.map((programNumber, i) => ({
    tick: 0,
    event: { type: "programChange", channel: channel + i, programNumber } as object,
  }));
  events.push({
    tick: 0,
    event: { type: "setTempo", meta: true, microsecondsPerBeat: Math.round(6e7 / tempo) },
  });
  for (const { at, pitch, program } of strokes) {
    const tick = Math.round((silence + warp(at)) * division);
    const key = { channel: channel + program, noteNumber: pitch + transposed };
    events.push({ tick, event: { type: "noteOn", ...key, velocity: 80 } });
    events.push({
      tick: tick + Math.ceil(division / 64),
      event: { type: "noteOff", ...key, velocity: 0 },
    });
  }
  events.sort((a, b) => a.tick - b.tick);
  let before = 0;
  const track = events.map(({ tick, event }) => {
    const deltaTime = tick - before;
    before = tick;
    return { deltaTime, ...event } as MidiEvent;
  });
  track.push({ deltaTime: 0, meta: true, type: "endOfTrack" });
  return Uint8Array.from(
    writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: division }, tracks: [track] }),
  );
}

/** A piece of 120-400 notes: chords and runs, on a grid of sixteenths or free of it. */
const strokes: fc.Arbitrary<Stroke[]> = fc
  .record({
    seed: fc.integer(),
    count: fc.integer({ min: 120, max: 400 }),
    free: fc.boolean(),
  })
  .map(({ seed, count, free }) => {
    const random = new Random(seed);
    let at = 0;
    return Array.from({ length: count }, () => {
      if (random.next() < 0.7) at += free ? 0.07 + random.next() : (1 + random.integer(4)) / 4;
      return { at, pitch: 45 + random.integer(36), program: random.integer(3) };
    });
  });

function prepared(bytes: Uint8Array) {
  const result = prepareFile(bytes);
  assert(result.refused === undefined, `refused: ${result.refused}`);
  return result;
}

function isCopy(one: Uint8Array, other: Uint8Array): boolean {
  const [first, second] = [prepared(one), prepared(other)];
  return (
    first.census.join() === second.census.join() && inSameOrder(readMidi(one), readMidi(other))
  );
}

const sameFingerprint = (one: Uint8Array, other: Uint8Array): boolean =>
  prepared(one).fingerprint.join() === prepared(other).fingerprint.join();

const RUNS = { numRuns: 60 };

describe("a copy", () => {
  it("has the same fingerprint at another tempo, transposed, on other channels, after whole steps of silence", () => {
    fc.assert(
      fc.property(
        strokes,
        fc.record({
          tempo: fc.integer({ min: 30, max: 280 }),
          transposed: fc.integer({ min: -24, max: 24 }),
          silence: fc.integer({ min: 0, max: 64 }).map((steps) => steps / 8),
          channel: fc.integer({ min: 0, max: 6 }),
          programs: fc.constantFrom([0, 40, 73], [73, 0, 40], [52, 52, 16]),
        }),
        (piece, saving) => {
          expect(sameFingerprint(save(piece), save(piece, saving))).toBe(true);
          expect(isCopy(save(piece), save(piece, saving))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it("is told by its census and order in any division, after any silence, at any tempo in its ticks", () => {
    fc.assert(
      fc.property(
        strokes,
        fc.record({
          division: fc.constantFrom(96, 120, 192, 384, 480, 960, 1024),
          silence: fc.double({ min: 0, max: 4, noNaN: true }),
          transposed: fc.integer({ min: -24, max: 24 }),
          warp: fc.constantFrom(
            (at: number) => at,
            (at: number) => at * 1.37,
            (at: number) => at / 2,
            (at: number) => at + Math.sin(at / 7),
          ),
        }),
        (piece, saving) => {
          expect(isCopy(save(piece), save(piece, saving))).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it("may round to other steps in another division, where the fingerprint alone would miss it", () => {
    const random = new Random(3);
    const piece = Array.from({ length: 200 }, (_, i) => ({
      at: i / 2 + random.next() / 3,
      pitch: 50 + random.integer(20),
      program: 0,
    }));
    const copy = save(piece, { division: 96 });
    expect(sameFingerprint(save(piece), copy)).toBe(false);
    expect(isCopy(save(piece), copy)).toBe(true);
  });
});

describe("a near-miss is no copy", () => {
  const place = fc.nat({ max: 119 });

  // A semitone off could meet a unison, of which a fingerprint knows one: this key is struck nowhere else.
  it("with one note changed", () => {
    fc.assert(
      fc.property(strokes, place, (piece, at) => {
        const changed = piece.map((stroke, i) =>
          i === at ? { ...stroke, pitch: stroke.pitch + 36 } : stroke,
        );
        expect(isCopy(save(piece), save(changed))).toBe(false);
        expect(sameFingerprint(save(piece), save(changed))).toBe(false);
      }),
      RUNS,
    );
  });

  it("with one note more", () => {
    fc.assert(
      fc.property(strokes, place, (piece, at) => {
        const more = [...piece, { ...piece[at], at: piece[at].at + 0.5 }];
        expect(isCopy(save(piece), save(more))).toBe(false);
      }),
      RUNS,
    );
  });

  it("with the same notes in another order", () => {
    fc.assert(
      fc.property(strokes, fc.integer(), fc.boolean(), (piece, seed, halves) => {
        const random = new Random(seed);
        const order = halves
          ? piece.map((_, i) => (i + (piece.length >> 1)) % piece.length)
          : piece
              .map((_, i) => ({ i, key: random.next() }))
              .sort((a, b) => a.key - b.key)
              .map(({ i }) => i);
        const moved = piece.map((stroke, i) => ({ ...stroke, pitch: piece[order[i]].pitch }));
        expect(prepared(save(moved)).census).toEqual(prepared(save(piece)).census);
        expect(isCopy(save(piece), save(moved))).toBe(false);
      }),
      RUNS,
    );
  });
});
