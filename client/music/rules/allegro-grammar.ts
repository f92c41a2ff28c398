/**
 * Which tokens an Allegro checkpoint may write (order: allegro-order.ts), read as notes on our grid at
 * one tempo. Beyond the order: pitches of a chord do not rise, a key is not struck twice at one step, and
 * none is drawn that still sounds. Durations reach 4 s and time tokens 2 s, so with few keys
 * allowed all may sound past the next onset; then one of them is struck anew, which ends its note.
 * Counters are read, never offered.
 */
import { assert } from "#base/assert.ts";
import type { Note } from "#music/note.ts";
import { type AllegroExpectation, follow } from "#music/tokens/allegro-order.ts";
import { AllegroTime } from "#music/tokens/allegro-time.ts";
import {
  bucketVelocity,
  CHORD_BASE,
  DURATION_BASE,
  LEAD_BASE,
  MAX_DELTA,
  NO_DRUMS,
  NOTE_BASE,
  OUTRO,
  readToken,
  START,
  VELOCITY_BUCKETS,
  VOCABULARY_SIZE,
  WITH_DRUMS,
} from "#music/tokens/vocabulary.ts";
import { fillAllowed, firstFree, hold } from "./allowed-notes.ts";
import { type Allowances, ENDLESS } from "./grammar.ts";
import type { NoteFilter } from "./note-filter.ts";
import type { PieceGrammar, TokenKind } from "./piece-grammar.ts";

const NOTES = CHORD_BASE - NOTE_BASE;
/** The longest duration, in its tokens' units. */
const LONGEST = (NOTE_BASE - DURATION_BASE) / VELOCITY_BUCKETS - 1;
/** Above every pitch: a new onset may begin with any. */
const ANY_PITCH = 128;

export class AllegroGrammar implements PieceGrammar {
  readonly #tempo: number;
  readonly #time: AllegroTime;
  readonly #allowed = new Uint8Array(NOTES);
  /** Steps at which each note was struck last, and until which it sounds. */
  readonly #struckAt = new Int32Array(NOTES);
  readonly #soundingUntil = new Int32Array(NOTES);
  #expects: AllegroExpectation = "start";
  /** Units of 8 ms since the piece began. */
  #unit = 0;
  #lastPitch = ANY_PITCH;
  #duration = 0;
  #velocity = 0;
  #outroSaid = false;

  /** @param tempo at which steps are counted, in quarter notes a minute */
  constructor(tempo: number) {
    this.#tempo = tempo;
    this.#time = new AllegroTime(tempo);
  }

  get onset(): number {
    return this.#time.stepOf(this.#unit);
  }

  get inEvent(): boolean {
    return this.#expects === "duration" || this.#expects === "note";
  }

  get outroSaid(): boolean {
    return this.#outroSaid;
  }

  get decides(): TokenKind {
    if (this.#expects === "note") return "pitch";
    return this.#expects === "duration" ? "dynamics" : "rhythm";
  }

  clone(): AllegroGrammar {
    const other = new AllegroGrammar(this.#tempo);
    other.#struckAt.set(this.#struckAt);
    other.#soundingUntil.set(this.#soundingUntil);
    other.#expects = this.#expects;
    other.#unit = this.#unit;
    other.#lastPitch = this.#lastPitch;
    other.#duration = this.#duration;
    other.#velocity = this.#velocity;
    other.#outroSaid = this.#outroSaid;
    return other;
  }

  push(id: number, filter?: NoteFilter): Note | undefined {
    const token = readToken(id);
    const next = follow(this.#expects, token);
    assert(next !== undefined, this.#wrong(id));
    switch (token.kind) {
      case "start":
        this.#begin();
        break;
      case "outro":
        assert(!this.#outroSaid, this.#wrong(id));
        this.#outroSaid = true;
        break;
      case "time":
        this.#unit += token.delta;
        this.#lastPitch = ANY_PITCH;
        break;
      case "duration":
        this.#duration = this.#time.durationSteps(token.duration);
        this.#velocity = bucketVelocity(token.velocityBucket);
        break;
      case "note": {
        const { onset } = this;
        const index = id - NOTE_BASE;
        const { instrument, pitch } = token;
        assert(this.#mayStrike(index, onset), this.#wrong(id));
        this.#struckAt[index] = onset;
        this.#soundingUntil[index] = onset + this.#duration;
        this.#lastPitch = pitch;
        this.#expects = next;
        filter?.push(instrument, pitch, onset, this.#duration);
        return { instrument, pitch, velocity: this.#velocity, onset, duration: this.#duration };
      }
    }
    this.#expects = next;
    return undefined;
  }

  setVelocity(velocity: number): void {
    this.#velocity = velocity;
  }

  fillMask(mask: Uint8Array, filter?: NoteFilter, allowances: Allowances = ENDLESS): void {
    assert(
      mask.length === VOCABULARY_SIZE,
      `mask has ${mask.length} bytes, not ${VOCABULARY_SIZE}`,
    );
    mask.fill(0);
    switch (this.#expects) {
      case "start":
        mask[START] = 1;
        return;
      case "drums":
        mask[NO_DRUMS] = 1;
        mask[WITH_DRUMS] = 1;
        return;
      case "lead":
        mask.fill(1, LEAD_BASE, START);
        return;
      case "counter":
        mask[CHORD_BASE] = 1;
        return;
      case "duration":
        this.#fillDurations(mask, filter);
        return;
      case "note":
        this.#fillNotes(mask, filter);
        return;
      default:
        this.#fillOnsets(mask, filter, allowances);
        if (this.#expects === "event" && allowances.outro && !this.#outroSaid) mask[OUTRO] = 1;
        if (this.#expects === "event" && allowances.start) mask[START] = 1;
    }
  }

  #begin(): void {
    this.#struckAt.fill(-1);
    this.#soundingUntil.fill(0);
    this.#unit = 0;
    this.#lastPitch = ANY_PITCH;
    this.#outroSaid = false;
  }

  /** A key may be struck at this onset, though it may still sound. */
  #mayStrike(index: number, onset: number): boolean {
    return (index & 127) <= this.#lastPitch && this.#struckAt[index] < onset;
  }

  #isFree(index: number, onset: number): boolean {
    return this.#soundingUntil[index] <= onset;
  }

  /** The notes that may be struck at this onset, were they short. */
  #fillStruck(filter: NoteFilter | undefined): void {
    const { onset } = this;
    fillAllowed(this.#allowed, filter, this.onset);
    if (!this.#keep((index) => this.#mayStrike(index, onset))) {
      // What is waited for lies beyond the reach of a time token.
      if (filter?.fillAnyway) filter.fillAnyway(this.#allowed, onset);
      this.#keep((index) => this.#mayStrike(index, onset));
    }
    if (this.#allowed.some((may, index) => may === 1 && this.#isFree(index, onset)))
      this.#keep((index) => this.#isFree(index, onset));
  }

  /** Leaves of the allowed notes those for which a condition holds; whether any is left. */
  #keep(holds: (index: number) => boolean): boolean {
    let any = false;
    for (let index = 0; index < NOTES; index++) {
      if (this.#allowed[index] === 1 && holds(index)) any = true;
      else this.#allowed[index] = 0;
    }
    return any;
  }

  #fillNotes(mask: Uint8Array, filter: NoteFilter | undefined): void {
    this.#fillStruck(filter);
    hold(this.#allowed, filter, this.onset, this.#duration);
    mask.set(this.#allowed, NOTE_BASE);
  }

  /** Durations for which a note may sound; the shortest always. */
  #fillDurations(mask: Uint8Array, filter: NoteFilter | undefined): void {
    this.#fillStruck(filter);
    const most = hold(this.#allowed, filter, this.onset, this.#time.durationSteps(LONGEST));
    let duration = 1;
    while (duration < LONGEST && this.#time.durationSteps(duration + 1) <= most) duration++;
    mask.fill(
      1,
      DURATION_BASE + VELOCITY_BUCKETS,
      DURATION_BASE + (duration + 1) * VELOCITY_BUCKETS,
    );
  }

  /** Time tokens after which a note can be struck, and durations where one can join the chord. */
  #fillOnsets(
    mask: Uint8Array,
    filter: NoteFilter | undefined,
    { longestRest, shortestRest = 0 }: Allowances,
  ): void {
    const { spacing = 0, mayJoin = true } = filter?.densityLimit ?? {};
    const { onset } = this;
    fillAllowed(this.#allowed, filter, this.onset);
    let any = false;
    if (mayJoin && this.#expects === "event" && shortestRest <= 0)
      any = this.#keep((index) => this.#mayStrike(index, onset) && this.#isFree(index, onset));
    if (any) this.#fillDurations(mask, filter);
    const soonest = this.#expects === "first" ? 0 : 1;
    const deltaTo = (step: number): number => this.#time.firstUnit(step) - this.#unit;
    const soon = Math.max(soonest, deltaTo(onset + Math.max(shortestRest, spacing)));
    const most = Math.min(MAX_DELTA, deltaTo(onset + Math.max(longestRest, spacing) + 1) - 1);
    for (let from = onset; deltaTo(from) <= (any ? most : MAX_DELTA); ) {
      const until = filter?.changesAfter?.(from) ?? Number.POSITIVE_INFINITY;
      fillAllowed(this.#allowed, filter, from);
      const free = Math.max(from, firstFree(this.#allowed, this.#soundingUntil));
      const first = free < until ? Math.max(soon, deltaTo(free)) : MAX_DELTA + 1;
      const last = Math.min(
        MAX_DELTA,
        until === Number.POSITIVE_INFINITY ? MAX_DELTA : deltaTo(until) - 1,
      );
      const longest = any ? Math.min(last, most) : Math.min(last, Math.max(first, most));
      if (first <= longest) {
        mask.fill(1, first, longest + 1);
        any = true;
      }
      from = until;
    }
    if (any) return;
    const first = Math.min(MAX_DELTA, Math.max(soon, deltaTo(onset + 1)));
    mask.fill(1, first, Math.max(first, most) + 1);
  }

  #wrong(id: number): string {
    return `token ${id} may not stand where ${this.#expects} is expected`;
  }
}
