/**
 * A piece as it stands: its heading and newest tokens, the notes they say, and what may follow. It can go back to
 * any event it remembers. Endless play must not grow without end, so the oldest events are forgotten; what a
 * retake can ask for lies within the lead, minutes at most. Marks, snapshots of grammar and constraint, make going
 * back cheap: only what lies between a mark and the cut is read again.
 */
import { assert } from "#base/assert.ts";
import { Constraint, type ConstraintSettings } from "#music/constraint.ts";
import { type Allowances, Grammar } from "#music/grammar.ts";
import { allowedNotes } from "#music/grammar-program.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { tokenize } from "#music/tokenizer.ts";
import {
  bucketVelocity,
  drumsToken,
  EVENT_LENGTH,
  leadToken,
  PREFIX_LENGTH,
  readToken,
} from "#music/vocabulary.ts";

/** Events that can always be taken back; twice as many are kept before the older half goes. */
const REMEMBERED_EVENTS = 4096;

/** Tokens from one mark to the next, at least. */
const MARK_INTERVAL = 128 * EVENT_LENGTH;

/** An event: the index of its time token in the piece, and the note it became. */
export interface PieceEvent {
  readonly index: number;
  readonly note: Note;
}

/** What followed from the tokens before `index`. */
interface Mark {
  readonly index: number;
  readonly grammar: Grammar;
  readonly constraint: Constraint;
}

/** See the header. Indices count the piece's tokens from its START, forgotten ones included. */
export class PieceHistory {
  #heading: number[];
  /** Tokens from index `#from` on. */
  #tokens: number[] = [];
  #from = PREFIX_LENGTH;
  #events: PieceEvent[] = [];
  #grammar = new Grammar();
  #constraint: Constraint;
  /** Oldest first; the first stands where the remembered tokens begin. */
  #marks: Mark[] = [];
  /** Of the event being read. */
  #eventIndex = 0;
  #duration = 0;
  #velocity = 0;

  /** A piece that begins with `prime` notes, as though they had been composed. */
  constructor(settings: ConstraintSettings, prime: readonly Note[]) {
    const { lead, drums } = settings;
    const { tokens } = tokenize({ lead, drums, notes: canonicalNotes(prime) });
    this.#heading = tokens.slice(0, PREFIX_LENGTH);
    this.#constraint = new Constraint(settings);
    for (const id of this.#heading) this.#grammar.push(id, this.#constraint);
    this.#mark();
    for (const id of tokens.slice(PREFIX_LENGTH)) this.push(id);
  }

  /** Tokens since START, forgotten ones included: the index of the next. */
  get length(): number {
    return this.#from + this.#tokens.length;
  }

  /** START, drums, lead. */
  get heading(): readonly number[] {
    return this.#heading;
  }

  /** Remembered events, oldest first. */
  get events(): readonly PieceEvent[] {
    return this.#events;
  }

  /** Onset of the newest event, in steps. */
  get onset(): number {
    return this.#grammar.onset;
  }

  get grammar(): Grammar {
    return this.#grammar;
  }

  /** The heading and the remembered tokens. */
  get tokens(): readonly number[] {
    return [...this.#heading, ...this.#tokens];
  }

  /** The tokens from `index` on, which must be remembered. */
  tokensFrom(index: number): number[] {
    assert(index >= this.#from, `token ${index} is forgotten, the oldest is ${this.#from}`);
    return this.#tokens.slice(index - this.#from);
  }

  /** Writes what may follow into `mask` (V), see `Grammar.fillMask`. */
  fillMask(mask: Uint8Array, allowances: Allowances): void {
    this.#grammar.fillMask(mask, this.#constraint, allowances);
  }

  /** Notes that the constraint allows now, (1,536), in memory of their own. */
  allowedNotes(): Uint8Array {
    return allowedNotes(this.#constraint);
  }

  /** Takes a token. Throws `AssertionError` where it may not stand. */
  push(id: number): void {
    this.#grammar.push(id, this.#constraint);
    const index = this.length;
    this.#tokens.push(id);
    const token = readToken(id);
    if (token.kind === "time") this.#eventIndex = index;
    else if (token.kind === "duration") {
      this.#duration = token.duration;
      this.#velocity = bucketVelocity(token.velocityBucket);
    } else if (token.kind === "note") {
      const { instrument, pitch } = token;
      const sound = { velocity: this.#velocity, onset: this.onset, duration: this.#duration };
      this.#events.push({ index: this.#eventIndex, note: { instrument, pitch, ...sound } });
      if (this.length - this.#newestMark.index >= MARK_INTERVAL) this.#mark();
    }
  }

  /**
   * Takes back every event that begins at `step` or later, as far as they are remembered, and goes on under other
   * settings; a new lead or drums change the heading.
   */
  retake(step: number, settings: ConstraintSettings): void {
    const kept = this.#events.findLastIndex((event) => event.note.onset < step) + 1;
    const cut = this.#events[kept]?.index ?? this.length;
    while (this.#newestMark.index > cut) this.#marks.pop();
    const { index, grammar, constraint } = this.#newestMark;
    const again = this.tokensFrom(index).slice(0, cut - index);
    this.#tokens.length = index - this.#from;
    this.#events.length = this.#events.findLastIndex((event) => event.index < index) + 1;
    this.#grammar = grammar.clone();
    this.#constraint = constraint.clone();
    for (const id of again) this.push(id);
    this.#constraint = this.#constraint.withSettings(settings);
    const { lead, drums } = settings;
    this.#heading = [this.#heading[0], drumsToken(drums), leadToken(lead)];
    this.#mark();
  }

  /** Forgets the older half once too much is remembered. To be called between events. */
  forget(): void {
    if (this.#events.length < 2 * REMEMBERED_EVENTS) return;
    const wanted = this.#events[this.#events.length - REMEMBERED_EVENTS].index;
    const first = this.#marks.findLastIndex((mark) => mark.index <= wanted);
    this.#marks = this.#marks.slice(first);
    const [{ index }] = this.#marks;
    this.#tokens = this.tokensFrom(index);
    this.#from = index;
    this.#events = this.#events.filter((event) => event.index >= index);
  }

  get #newestMark(): Mark {
    return this.#marks[this.#marks.length - 1];
  }

  #mark(): void {
    const index = this.length;
    const [before, last] = this.#marks.slice(-2);
    // Many retakes in a row leave one mark.
    if (last?.index === index || (last && index - before.index < MARK_INTERVAL)) this.#marks.pop();
    const grammar = this.#grammar.clone();
    this.#marks.push({ index, grammar, constraint: this.#constraint.clone() });
  }
}
