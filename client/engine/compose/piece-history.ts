/**
 * A piece as it stands: its heading and newest tokens, the notes they say, and what may follow. It can go back to
 * any event it remembers. Endless play must not grow without end, so the oldest events are forgotten; what a
 * retake can ask for lies within minutes. Marks, snapshots of grammar and constraint, make going back cheap.
 */
import { assert } from "#base/assert.ts";
import { sliceRun, type TokenConditions, type TokenRun } from "#model/token-run.ts";
import { type ChartBars, OPEN_BAR, styleIn } from "#music/chart/chart.ts";
import { conditionsInBar, headingConditions } from "#music/chart/conditions.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { type AllowedTable, packAllowed } from "#music/rules/allowed-table.ts";
import { Constraint, type ConstraintSettings } from "#music/rules/constraint.ts";
import type { DensityLimit } from "#music/rules/density-limit.ts";
import type { Allowances, Grammar } from "#music/rules/grammar.ts";
import type { PieceGrammar, TokenKind } from "#music/rules/piece-grammar.ts";
import { GRID32, GridGrammar, type Tokenization } from "#music/tokens/tokenization.ts";
import { bucketVelocity, readToken } from "#music/tokens/vocabulary.ts";
import type { PieceEvent, PieceMark, PieceReading } from "./piece-event.ts";
import { PieceMarks } from "./piece-marks.ts";
import { PlayedMemory, type PlayedNotes } from "./played-notes.ts";

/** Events that can always be taken back; twice as many are kept before the older half goes. */
const REMEMBERED_EVENTS = 4096;

/**
 * See the header. Indices count the piece's tokens from its START, forgotten ones included. A cut lies
 * before a token that tells a time, since the events of one time begin at one step.
 */
export class PieceHistory {
  readonly #tokenization: Tokenization;
  /** Whether the model reads the chart, so that tokens carry conditions. */
  readonly #conditioned: boolean;
  #chart: ChartBars;
  #heading: number[];
  /** Tokens from index `#from` on, and what each carries where the piece is conditioned. */
  #tokens: number[] = [];
  #conditions: TokenConditions[] = [];
  #from: number;
  #events: PieceEvent[] = [];
  #played = new PlayedMemory();
  #grammar: PieceGrammar;
  #constraint: Constraint;
  #marks = new PieceMarks();
  /** Of the event being read. */
  #eventIndex = 0;

  /** A piece that begins with `prime` notes, as though they had been composed. */
  constructor(
    settings: ConstraintSettings,
    prime: readonly Note[],
    {
      tokenization = GRID32,
      chart = new OrderedChart({}, settings.metres),
      conditioned = false,
    }: PieceReading = {},
  ) {
    const { lead, drums } = settings;
    const { tokens } = tokenization.tokenize({ lead, drums, notes: canonicalNotes(prime) });
    const { prefixLength } = tokenization;
    this.#tokenization = tokenization;
    this.#chart = chart;
    this.#conditioned = conditioned;
    this.#heading = tokens.slice(0, prefixLength);
    this.#from = prefixLength;
    this.#grammar = tokenization.grammar();
    this.#constraint = new Constraint(settings, chart);
    for (const id of this.#heading) this.#grammar.push(id, this.#constraint);
    this.#marks.add(this.keep());
    for (const id of tokens.slice(prefixLength)) this.push(id);
  }

  /** Tokens since START, forgotten ones included: the index of the next. */
  get length(): number {
    return this.#from + this.#tokens.length;
  }

  /** START, drums, lead, and what else the tokenization puts before the first event. */
  get heading(): TokenRun {
    if (!this.#conditioned) return { tokens: this.#heading };
    const conditions = headingConditions(this.#chart.style);
    return { tokens: this.#heading, conditions: this.#heading.map(() => conditions) };
  }

  /** Remembered events, oldest first. */
  get events(): readonly PieceEvent[] {
    return this.#events;
  }

  /** Onset of the newest event, in steps. */
  get onset(): number {
    return this.#grammar.onset;
  }

  /** Some tokens of an event are there and its note is not. */
  get inEvent(): boolean {
    return this.#grammar.inEvent;
  }

  /** The piece was told that it is about to end. */
  get outroSaid(): boolean {
    return this.#grammar.outroSaid;
  }

  /** What the next token decides. */
  get decides(): TokenKind {
    return this.#grammar.decides;
  }

  /** While this number stays, the constraint says of every onset what it said before. */
  get hearing(): number {
    return this.#constraint.hearing;
  }

  /** Whether that number is another after every note. */
  get hearsEveryNote(): boolean {
    return this.#constraint.hearsEveryNote;
  }

  /** The chart whose conditions tokens carry, where they do. */
  get conditionedBy(): ChartBars | undefined {
    return this.#conditioned ? this.#chart : undefined;
  }

  /** The grammar of the grid, for devices that draw by it; undefined for other tokenizations. */
  get gridGrammar(): Grammar | undefined {
    return this.#grammar instanceof GridGrammar ? this.#grammar.grammar : undefined;
  }

  /** The heading and the remembered tokens. */
  get tokens(): readonly number[] {
    return [...this.#heading, ...this.#tokens];
  }

  /** The tokens from `index` on, which must be remembered, and what they carry. */
  runFrom(index: number): TokenRun {
    assert(index >= this.#from, `token ${index} is forgotten, the oldest is ${this.#from}`);
    const at = index - this.#from;
    const tokens = this.#tokens.slice(at);
    return this.#conditioned ? { tokens, conditions: this.#conditions.slice(at) } : { tokens };
  }

  /** Writes what may follow into `mask` (V), see `Grammar.fillMask`. */
  fillMask(mask: Uint8Array, allowances: Allowances): void {
    this.#grammar.fillMask(mask, this.#constraint, allowances);
  }

  /** Whether the bar of the newest note has fewer by now than its chart asks for. */
  get isBehind(): boolean {
    return this.#constraint.isBehind;
  }

  /** What was composed and begins in [from, until): nothing where a human played along, by onset. */
  drawnBetween(from: number, until: number): readonly Note[] {
    const notes = this.#events
      .map(({ note }) => note)
      .filter(({ onset }) => onset >= from && onset < until);
    return notes.some((note) => this.#played.has(note)) ? [] : notes;
  }

  /** Whether the constraint lets a note be that is not drawn, see `Constraint.permits`. */
  permits(note: Note): boolean {
    return this.#constraint.permits(note);
  }

  /** What is owed of the constraint's density, if it has one. */
  get densityLimit(): DensityLimit | undefined {
    return this.#constraint.densityLimit;
  }

  /** Notes that the constraint allows from the newest onset on, for devices that draw by it. */
  packAllowed(): AllowedTable {
    return packAllowed(this.#constraint, this.onset);
  }

  /** Takes a token. Throws `AssertionError` where it may not stand. */
  push(id: number): void {
    this.#push(id, undefined);
  }

  /** @param conditions what the token carries, by the chart where undefined */
  #push(id: number, conditions: TokenConditions | undefined): void {
    const { inEvent } = this;
    const note = this.#grammar.push(id, this.#constraint);
    if (!inEvent && this.inEvent) this.#eventIndex = this.length;
    this.#tokens.push(id);
    if (this.#conditioned) this.#conditions.push(conditions ?? this.#conditionsNow);
    if (note === undefined) return;
    const index = this.#eventIndex;
    const timed = readToken(this.#tokens[index - this.#from]).kind === "time";
    this.#events.push({ index, timed, note });
    if (this.#marks.isDue(this.length)) this.#marks.add(this.keep());
  }

  /** Another velocity for the note that is being read: its newest token, which says the duration, becomes `id`. */
  replaceVelocity(id: number): void {
    const token = readToken(id);
    assert(this.decides === "pitch" && token.kind === "duration", `token ${id} says no velocity`);
    this.#tokens[this.#tokens.length - 1] = id;
    this.#grammar.setVelocity(bucketVelocity(token.velocityBucket));
  }

  /**
   * Takes back every event that begins at `step` or later, as far as they are remembered, and goes on under other
   * settings; a new lead or drums change the heading. What a human played before that is written into the past.
   * Returns the index from which tokens may be others.
   */
  retake(
    step: number,
    settings: ConstraintSettings,
    chart = this.#chart,
    played?: PlayedNotes,
  ): number {
    const notes = this.#events.map(({ note }) => note);
    const isSaid = played !== undefined && this.#tokenization.event !== undefined;
    const past = isSaid ? this.#played.rewritten(notes, played, step) : undefined;
    const from = past?.from ?? step;
    const kept = this.#events.findLastIndex((event) => event.note.onset < from) + 1;
    const cut = this.#events[kept]?.index ?? this.length;
    const mark = this.#marks.backTo(cut);
    const { tokens, conditions } = sliceRun(this.runFrom(mark.index), 0, cut - mark.index);
    this.#returnTo(mark);
    for (const [at, id] of tokens.entries()) this.#push(id, conditions?.[at]);
    this.#chart = chart;
    this.#constraint = this.#constraint.withSettings(settings, chart);
    this.#heading = this.#tokenization.heading(settings.lead, settings.drums);
    this.#marks.add(this.keep());
    for (const note of past?.notes ?? []) this.give(note);
    return cut;
  }

  /** Takes a note that was not drawn; not for tokenizations that do not tell events apart. */
  give(note: Note): void {
    for (const id of this.#tokenization.event?.(note, this.onset) ?? []) this.push(id);
  }

  /** Whether nothing that is known sounds on its key when a note begins. */
  isFree({ instrument, pitch, onset }: Note): boolean {
    const sounding = this.gridGrammar?.state.soundingUntil ?? [];
    return sounding[instrument * 128 + pitch] <= onset;
  }

  /** To go back to. Between events. */
  keep(): PieceMark {
    const { length: index } = this;
    return { index, grammar: this.#grammar.clone(), constraint: this.#constraint.clone() };
  }

  /** What came since is as though it had never been. */
  goBackTo(kept: PieceMark): void {
    this.#marks.backTo(kept.index);
    this.#returnTo(kept);
  }

  #returnTo({ index, grammar, constraint }: PieceMark): void {
    this.#tokens.length = index - this.#from;
    this.#conditions.length = this.#conditioned ? this.#tokens.length : 0;
    this.#events.length = this.#events.findLastIndex((event) => event.index < index) + 1;
    this.#grammar = grammar.clone();
    this.#constraint = constraint.clone();
  }

  /** Forgets the older half once too much is remembered. To be called between events. */
  forget(): void {
    if (this.#events.length < 2 * REMEMBERED_EVENTS) return;
    const wanted = this.#events[this.#events.length - REMEMBERED_EVENTS].index;
    const { index } = this.#marks.forgetBefore(wanted);
    const { tokens, conditions = [] } = this.runFrom(index);
    this.#tokens = [...tokens];
    this.#conditions = [...conditions];
    this.#from = index;
    this.#events = this.#events.filter((event) => event.index >= index);
    this.#played.forgetAllBut(this.#events.map(({ note }) => note));
  }

  /** The same piece, to go on by itself. */
  fork(settings: ConstraintSettings): PieceHistory {
    const reading = { tokenization: this.#tokenization, chart: this.#chart };
    const other = new PieceHistory(settings, [], { ...reading, conditioned: this.#conditioned });
    other.#heading = this.#heading;
    other.#tokens = [...this.#tokens];
    other.#conditions = [...this.#conditions];
    other.#from = this.#from;
    other.#events = [...this.#events];
    other.#marks = this.#marks.clone();
    other.#played = this.#played.clone();
    other.#returnTo(this.keep());
    return other;
  }

  /** What a token carries whose onset is the newest. */
  get #conditionsNow(): TokenConditions {
    const { onset } = this;
    const bar = this.#chart.metres.barAt(onset);
    const { index } = bar;
    const chartBar = this.#chart.bar(index) ?? OPEN_BAR;
    return conditionsInBar(bar, chartBar, onset, styleIn(this.#chart, index));
  }
}
