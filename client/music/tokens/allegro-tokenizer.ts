/**
 * Notes in milliseconds, or a piece at a tempo, to Allegro's token ids and back (contract, section
 * 1, last point; the order of tokens stands in allegro-order.ts). Velocity buckets and instruments are
 * the same as on our grid. Chord counters are written where Allegro's data have them, so that
 * a prime looks to a checkpoint like what it was trained on; reading passes over them.
 */
import { Failure } from "#base/failure.ts";
import type { Instrument } from "#music/instrument.ts";
import { canonicalNotes, type Piece } from "#music/piece.ts";
import { type AllegroExpectation, follow } from "./allegro-order.ts";
import { AllegroTime, DURATION_UNIT_MS, durationUnits, UNIT_MS, unitOf } from "./allegro-time.ts";
import type { Tokenized } from "./tokenizer.ts";
import {
  bucketVelocity,
  CHORD_BASE,
  drumsToken,
  durationToken,
  leadToken,
  MAX_DELTA,
  MAX_DURATION,
  noteToken,
  OUTRO,
  readToken,
  START,
  timeToken,
  velocityBucket,
} from "./vocabulary.ts";

/** Chords from one counter to the next, and the highest counter. */
const COUNTED_CHORDS = 50;
const HIGHEST_COUNTER = 255;

/** A note in milliseconds since the piece began. */
export interface MillisecondNote {
  readonly instrument: Instrument;
  readonly pitch: number;
  readonly velocity: number;
  readonly start: number;
  readonly length: number;
}

/** A piece in milliseconds; `outroAt` is the index of the note before which the outro stands. */
export interface MillisecondPiece {
  readonly lead: Instrument;
  readonly drums: boolean;
  readonly notes: readonly MillisecondNote[];
  readonly outroAt?: number;
}

/** START, drums, lead and the first counter: what stands before the first event. */
export const allegroHeading = (lead: Instrument, drums: boolean): number[] => [
  START,
  drumsToken(drums),
  leadToken(lead),
  CHORD_BASE,
];

/** Encodes notes ordered by start. An outro within a chord is announced before the chord. */
export function encodeAllegro({ lead, drums, notes, outroAt }: MillisecondPiece): Tokenized {
  const outroUnit = outroAt === undefined ? undefined : unitOf(notes[outroAt]?.start ?? Infinity);
  const ordered = notes
    .map((note) => ({ ...note, unit: unitOf(note.start) }))
    .sort((a, b) => a.unit - b.unit || b.pitch - a.pitch);
  const tokens = allegroHeading(lead, drums);
  let clampedDeltas = 0;
  let clampedDurations = 0;
  let chords = -1;
  let outroSaid = false;
  let previous = 0;
  for (const { unit, length, velocity, instrument, pitch } of ordered) {
    if (chords < 0 || unit > previous) {
      if (!outroSaid && outroUnit !== undefined && unit >= outroUnit) {
        tokens.push(OUTRO);
        outroSaid = true;
      }
      if (++chords > 1 && (chords - 1) % COUNTED_CHORDS === 0) {
        tokens.push(CHORD_BASE + Math.min(HIGHEST_COUNTER, (chords - 1) / COUNTED_CHORDS));
      }
      if (unit - previous > MAX_DELTA) clampedDeltas++;
      tokens.push(timeToken(Math.min(MAX_DELTA, unit - previous)));
      previous = unit;
    }
    if (length >= (MAX_DURATION + 1) * DURATION_UNIT_MS) clampedDurations++;
    tokens.push(
      durationToken(durationUnits(length), velocityBucket(velocity)),
      noteToken(instrument, pitch),
    );
  }
  if (outroUnit !== undefined && !outroSaid) tokens.push(OUTRO);
  return { tokens, clampedDeltas, clampedDurations };
}

/**
 * Decodes the first piece of a token sequence, up to the next START. Notes are ordered by start.
 * @throws Failure "unreadable" naming the place, where the order of tokens is not Allegro's.
 */
export function decodeAllegro(tokens: ArrayLike<number>): MillisecondPiece {
  let expects: AllegroExpectation = "start";
  let [lead, drums, unit, duration, velocity] = [0, false, 0, 0, 0];
  let outroAt: number | undefined;
  const notes: MillisecondNote[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const id = tokens[index];
    if (index > 0 && id === START && expects === "event") break;
    const token = Number.isInteger(id) && id >= 0 && id <= START ? readToken(id) : undefined;
    const next: AllegroExpectation | undefined =
      token === undefined || (token.kind === "outro" && outroAt !== undefined)
        ? undefined
        : follow(expects, token);
    if (token === undefined || next === undefined) {
      throw new Failure(
        "unreadable",
        `Token ${index} is ${id}, which may not stand where ${expects} is expected in Allegro's order; see the token table.`,
      );
    }
    expects = next;
    if (token.kind === "drums") drums = token.drums;
    else if (token.kind === "lead") lead = token.instrument;
    else if (token.kind === "outro") outroAt = notes.length;
    else if (token.kind === "time") unit += token.delta;
    else if (token.kind === "duration") {
      duration = token.duration;
      velocity = bucketVelocity(token.velocityBucket);
    } else if (token.kind === "note") {
      const { instrument, pitch } = token;
      const [start, length] = [unit * UNIT_MS, duration * DURATION_UNIT_MS];
      notes.push({ instrument, pitch, velocity, start, length });
    }
  }
  if (expects !== "event" && expects !== "first" && expects !== "time") {
    throw new Failure(
      "unreadable",
      `The tokens end after ${tokens.length} where ${expects} is expected; give a whole sequence.`,
    );
  }
  return { lead, drums, notes, ...(outroAt === undefined ? {} : { outroAt }) };
}

/**
 * Encodes a piece, whose notes are canonical, at a tempo in quarter notes a minute. A rest longer than a
 * time token can say (2.04 s) is shortened by whole steps, so that what follows stays on the grid.
 */
export function tokenizeAllegro(piece: Piece, tempo: number): Tokenized {
  const { stepMs, longestRest } = new AllegroTime(tempo);
  let clampedDeltas = 0;
  let shift = 0;
  let previous = 0;
  const moved = piece.notes.map((note) => {
    const excess = note.onset - shift - previous - longestRest;
    if (excess > 0) {
      shift += excess;
      clampedDeltas++;
    }
    previous = note.onset - shift;
    return { ...note, onset: previous };
  });
  // A note held through a shortened rest may now reach its key's next stroke, and ends there.
  const notes = canonicalNotes(moved).map(({ onset, duration, ...sound }) => ({
    ...sound,
    start: onset * stepMs,
    length: duration * stepMs,
  }));
  return { ...encodeAllegro({ ...piece, notes }), clampedDeltas };
}

/**
 * Decodes the first piece of a token sequence to steps at a tempo; see `decodeAllegro`. A key that is struck
 * while it sounds ends there, as in `canonicalNotes`.
 */
export function detokenizeAllegro(tokens: ArrayLike<number>, tempo: number): Piece {
  const time = new AllegroTime(tempo);
  const { notes: timed, outroAt, ...heading } = decodeAllegro(tokens);
  const notes = canonicalNotes(
    timed.map(({ start, length, ...sound }) => ({
      ...sound,
      onset: time.nearestStep(start),
      duration: time.durationSteps(length / DURATION_UNIT_MS),
    })),
  );
  if (outroAt === undefined) return { ...heading, notes };
  const outroOnset = time.nearestStep(timed[outroAt]?.start ?? Number.POSITIVE_INFINITY);
  const at = notes.findIndex((note) => note.onset >= outroOnset);
  return { ...heading, notes, outroAt: at < 0 ? notes.length : at };
}
