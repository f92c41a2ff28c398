/** Random notes and pieces for property-based tests (fast-check). */
import fc from "fast-check";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes, type Piece } from "#music/piece.ts";
import { bucketVelocity, MAX_DELTA, MAX_DURATION } from "#music/tokens/vocabulary.ts";

/** A note as tokens can say it, at an onset relative to the one before. */
const tokenNote = fc.record({
  delta: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: MAX_DELTA })),
  duration: fc.integer({ min: 1, max: MAX_DURATION }),
  bucket: fc.integer({ min: 0, max: 7 }),
  instrument: fc.integer({ min: 0, max: INSTRUMENTS.length - 1 }),
  pitch: fc.integer({ min: 0, max: 127 }),
});

/** Canonical notes on the grid, whose rests tokens can say. */
export const gridNotes: fc.Arbitrary<Note[]> = fc
  .array(tokenNote, { maxLength: 120 })
  .map((events) => {
    let onset = 0;
    return canonicalNotes(
      events.map(({ delta, duration, bucket, instrument, pitch }) => {
        onset += delta;
        return { instrument, pitch, velocity: bucketVelocity(bucket), onset, duration };
      }),
    );
  });

/** A piece, with an outro or without. */
export const piece: fc.Arbitrary<Piece> = fc
  .tuple(
    gridNotes,
    fc.boolean(),
    fc.integer({ min: 0, max: INSTRUMENTS.length - 1 }).filter((id) => id !== DRUMS),
    fc.option(fc.nat(), { nil: undefined }),
  )
  .map(([notes, drums, lead, outro]) => ({
    notes,
    drums,
    lead,
    ...(outro === undefined ? {} : { outroAt: outro % (notes.length + 1) }),
  }));
