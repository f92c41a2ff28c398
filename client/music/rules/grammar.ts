/**
 * Which tokens may follow: a state machine over token ids for the "grid32" order (contract,
 * section 1), plus the laws that make a sequence decodable into notes and back without loss:
 * events of one onset descend in pitch, and a key is not struck while it still sounds.
 * Constraints (see constraint.ts) narrow the notes further; the time mask looks ahead at them, so
 * that a note is always left to follow and decoding never strands.
 */
import { assert } from "#base/assert.ts";
import {
  CHORD_BASE,
  durationToken,
  LEAD_BASE,
  MAX_DELTA,
  MAX_DURATION,
  NO_DRUMS,
  NOTE_BASE,
  OUTRO,
  readToken,
  START,
  VOCABULARY_SIZE,
  WITH_DRUMS,
} from "#music/tokens/vocabulary.ts";
import { fillAllowed, firstFree, hold } from "./allowed-notes.ts";
import type { NoteFilter } from "./note-filter.ts";

/** What must come next. `event` is the start of an event: a time token, the outro or START. */
export type Expectation = "start" | "drums" | "lead" | "event" | "duration" | "note";

const NOTES = CHORD_BASE - NOTE_BASE;

/** What the caller grants the next event beyond what the grammar does. */
export interface Allowances {
  /** The outro may be announced. */
  readonly outro: boolean;
  /** The piece may end with START. */
  readonly start: boolean;
  /** Longest time to the next event in steps, where a free note allows it; at most 255. */
  readonly longestRest: number;
  /** Shortest time to the next event in steps; 0 where undefined, at most 255. */
  readonly shortestRest?: number;
}

/** No outro, no end: endless play. */
export const ENDLESS: Allowances = { outro: false, start: false, longestRest: MAX_DELTA };

/** What may follow depends on this alone. */
export interface GrammarState {
  readonly expects: Expectation;
  /** Steps since the piece began, of the event being read. */
  readonly onset: number;
  /** Canonical rank of the last note at `onset`, -1 where there is none yet. */
  readonly lastRank: number;
  /** Of the note that comes next, in steps; means nothing before it was said. */
  readonly duration: number;
  /** Steps until which each note sounds. */
  readonly soundingUntil: ArrayLike<number>;
}

/** The state of one piece being read or written, and the mask of what may follow. */
export class Grammar {
  expects: Expectation = "start";
  /** Steps since the piece began, of the event being read. */
  onset = 0;
  readonly #soundingUntil = new Int32Array(NOTES);
  readonly #allowed = new Uint8Array(NOTES);
  /** Canonical rank of the last note at `onset`: a note of the same onset must rank higher. */
  #lastRank = -1;
  #duration = 0;
  #outroSaid = false;

  /** Everything that decides what may follow. `soundingUntil` (1,536) is a live view. */
  get state(): GrammarState {
    return {
      expects: this.expects,
      onset: this.onset,
      lastRank: this.#lastRank,
      duration: this.#duration,
      soundingUntil: this.#soundingUntil,
    };
  }

  /** The piece was told that it is about to end. */
  get outroSaid(): boolean {
    return this.#outroSaid;
  }

  /** A piece that goes on from where this one is, by itself. */
  clone(): Grammar {
    const other = new Grammar();
    other.expects = this.expects;
    other.onset = this.onset;
    other.#soundingUntil.set(this.#soundingUntil);
    other.#lastRank = this.#lastRank;
    other.#duration = this.#duration;
    other.#outroSaid = this.#outroSaid;
    return other;
  }

  /** Takes a token. Throws `AssertionError` where it may not stand here. */
  push(id: number, filter?: NoteFilter): void {
    const token = readToken(id);
    switch (token.kind) {
      case "start":
        assert(this.expects === "start" || this.expects === "event", this.#wrong(id));
        this.#begin();
        return;
      case "drums":
        assert(this.expects === "drums", this.#wrong(id));
        this.expects = "lead";
        return;
      case "lead":
        assert(this.expects === "lead", this.#wrong(id));
        this.expects = "event";
        return;
      case "outro":
        assert(this.expects === "event" && !this.#outroSaid, this.#wrong(id));
        this.#outroSaid = true;
        return;
      case "time":
        assert(this.expects === "event", this.#wrong(id));
        if (token.delta > 0) this.#lastRank = -1;
        this.onset += token.delta;
        this.expects = "duration";
        return;
      case "duration":
        assert(this.expects === "duration" && token.duration > 0, this.#wrong(id));
        this.#duration = token.duration;
        this.expects = "note";
        return;
      case "note": {
        const index = id - NOTE_BASE;
        const rank = rankOf(index);
        assert(
          this.expects === "note" &&
            rank > this.#lastRank &&
            this.#soundingUntil[index] <= this.onset,
          this.#wrong(id),
        );
        this.#soundingUntil[index] = this.onset + this.#duration;
        this.#lastRank = rank;
        this.expects = "event";
        filter?.push(token.instrument, token.pitch, this.onset, this.#duration);
        return;
      }
      case "chord":
        throw new Error(`chord counter ${id} never stands in our sequences`);
    }
  }

  /**
   * Writes the mask of what may follow: 1 allowed, 0 not, one byte a token id.
   * @param mask (VOCABULARY_SIZE) @param filter narrows the notes @param allowances see there
   */
  fillMask(mask: Uint8Array, filter?: NoteFilter, allowances: Allowances = ENDLESS): void {
    assert(
      mask.length === VOCABULARY_SIZE,
      `mask has ${mask.length} bytes, not ${VOCABULARY_SIZE}`,
    );
    mask.fill(0);
    switch (this.expects) {
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
      case "event":
        this.#fillTimes(mask, filter, allowances);
        if (allowances.outro && !this.#outroSaid) mask[OUTRO] = 1;
        if (allowances.start) mask[START] = 1;
        return;
      case "duration":
        this.#fillStruck(filter);
        mask.fill(
          1,
          durationToken(1, 0),
          durationToken(1 + hold(this.#allowed, filter, this.onset, MAX_DURATION), 0),
        );
        return;
      case "note":
        this.#fillStruck(filter);
        hold(this.#allowed, filter, this.onset, this.#duration);
        mask.set(this.#allowed, NOTE_BASE);
    }
  }

  #begin(): void {
    this.expects = "drums";
    this.onset = 0;
    this.#soundingUntil.fill(0);
    this.#lastRank = -1;
    this.#outroSaid = false;
  }

  /** The notes that may be struck at this onset, were they short. */
  #fillStruck(filter: NoteFilter | undefined): void {
    fillAllowed(this.#allowed, filter, this.onset);
    for (let index = 0; index < NOTES; index++) {
      const free = this.#soundingUntil[index] <= this.onset && rankOf(index) > this.#lastRank;
      if (!free) this.#allowed[index] = 0;
    }
  }

  /**
   * Deltas after which a note is free that the filter allows then: 0 only for a note that may join the chord. Where
   * none is within the longest rest, the first after it.
   */
  #fillTimes(
    mask: Uint8Array,
    filter: NoteFilter | undefined,
    { longestRest, shortestRest = 0 }: Allowances,
  ): void {
    const { spacing = 0, mayJoin = true } = filter?.densityLimit ?? {};
    const { onset } = this;
    const least = Math.min(MAX_DELTA, Math.max(1, shortestRest, spacing));
    const most = Math.min(MAX_DELTA, Math.max(longestRest, spacing));
    let any = false;
    for (let from = onset; from <= onset + (any ? most : MAX_DELTA); ) {
      const until = filter?.changesAfter?.(from) ?? Number.POSITIVE_INFINITY;
      fillAllowed(this.#allowed, filter, from);
      if (from === onset && mayJoin && shortestRest <= 0 && this.#canJoin) {
        mask[0] = 1;
        any = true;
      }
      const first = Math.max(
        least,
        from - onset,
        firstFree(this.#allowed, this.#soundingUntil) - onset,
      );
      const last = Math.min(MAX_DELTA, until - 1 - onset);
      const longest = any ? Math.min(last, most) : Math.min(last, Math.max(first, most));
      if (first <= longest) {
        mask.fill(1, first, longest + 1);
        any = true;
      }
      from = until;
    }
    assert(any, "the note filter allows no note");
  }

  /** Whether an allowed note may join those of this onset. */
  get #canJoin(): boolean {
    for (let index = 0; index < NOTES; index++) {
      const free = this.#soundingUntil[index] <= this.onset && rankOf(index) > this.#lastRank;
      if (free && this.#allowed[index] === 1) return true;
    }
    return false;
  }

  #wrong(id: number): string {
    return `token ${id} may not stand where ${this.expects} is expected`;
  }
}

/** Place of a note among those of one onset: pitch descending, then instrument. */
const rankOf = (index: number): number => (127 - (index & 127)) * 12 + (index >> 7);
