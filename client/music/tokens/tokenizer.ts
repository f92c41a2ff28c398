/**
 * Pieces to token ids and back ("grid32", contract section 1): START, drums, lead, then three
 * tokens an event. What the grid cannot hold (a rest over 255 steps, a note over 127) is clamped
 * and counted.
 */
import { Failure } from "#base/failure.ts";
import type { Note } from "#music/note.ts";
import type { Piece } from "#music/piece.ts";
import {
  bucketVelocity,
  drumsToken,
  durationToken,
  leadToken,
  MAX_DELTA,
  MAX_DURATION,
  noteToken,
  OUTRO,
  PREFIX_LENGTH,
  readToken,
  START,
  timeToken,
  velocityBucket,
} from "./vocabulary.ts";

/** Token ids of a piece, and how often the grid's limits were met. */
export interface Tokenized {
  readonly tokens: number[];
  readonly clampedDeltas: number;
  readonly clampedDurations: number;
}

/** Encodes a piece whose notes are canonical. */
export function tokenize(piece: Piece): Tokenized {
  const tokens = [START, drumsToken(piece.drums), leadToken(piece.lead)];
  let clampedDeltas = 0;
  let clampedDurations = 0;
  let previous = 0;
  for (const [index, note] of piece.notes.entries()) {
    if (index === piece.outroAt) tokens.push(OUTRO);
    const delta = note.onset - previous;
    if (delta > MAX_DELTA) clampedDeltas++;
    if (note.duration > MAX_DURATION) clampedDurations++;
    tokens.push(
      timeToken(Math.min(delta, MAX_DELTA)),
      durationToken(Math.min(note.duration, MAX_DURATION), velocityBucket(note.velocity)),
      noteToken(note.instrument, note.pitch),
    );
    previous = note.onset;
  }
  if (piece.outroAt === piece.notes.length) tokens.push(OUTRO);
  return { tokens, clampedDeltas, clampedDurations };
}

/**
 * Decodes the first piece of a token sequence, up to the next START.
 * @throws Failure "unreadable" naming the place, where the order of tokens is not the grammar's.
 */
export function detokenize(tokens: ArrayLike<number>): Piece {
  const reader = new TokenReader(tokens);
  reader.take("start");
  const { drums } = reader.take("drums");
  const { instrument: lead } = reader.take("lead");
  const notes: Note[] = [];
  let outroAt: number | undefined;
  let onset = 0;
  while (!reader.ended) {
    if (reader.atOutro) {
      reader.take("outro");
      outroAt = notes.length;
      continue;
    }
    onset += reader.take("time").delta;
    const { duration, velocityBucket: bucket } = reader.take("duration");
    const { instrument, pitch } = reader.take("note");
    notes.push({ instrument, pitch, velocity: bucketVelocity(bucket), onset, duration });
  }
  return { lead, drums, notes, ...(outroAt === undefined ? {} : { outroAt }) };
}

type TokenOf<K> = Extract<ReturnType<typeof readToken>, { kind: K }>;

/** Walks token ids and refuses what the grammar does not allow next. */
class TokenReader {
  readonly #tokens: ArrayLike<number>;
  #index = 0;

  constructor(tokens: ArrayLike<number>) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return (
      this.#index >= this.#tokens.length ||
      (this.#index >= PREFIX_LENGTH && this.#tokens[this.#index] === START)
    );
  }

  get atOutro(): boolean {
    return this.#tokens[this.#index] === OUTRO;
  }

  take<K extends string>(kind: K): TokenOf<K> {
    const index = this.#index++;
    if (index >= this.#tokens.length) {
      throw new Failure(
        "unreadable",
        `The tokens end after ${index} where a ${kind} token must follow; give a whole sequence.`,
      );
    }
    const id = this.#tokens[index];
    const token = Number.isInteger(id) && id >= 0 && id <= START ? readToken(id) : undefined;
    if (token?.kind !== kind || (token.kind === "duration" && token.duration === 0)) {
      throw new Failure(
        "unreadable",
        `Token ${index} is ${id} where a ${kind} token must stand; see the token table for the order.`,
      );
    }
    return token as TokenOf<K>;
  }
}
