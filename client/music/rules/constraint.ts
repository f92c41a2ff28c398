/**
 * What the player asks of the band, as limits on which notes may be struck: who plays, in which registers, key, chords,
 * that the lead plays first, that drums sound if and only if they are on, how dense it gets.
 *
 * Rules that would leave nothing at an onset are passed over, the weakest first: chords, then the chart's players, then who
 * rests for a while, then the key, then registers. Who plays at all and the kit's ranges never give way. Grid, polyphony and density of an instrument
 * leave nothing now and then, and time moves on; nobody waits for longer than a time token of the grid reaches.
 */
import { assert } from "#base/assert.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import type { Key } from "#music/key.ts";
import { MetreMap, type MetrePoint } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { BarTally } from "./bar-tally.ts";
import { type ChordLock, ChordRule, PlayersRule } from "./chart-rules.ts";
import { DensityLimit } from "./density-limit.ts";
import { Grid, type GridName } from "./grid.ts";
import { LONGEST_DRUM_RUN, longestRests } from "./longest-rests.ts";
import { NATURAL_RANGES } from "./natural-ranges.ts";
import type { NoteFilter } from "./note-filter.ts";
import { Part, type PartLimits } from "./part.ts";
import { KeyRule, RegisterRule } from "./pitch-rules.ts";
import { type Rest, RestRule } from "./rest-rule.ts";
import { clear, narrowBy, nextChange, type Rule } from "./rule.ts";

/** Spans of which it is remembered what the rules leave: those within the reach of a time token, mostly. */
const REMEMBERED_SPANS = 8;

/** Limits on a piece. */
export interface ConstraintSettings {
  /** The melodic instrument that plays first; not the drums. */
  readonly lead: Instrument;
  readonly drums: boolean;
  /** Melodic instruments that may accompany the lead; all of them where undefined. */
  readonly band?: readonly Instrument[];
  /** Who is played by a human: gets no note, even if it leads. */
  readonly silent?: readonly Instrument[];
  /** Who rests for a while; see rest-rule.ts. */
  readonly rests?: readonly Rest[];
  /** Melodic pitches keep to this key; the drums are free. */
  readonly key?: Key;
  /** No rest of drums, melody or lead is longer than this, in steps; for short pieces. */
  readonly longestRest?: number;
  /** Limits of each instrument, by its id. */
  readonly parts?: readonly PartLimits[];
  /** Where notes may begin; at any step where undefined. */
  readonly grid?: GridName;
  /** Most notes a whole note, a positive integer; see density-limit.ts. As many as come where undefined. */
  readonly density?: number;
  /** The metres of the piece, see `MetreMap`, which no message could carry; 4/4 where undefined. */
  readonly metres?: readonly MetrePoint[];
  /** How strictly melodic notes keep to the chords of the chart; "soft" where undefined. */
  readonly chordLock?: ChordLock;
  /** Melody that hammers on few pitches must take another; it need not where undefined. */
  readonly varied?: boolean;
}

/** A note filter over the settings, with the little memory they need. */
export class Constraint implements NoteFilter {
  readonly #settings: ConstraintSettings;
  readonly #base: Uint8Array;
  readonly #metres: MetreMap;
  readonly #chart: ChartBars | undefined;
  readonly #rules: readonly Rule[];
  /** What base and rules leave where they were asked last, newest first. */
  #narrowed: readonly Narrowed[] = [];
  /** Of the chart when they were asked. */
  #revision: number | undefined;
  /** The lead was chosen anew: it must play before other melodic instruments do. */
  #leadAwaited = true;
  /** Newest onset of each instrument, 0 before its first. */
  #onsets = new Int32Array(INSTRUMENTS.length);
  /** Since when drums are expected. */
  #drumsSince = 0;
  #drumRun = 0;
  #onset = 0;
  #tally: BarTally;
  #densityLimit: DensityLimit | undefined;
  readonly #grid: Grid | undefined;
  #parts: readonly Part[];
  /** Notes heard. */
  #notes = 0;

  /** @param chart who rests in which bar, and the chords of `chordLock`; all open where undefined */
  constructor(settings: ConstraintSettings, chart?: ChartBars) {
    assert(settings.lead !== DRUMS, "the drums cannot lead");
    this.#settings = settings;
    this.#base = baseNotes(settings);
    this.#metres = new MetreMap(settings.metres);
    this.#chart = chart;
    this.#rules = rulesOf(settings, chart);
    this.#tally = this.#tallyAfter();
    const { density, grid, parts } = settings;
    if (density !== undefined) this.#densityLimit = new DensityLimit(density);
    if (grid !== undefined) this.#grid = new Grid(grid, this.#metres);
    this.#parts = INSTRUMENTS.map((_, instrument) => new Part(parts?.[instrument] ?? {}));
  }

  /** What is owed of the settings' density, where they have one. */
  get densityLimit(): DensityLimit | undefined {
    return this.#densityLimit;
  }

  /** Whether the bar of the newest note has fewer by now than its chart asks for. */
  get isBehind(): boolean {
    const { drums, melody } = this.#tally.behind;
    return drums || melody;
  }

  /**
   * A filter with other settings that remembers what this one has heard. After a change of lead or drums the lead
   * must play again before other melodic instruments do.
   */
  withSettings(settings: ConstraintSettings, chart = this.#chart): Constraint {
    const { lead, drums } = this.#settings;
    const next = new Constraint(settings, chart);
    next.#leadAwaited = this.#leadAwaited || lead !== settings.lead || drums !== settings.drums;
    next.#onsets = this.#onsets.slice();
    next.#drumsSince = drums ? this.#drumsSince : this.#onset;
    next.#drumRun = this.#drumRun;
    next.#onset = this.#onset;
    next.#notes = this.#notes;
    next.#tally = next.#tallyAfter(this.#tally);
    const { density, parts } = settings;
    next.#parts = this.#parts.map((part, instrument) => new Part(parts?.[instrument] ?? {}, part));
    if (density !== undefined) next.#densityLimit = new DensityLimit(density, this.#densityLimit);
    return next;
  }

  /** The same, to go on by itself. */
  clone(): Constraint {
    return this.withSettings(this.#settings);
  }

  push(instrument: Instrument, pitch: number, onset: number, duration: number): void {
    this.#notes++;
    this.#parts[instrument].push(onset, duration);
    this.#tally.push(instrument, pitch, onset);
    this.#densityLimit?.push(onset - this.#onset);
    this.#onset = onset;
    this.#onsets[instrument] = onset;
    this.#drumRun = instrument === DRUMS ? this.#drumRun + 1 : 0;
    if (instrument === this.#settings.lead) this.#leadAwaited = false;
  }

  changesAfter(onset: number): number {
    const grid = this.#grid?.changesAfter(onset) ?? Number.POSITIVE_INFINITY;
    return this.#parts.reduce(
      (next, part) => Math.min(next, part.changesAfter(onset)),
      Math.min(grid, this.#tally.changesAfter(onset), nextChange(this.#rules, onset)),
    );
  }

  hold(allowed: Uint8Array, step: number): void {
    for (const rule of this.#rules) rule.hold?.(allowed, step);
  }

  fill(allowed: Uint8Array, onset: number): void {
    if (this.#grid?.holds(onset) === false) {
      allowed.fill(0);
      return;
    }
    allowed.set(this.#narrowedAt(onset));
    for (const [instrument, part] of this.#parts.entries())
      if (!part.mayStrike(onset)) clear(allowed, instrument);
    this.#tally.narrow(allowed, onset);
    this.#keepDue(allowed);
  }

  fillAnyway(allowed: Uint8Array, onset: number): void {
    allowed.set(this.#narrowedAt(onset));
    this.#keepDue(allowed);
  }

  /**
   * Whether a note may stand that is not drawn: by who plays, registers, key, chords and grid. Where an instrument's
   * notes or all are counted, none may. Who is due or behind is not asked.
   */
  permits({ instrument, pitch, onset }: Note): boolean {
    if (this.hearsEveryNote || this.#densityLimit !== undefined) return false;
    if (this.#grid?.holds(onset) === false) return false;
    return this.#narrowedAt(onset)[instrument * 128 + pitch] === 1;
  }

  /** Leaves those who are due, where they may be struck. */
  #keepDue(allowed: Uint8Array): void {
    const plays = (instrument: Instrument): boolean =>
      allowed.subarray(instrument * 128, (instrument + 1) * 128).includes(1);
    const { lead } = this.#settings;
    const due = this.#due;
    const melodyDue = due.melody && LEAD_INSTRUMENTS.some(plays);
    if (due.drums && !melodyDue && plays(DRUMS)) keepOnly(allowed, DRUMS);
    else if (due.lead && plays(lead)) {
      for (const instrument of INSTRUMENTS.keys()) {
        const mayPrecede = instrument === DRUMS && !melodyDue;
        if (instrument !== lead && !mayPrecede) clear(allowed, instrument);
      }
    } else if (melodyDue) clear(allowed, DRUMS);
    else if (this.#tally.behind.drums && plays(DRUMS)) keepOnly(allowed, DRUMS);
    else if (this.#tally.behind.melody && LEAD_INSTRUMENTS.some(plays)) clear(allowed, DRUMS);
  }

  get hearing(): number {
    const { drums, melody, lead } = this.#due;
    const due = Number(drums) + 2 * Number(melody) + 4 * Number(lead) + 8 * this.#tally.hearing;
    return this.hearsEveryNote ? due + 8 * this.#notes : due;
  }

  get hearsEveryNote(): boolean {
    return !this.#parts.every((part) => part.isFree);
  }

  /** Who has rested for as long as may be, if he plays at all. */
  get #due(): { readonly drums: boolean; readonly melody: boolean; readonly lead: boolean } {
    const longest = longestRests(this.#metres.pointAt(this.#onset).metre);
    const { drums, lead, longestRest = Number.POSITIVE_INFINITY } = this.#settings;
    const isDue = (last: number, rest: number): boolean =>
      this.#onset - last >= Math.min(rest, longestRest);
    const onsets = this.#onsets;
    const melodicOnset = onsets.reduce(
      (newest, onset, instrument) => (instrument === DRUMS ? newest : Math.max(newest, onset)),
      0,
    );
    return {
      drums: drums && isDue(Math.max(onsets[DRUMS], this.#drumsSince), longest.drums),
      melody: isDue(melodicOnset, longest.melody) || this.#drumRun >= LONGEST_DRUM_RUN,
      lead: this.#leadAwaited || isDue(onsets[lead], longest.lead),
    };
  }

  /** What base and rules leave. */
  #narrowedAt(onset: number): Uint8Array {
    if (this.#chart?.revision !== this.#revision) this.#narrowed = [];
    this.#revision = this.#chart?.revision;
    const known = this.#narrowed.find(({ from, until }) => from <= onset && onset < until);
    if (known !== undefined) return known.notes;
    const notes = this.#base.slice();
    narrowBy(this.#rules, notes, onset);
    const narrowed = { from: onset, until: nextChange(this.#rules, onset), notes };
    this.#narrowed = [narrowed, ...this.#narrowed.slice(0, REMEMBERED_SPANS - 1)];
    return notes;
  }

  #tallyAfter(before?: BarTally): BarTally {
    const chart = this.#chart ?? { metres: this.#metres, isOpen: true, bar: () => undefined };
    return new BarTally(chart, this.#settings.varied ?? false, before);
  }
}

/** A span of steps in which the rules say the same. */
interface Narrowed {
  readonly from: number;
  readonly until: number;
  readonly notes: Uint8Array;
}

/** The settings' rules, the strongest first. */
function rulesOf(
  { chordLock = "soft", key, parts = [], rests = [] }: ConstraintSettings,
  chart: ChartBars | undefined,
): Rule[] {
  const rules: Rule[] = [];
  if (parts.some(({ register }) => register !== undefined)) rules.push(new RegisterRule(parts));
  if (key !== undefined) rules.push(new KeyRule(key));
  if (rests.length > 0) rules.push(new RestRule(rests));
  if (chart === undefined || chart.isOpen) return rules;
  rules.push(new PlayersRule(chart));
  // A soft lock is for the model to heed: no rule.
  if (chordLock !== "soft") rules.push(new ChordRule(chart, chordLock, key));
  return rules;
}

/** Who plays, in the kit's ranges; where a human plays all of it, whoever else there is. */
function baseNotes(settings: ConstraintSettings): Uint8Array {
  const { lead, drums, band, silent = [] } = settings;
  const allowed = new Uint8Array(INSTRUMENTS.length * 128);
  for (const [instrument, [lowest, highest]] of NATURAL_RANGES.entries()) {
    const melodic = instrument === lead || (band?.includes(instrument) ?? true);
    if ((instrument === DRUMS ? drums : melodic) && !silent.includes(instrument))
      allowed.fill(1, instrument * 128 + lowest, instrument * 128 + highest + 1);
  }
  if (allowed.includes(1) || band === undefined) return allowed;
  const { band: _, ...everybody } = settings;
  return baseNotes(everybody);
}

const keepOnly = (allowed: Uint8Array, instrument: Instrument): void => {
  allowed.fill(0, 0, instrument * 128);
  allowed.fill(0, (instrument + 1) * 128);
};
