/**
 * How a model writes music: what composing needs to know of a tokenization, and the two there are
 * (contract, section 1). A model's manifest names its own.
 */

import type { Instrument } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import type { Piece } from "#music/piece.ts";
import { AllegroGrammar } from "#music/rules/allegro-grammar.ts";
import { type Allowances, Grammar } from "#music/rules/grammar.ts";
import type { NoteFilter } from "#music/rules/note-filter.ts";
import type { PieceGrammar, TokenKind } from "#music/rules/piece-grammar.ts";
import { allegroHeading, detokenizeAllegro, tokenizeAllegro } from "./allegro-tokenizer.ts";
import { detokenize, type Tokenized, tokenize } from "./tokenizer.ts";
import {
  bucketVelocity,
  drumsToken,
  durationToken,
  EVENT_LENGTH,
  leadToken,
  MAX_DELTA,
  noteToken,
  PREFIX_LENGTH,
  readToken,
  START,
  timeToken,
  velocityBucket,
} from "./vocabulary.ts";

/** As a manifest names them. */
export type TokenizationName = "grid32" | "allegro-ms";

/** What a decoder needs to know of the sequences it is handed. */
export interface SequenceShape {
  /** Tokens of a heading, the same number for all; a decoder pins them. */
  readonly prefixLength: number;
  /** A window of the newest tokens may start at multiples of this after the heading. */
  readonly period: number;
}

/** A way to write music as token ids. */
export interface Tokenization extends SequenceShape {
  readonly name: TokenizationName;
  /** What stands before the first event. */
  heading(lead: Instrument, drums: boolean): number[];
  /** Encodes a piece whose notes are canonical. */
  tokenize(piece: Piece): Tokenized;
  /** Decodes the first piece of a sequence. @throws Failure "unreadable" naming the place */
  detokenize(tokens: ArrayLike<number>): Piece;
  /** The tokens of one more event after `before`, the newest onset; undefined where events are not told apart so. */
  event?(note: Note, before: number): number[];
  /** A piece before its START. */
  grammar(): PieceGrammar;
}

/** The grammar of the grid, reading notes as it goes. */
export class GridGrammar implements PieceGrammar {
  /** What decides what may follow, also for a program that decides it on a GPU. */
  readonly grammar: Grammar;
  #duration = 0;
  #velocity = 0;

  constructor(grammar = new Grammar()) {
    this.grammar = grammar;
  }

  get onset(): number {
    return this.grammar.onset;
  }

  get inEvent(): boolean {
    const { expects } = this.grammar;
    return expects === "duration" || expects === "note";
  }

  get outroSaid(): boolean {
    return this.grammar.outroSaid;
  }

  get decides(): TokenKind {
    const { expects } = this.grammar;
    return expects === "note" ? "pitch" : expects === "duration" ? "dynamics" : "rhythm";
  }

  push(id: number, filter?: NoteFilter): Note | undefined {
    this.grammar.push(id, filter);
    const token = readToken(id);
    if (token.kind === "duration") {
      this.#duration = token.duration;
      this.#velocity = bucketVelocity(token.velocityBucket);
    }
    if (token.kind !== "note") return undefined;
    const { instrument, pitch } = token;
    const sound = { velocity: this.#velocity, onset: this.onset, duration: this.#duration };
    return { instrument, pitch, ...sound };
  }

  setVelocity(velocity: number): void {
    this.#velocity = velocity;
  }

  fillMask(mask: Uint8Array, filter?: NoteFilter, allowances?: Allowances): void {
    this.grammar.fillMask(mask, filter, allowances);
  }

  clone(): GridGrammar {
    const other = new GridGrammar(this.grammar.clone());
    other.#duration = this.#duration;
    other.#velocity = this.#velocity;
    return other;
  }
}

const gridHeading = (lead: Instrument, drums: boolean): number[] => [
  START,
  drumsToken(drums),
  leadToken(lead),
];

const SHAPES: Readonly<Record<TokenizationName, SequenceShape>> = {
  grid32: { prefixLength: PREFIX_LENGTH, period: EVENT_LENGTH },
  // Events of two tokens or three. Allegro is trained on sequences cut at any token (MusicDataset in its
  // allegro_music_transformer_maker.py), so its windows may start at any; the grammar does not hang on them.
  "allegro-ms": { prefixLength: allegroHeading(0, false).length, period: 1 },
};

/** The shape of a tokenization's sequences, the same at any tempo. */
export const sequenceShape = (name: TokenizationName): SequenceShape => SHAPES[name];

/** Whether notes can be given to a piece one by one, each where it stands; clock time has no place for every step. */
export const canBeGiven = (name: TokenizationName): boolean => name === GRID32.name;

/** Our own: musical time, so the tempo is free. */
export const GRID32: Tokenization = {
  ...SHAPES.grid32,
  name: "grid32",
  heading: gridHeading,
  tokenize,
  detokenize,
  event: ({ onset, duration, velocity, instrument, pitch }, before) => [
    timeToken(Math.min(MAX_DELTA, onset - before)),
    durationToken(duration, velocityBucket(velocity)),
    noteToken(instrument, pitch),
  ],
  grammar: () => new GridGrammar(),
};

/** Allegro's: clock time, so steps are counted at a tempo, in quarter notes a minute. */
export const allegroAt = (tempo: number): Tokenization => ({
  ...SHAPES["allegro-ms"],
  name: "allegro-ms",
  heading: allegroHeading,
  tokenize: (piece) => tokenizeAllegro(piece, tempo),
  detokenize: (tokens) => detokenizeAllegro(tokens, tempo),
  grammar: () => new AllegroGrammar(tempo),
});

/** The tokenization that a manifest names; the tempo is the one at which clock time becomes steps. */
export const tokenizationOf = (name: TokenizationName, tempo: number): Tokenization =>
  name === "grid32" ? GRID32 : allegroAt(tempo);
