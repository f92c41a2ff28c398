/**
 * Tokens to notes: drives a decoder under the grammar and the constraints, one event at a time.
 * Owns the history of tokens, so that it can go back to any event and go on differently; the
 * decoder's cache is cut to match, which costs nothing while the point lies within its reach.
 * The same settings, model and backend give the same tokens: the draw of each position depends on
 * (seed, position) alone.
 */
import { assert } from "#base/assert.ts";
import type { Decoder } from "#model/decoder.ts";
import { sample } from "#model/sampler.ts";
import { Constraint } from "#music/constraint.ts";
import { type Allowances, ENDLESS, Grammar } from "#music/grammar.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { tokenize } from "#music/tokenizer.ts";
import {
  bucketVelocity,
  drumsToken,
  leadToken,
  OUTRO,
  PREFIX_LENGTH,
  readToken,
  START,
  VOCABULARY_SIZE,
} from "#music/vocabulary.ts";
import type { CompositionSettings } from "./composition.ts";

/** The longest a piece may wait for its first note, in steps: the first must fall in the first bar. */
const LONGEST_OPENING = 31;

/** Longest rest between two events of a piece, in steps: a bar of 4/4. */
const LONGEST_REST = 32;

/** Tokens of history a new heading is followed by, at most: what a short prefill can carry. */
const CARRIED_TOKENS = 255;

/** An event of the history: where its first token stands and the note it became. */
interface Event {
  readonly index: number;
  readonly note: Note;
}

/** Composes one piece. Not re-entrant: await each call before the next. */
export class Composer {
  readonly #decoder: Decoder;
  readonly #mask = new Uint8Array(VOCABULARY_SIZE);
  #grammar = new Grammar();
  #constraint: Constraint | undefined;
  #settings: CompositionSettings | undefined;
  /** Tokens of the piece; the first PREFIX_LENGTH are its heading. */
  #tokens: number[] = [];
  #events: Event[] = [];
  #logits: Float32Array = new Float32Array(0);
  #drawn = 0;
  /** No event may begin before this step: what lies there was committed before the last retake. */
  #notBefore = 0;
  /** History index of the token at decoder position PREFIX_LENGTH: above it after a new heading. */
  #carriedFrom = PREFIX_LENGTH;

  /** @param decoder an endless decoder that pins PREFIX_LENGTH tokens; the composer does not dispose it. */
  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Tokens drawn since the piece began, taken-back ones included. */
  get drawn(): number {
    return this.#drawn;
  }

  /** Onset of the newest event, in steps. */
  get onset(): number {
    return this.#grammar.onset;
  }

  /** The piece's notes so far, the prime's as tokens say them. */
  get notes(): readonly Note[] {
    return this.#events.map((event) => event.note);
  }

  /** The piece's tokens so far. */
  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** Begins a piece. `prime` notes stand at its beginning, as though they had been composed. */
  async begin(settings: CompositionSettings, prime: readonly Note[] = []): Promise<void> {
    const { lead, drums } = settings.constraint;
    const { tokens } = tokenize({ lead, drums, notes: canonicalNotes(prime) });
    this.#settings = settings;
    this.#tokens = tokens;
    this.#drawn = 0;
    this.#notBefore = 0;
    this.#replay(new Constraint(settings.constraint));
    await this.#restart();
  }

  /** Composes one event and returns its note. */
  async next(allowances: Allowances = ENDLESS): Promise<Note> {
    const index = this.#tokens.length;
    const opening = this.#events.length === 0;
    const { onset } = this.#grammar;
    const time = await this.#draw({
      ...allowances,
      shortestRest: Math.max(0, this.#notBefore - onset),
      longestRest: opening ? LONGEST_OPENING : Math.min(allowances.longestRest, LONGEST_REST),
    });
    if (time === OUTRO) return await this.next(allowances);
    assert(time !== START, "a composer never ends a piece by itself");
    const duration = readToken(await this.#draw(allowances));
    const struck = readToken(await this.#draw(allowances));
    assert(
      duration.kind === "duration" && struck.kind === "note",
      "an event is time, duration, note",
    );
    const note: Note = {
      instrument: struck.instrument,
      pitch: struck.pitch,
      velocity: bucketVelocity(duration.velocityBucket),
      onset: onset + time,
      duration: duration.duration,
    };
    this.#events.push({ index, note });
    return note;
  }

  /** Announces that the piece is about to end. Once a piece. */
  async announceOutro(): Promise<void> {
    await this.#push(OUTRO);
  }

  /**
   * Takes back every event that begins at `step` or later and goes on under other settings. The
   * events before stay as they are; a new lead or drums change the heading, and the cache is filled
   * anew with the newest of what stays.
   */
  async retake(step: number, settings: CompositionSettings): Promise<void> {
    const before = this.#settings;
    assert(before !== undefined && this.#constraint !== undefined, "begin before a retake");
    const kept = this.#events.findIndex((event) => event.note.onset >= step);
    if (kept >= 0) this.#tokens.length = this.#events[kept].index;
    const headingChanged =
      before.constraint.lead !== settings.constraint.lead ||
      before.constraint.drums !== settings.constraint.drums;
    this.#settings = settings;
    this.#notBefore = step;
    this.#tokens[1] = drumsToken(settings.constraint.drums);
    this.#tokens[2] = leadToken(settings.constraint.lead);
    this.#replay(new Constraint(before.constraint));
    // A new lead must be heard before the others go on; otherwise who has played stays known.
    this.#constraint = this.#constraint.withSettings(settings.constraint, headingChanged);
    // The last token is taken anew: its logits are what the next draw needs.
    const last = this.#tokens.length - 1 - this.#carriedFrom + PREFIX_LENGTH;
    const reachable = last >= this.#decoder.oldestPosition && last >= PREFIX_LENGTH;
    if (headingChanged || !reachable) return await this.#restart();
    this.#decoder.truncate(last);
    this.#logits = await this.#decoder.decodeStep(this.#tokens[this.#tokens.length - 1]);
  }

  /** Fills the decoder anew: the heading, then as much of the newest history as a prefill carries. */
  async #restart(): Promise<void> {
    const { contextLength } = this.#decoder.architecture;
    const room = Math.min(CARRIED_TOKENS, contextLength - PREFIX_LENGTH - 1);
    const oldest = this.#tokens.length - room;
    const first = this.#events.find((event) => event.index >= oldest);
    this.#carriedFrom =
      oldest <= PREFIX_LENGTH || first === undefined ? PREFIX_LENGTH : first.index;
    this.#decoder.truncate(0);
    this.#logits = await this.#decoder.prefill([
      ...this.#tokens.slice(0, PREFIX_LENGTH),
      ...this.#tokens.slice(this.#carriedFrom),
    ]);
  }

  /** Reads the history anew into a fresh grammar and constraint. */
  #replay(constraint: Constraint): void {
    this.#grammar = new Grammar();
    this.#constraint = constraint;
    this.#events = [];
    let start = 0;
    let onset = 0;
    let duration = 0;
    let bucket = 0;
    for (const [index, id] of this.#tokens.entries()) {
      this.#grammar.push(id, constraint);
      const token = readToken(id);
      if (token.kind === "time") {
        start = index;
        onset += token.delta;
      } else if (token.kind === "duration") {
        duration = token.duration;
        bucket = token.velocityBucket;
      } else if (token.kind === "note") {
        const { instrument, pitch } = token;
        const note = { instrument, pitch, velocity: bucketVelocity(bucket), onset, duration };
        this.#events.push({ index: start, note });
      }
    }
  }

  async #draw(allowances: Allowances): Promise<number> {
    assert(this.#settings !== undefined, "begin a piece first");
    const { sampling, seed } = this.#settings;
    this.#grammar.fillMask(this.#mask, this.#constraint, allowances);
    const id = sample(this.#logits, {
      mask: this.#mask,
      temperature: sampling.temperature,
      ...(sampling.topK > 0 ? { topK: sampling.topK } : {}),
      topP: sampling.topP,
      seed,
      counter: this.#tokens.length,
    });
    this.#drawn++;
    await this.#push(id);
    return id;
  }

  async #push(id: number): Promise<void> {
    this.#grammar.push(id, this.#constraint);
    this.#tokens.push(id);
    this.#logits = await this.#decoder.decodeStep(id);
  }
}
