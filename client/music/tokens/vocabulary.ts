/**
 * The 3,088 tokens, the single source of truth (contract, section 1). The layout follows the
 * Allegro Music Transformer (asigalov61), whose checkpoints load, on a musical grid of our own.
 */
import { assert } from "#base/assert.ts";
import type { Instrument } from "#music/instrument.ts";

/** Number of token ids. */
export const VOCABULARY_SIZE = 3088;
/** Longest time token: steps between the onsets of two events. */
export const MAX_DELTA = 255;
/** Longest duration in steps. */
export const MAX_DURATION = 127;
/** Velocity buckets 0-7. */
export const VELOCITY_BUCKETS = 8;

/** First id of each range. */
export const TIME_BASE = 0;
export const DURATION_BASE = 256;
export const NOTE_BASE = 1280;
/** Chord counters of Allegro checkpoints; never produced, never sampled. */
export const CHORD_BASE = 2816;
/** The piece is about to end. */
export const OUTRO = 3072;
export const NO_DRUMS = 3073;
export const WITH_DRUMS = 3074;
export const LEAD_BASE = 3075;
/** Begins a piece and separates pieces. */
export const START = 3087;

/** Tokens before the first event: START, drums, lead. */
export const PREFIX_LENGTH = 3;
/** Tokens of an event: time, duration+velocity, note. */
export const EVENT_LENGTH = 3;

/** What a token id says. */
export type Token =
  | { readonly kind: "time"; readonly delta: number }
  | { readonly kind: "duration"; readonly duration: number; readonly velocityBucket: number }
  | { readonly kind: "note"; readonly instrument: Instrument; readonly pitch: number }
  | { readonly kind: "chord" }
  | { readonly kind: "outro" }
  | { readonly kind: "drums"; readonly drums: boolean }
  | { readonly kind: "lead"; readonly instrument: Instrument }
  | { readonly kind: "start" };

/** Id of a time token; `delta` 0-255 steps. */
export const timeToken = (delta: number): number => TIME_BASE + delta;

/** Id of a duration+velocity token; `duration` 1-127 steps, `bucket` 0-7. */
export const durationToken = (duration: number, bucket: number): number =>
  DURATION_BASE + duration * VELOCITY_BUCKETS + bucket;

/** Id of an instrument+pitch token. */
export const noteToken = (instrument: Instrument, pitch: number): number =>
  NOTE_BASE + instrument * 128 + pitch;

/** Id of the drums token. */
export const drumsToken = (drums: boolean): number => (drums ? WITH_DRUMS : NO_DRUMS);

/** Id of the lead token; any instrument but the drums plays well, the format has room for all twelve. */
export const leadToken = (instrument: Instrument): number => LEAD_BASE + instrument;

/** Bucket 0-7 of a velocity 1-127: steps of 15, softest 15. */
export const velocityBucket = (velocity: number): number =>
  Math.min(VELOCITY_BUCKETS - 1, Math.max(0, Math.round(velocity / 15) - 1));

/** Velocity of a bucket: 15, 30, ... 120. */
export const bucketVelocity = (bucket: number): number => (bucket + 1) * 15;

/** Reads a token id. Throws `AssertionError` on an id outside the vocabulary. */
export function readToken(id: number): Token {
  assert(
    Number.isInteger(id) && id >= 0 && id < VOCABULARY_SIZE,
    `token ${id} is not in 0-${VOCABULARY_SIZE - 1}`,
  );
  if (id < DURATION_BASE) return { kind: "time", delta: id };
  if (id < NOTE_BASE) {
    const value = id - DURATION_BASE;
    return { kind: "duration", duration: value >> 3, velocityBucket: value & 7 };
  }
  if (id < CHORD_BASE) {
    const value = id - NOTE_BASE;
    return { kind: "note", instrument: value >> 7, pitch: value & 127 };
  }
  if (id < OUTRO) return { kind: "chord" };
  if (id === OUTRO) return { kind: "outro" };
  if (id < LEAD_BASE) return { kind: "drums", drums: id === WITH_DRUMS };
  if (id < START) return { kind: "lead", instrument: id - LEAD_BASE };
  return { kind: "start" };
}
