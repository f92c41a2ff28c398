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
import { type Allowances, ENDLESS, type NoteFilter } from "./grammar.ts";
import type { PieceGrammar, TokenKind } from "./piece-grammar.ts";

const NOTES = CHORD_BASE - NOTE_BASE;
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
        filter?.push(instrument, pitch, onset);
        return { instrument, pitch, velocity: this.#velocity, onset, duration: this.#duration };
      }
    }
    this.#expects = next;
    return undefined;
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
        fillDurations(mask);
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

  #fillAllowed(filter: NoteFilter | undefined): void {
    if (filter === undefined) this.#allowed.fill(1);
    else filter.fill(this.#allowed, this.onset);
  }

  #fillNotes(mask: Uint8Array, filter: NoteFilter | undefined): void {
    this.#fillAllowed(filter);
    const { onset } = this;
    const may = (index: number) => this.#allowed[index] === 1 && this.#mayStrike(index, onset);
    let any = false;
    for (let index = 0; index < NOTES; index++) {
      if (may(index) && this.#isFree(index, onset)) {
        mask[NOTE_BASE + index] = 1;
        any = true;
      }
    }
    if (any) return;
    for (let index = 0; index < NOTES; index++) if (may(index)) mask[NOTE_BASE + index] = 1;
  }

  /** Time tokens after which a note can be struck, and durations where one can join the chord. */
  #fillOnsets(
    mask: Uint8Array,
    filter: NoteFilter | undefined,
    { longestRest, shortestRest = 0 }: Allowances,
  ): void {
    this.#fillAllowed(filter);
    const { spacing = 0, mayJoin = true } = filter?.densityLimit ?? {};
    const { onset } = this;
    let earliest = Number.POSITIVE_INFINITY;
    let canJoin = false;
    for (let index = 0; index < NOTES; index++) {
      if (this.#allowed[index] === 0) continue;
      canJoin ||= this.#mayStrike(index, onset) && this.#isFree(index, onset);
      earliest = Math.min(earliest, this.#soundingUntil[index]);
    }
    assert(earliest < Number.POSITIVE_INFINITY, "the note filter allows no note");
    canJoin &&= mayJoin && this.#expects === "event" && shortestRest <= 0;
    if (canJoin) fillDurations(mask);
    const reach = this.#time.stepOf(this.#unit + MAX_DELTA);
    const soon = onset + Math.max(shortestRest, spacing);
    const target = Math.max(soon, earliest <= reach ? earliest : onset + 1);
    const soonest = this.#expects === "first" ? 0 : 1;
    const deltaTo = (step: number): number =>
      Math.min(MAX_DELTA, Math.max(soonest, this.#time.firstUnit(step) - this.#unit));
    const shortest = deltaTo(target);
    const past = this.#time.firstUnit(onset + Math.max(longestRest, spacing) + 1) - this.#unit;
    const longest = Math.min(MAX_DELTA, past - 1);
    mask.fill(1, shortest, 1 + (canJoin ? longest : Math.max(shortest, longest)));
  }

  #wrong(id: number): string {
    return `token ${id} may not stand where ${this.#expects} is expected`;
  }
}

const fillDurations = (mask: Uint8Array): void => {
  mask.fill(1, DURATION_BASE + VELOCITY_BUCKETS, NOTE_BASE);
};
