/**
 * What the player asks of the band, as limits on which notes may be struck: who plays, in which
 * key, that the lead plays first, that drums sound if and only if they are on, how dense it gets.
 */
import { assert } from "#base/assert.ts";
import type { ChartBars } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS, type Instrument } from "#music/instrument.ts";
import { inKey, type Key } from "#music/key.ts";
import { halfOf, type Metre, MetreMap, type MetrePoint, stepsOf } from "#music/metre.ts";
import { type ChordLock, ChordRule, PlayersRule } from "./chart-rules.ts";
import { DensityLimit } from "./density-limit.ts";
import type { NoteFilter } from "./grammar.ts";
import { narrowBy, nextChange, type Rule } from "./rule.ts";

/** Steps below which the longest rests do not fall, however short a bar is. */
const LEAST_REST = { drums: 8, melody: 16 } as const;

/**
 * Longest times without a new note in a metre, in steps: after them only who is missing may come next. A small
 * model would now and then leave a band to its drums, or a lead to the others, for good.
 */
export function longestRests(metre: Metre) {
  const steps = Math.round(stepsOf(metre));
  const bar = Math.max(LEAST_REST.melody, steps);
  return {
    /** The drums, while they are on: half a bar. */
    drums: Math.max(LEAST_REST.drums, halfOf({ metre, steps })),
    /** All melodic instruments: a bar. */
    melody: bar,
    /** The lead: a bar. */
    lead: bar,
  };
}

/** Most drum strokes in a row: half a bar of a busy groove. Then a melodic note must come. */
export const LONGEST_DRUM_RUN = 8;

/** Spans of which it is remembered what the rules leave: those within the reach of a time token, mostly. */
const REMEMBERED_SPANS = 8;

/** Limits on a piece. */
export interface ConstraintSettings {
  /** The melodic instrument that plays first; not the drums. */
  readonly lead: Instrument;
  readonly drums: boolean;
  /** Melodic instruments that may accompany the lead; all of them where undefined. */
  readonly band?: readonly Instrument[];
  /** Melodic pitches keep to this key; the drums are free. */
  readonly key?: Key;
  /** No rest of drums, melody or lead is longer than this, in steps; for short pieces. */
  readonly longestRest?: number;
  /** Lowest and highest pitch of an instrument, where narrower than the kit's range. */
  readonly ranges?: readonly (readonly [lowest: number, highest: number])[];
  /** Most notes a whole note, a positive integer; see density-limit.ts. As many as come where undefined. */
  readonly density?: number;
  /** The metres of the piece, see `MetreMap`, which no message could carry; 4/4 where undefined. */
  readonly metres?: readonly MetrePoint[];
  /** How strictly melodic notes keep to the chords of the chart; "soft" where undefined. */
  readonly chordLock?: ChordLock;
}

/** The melodic ranges in which each instrument sounds natural (MIDI pitches, inclusive). */
export const NATURAL_RANGES: readonly (readonly [number, number])[] = [
  [21, 108], // Piano
  [36, 90], // Guitar
  [23, 67], // Bass
  [43, 105], // Violin
  [28, 84], // Cello
  [23, 103], // Harp
  [28, 96], // Trumpet (with trombone, tuba)
  [34, 93], // Sax (with clarinet, oboe, bassoon)
  [52, 105], // Flute
  [27, 87], // Drums: the keys of the GM2 percussion map
  [36, 88], // Choir
  [24, 103], // Organ
];

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
  #densityLimit: DensityLimit | undefined;

  /** @param chart who rests in which bar, and the chords of `chordLock`; all open where undefined */
  constructor(settings: ConstraintSettings, chart?: ChartBars) {
    assert(settings.lead !== DRUMS, "the drums cannot lead");
    this.#settings = settings;
    this.#base = baseNotes(settings);
    this.#metres = new MetreMap(settings.metres);
    this.#chart = chart;
    this.#rules = rulesOf(settings, chart);
    const { density } = settings;
    if (density !== undefined) this.#densityLimit = new DensityLimit(density);
  }

  /** What is owed of the settings' density, where they have one. */
  get densityLimit(): DensityLimit | undefined {
    return this.#densityLimit;
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
    const { density } = settings;
    if (density !== undefined) next.#densityLimit = new DensityLimit(density, this.#densityLimit);
    return next;
  }

  /** The same, to go on by itself. */
  clone(): Constraint {
    return this.withSettings(this.#settings);
  }

  push(instrument: Instrument, _pitch: number, onset: number): void {
    this.#densityLimit?.push(onset - this.#onset);
    this.#onset = onset;
    this.#onsets[instrument] = onset;
    this.#drumRun = instrument === DRUMS ? this.#drumRun + 1 : 0;
    if (instrument === this.#settings.lead) this.#leadAwaited = false;
  }

  changesAfter(onset: number): number {
    return nextChange(this.#rules, onset);
  }

  hold(allowed: Uint8Array, step: number): void {
    for (const rule of this.#rules) rule.hold?.(allowed, step);
  }

  fill(allowed: Uint8Array, onset: number): void {
    const { notes, plays } = this.#narrowedAt(onset);
    allowed.set(notes);
    const { lead } = this.#settings;
    const due = this.#due;
    const melodyPlays = plays.some((any, instrument) => any && instrument !== DRUMS);
    const melodyDue = melodyPlays && due.melody;
    if (due.drums && plays[DRUMS] && !melodyDue) keepOnly(allowed, DRUMS);
    else if (plays[lead] && due.lead) {
      for (const instrument of INSTRUMENTS.keys()) {
        const mayPrecede = instrument === DRUMS && !melodyDue;
        if (instrument !== lead && !mayPrecede) clear(allowed, instrument);
      }
    } else if (melodyDue) clear(allowed, DRUMS);
  }

  get hearing(): number {
    const { drums, melody, lead } = this.#due;
    return Number(drums) + 2 * Number(melody) + 4 * Number(lead);
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

  #narrowedAt(onset: number): Narrowed {
    if (this.#chart?.revision !== this.#revision) this.#narrowed = [];
    this.#revision = this.#chart?.revision;
    const known = this.#narrowed.find(({ from, until }) => from <= onset && onset < until);
    if (known !== undefined) return known;
    const notes = this.#base.slice();
    narrowBy(this.#rules, notes, onset);
    const plays = INSTRUMENTS.map((_, instrument) =>
      notes.subarray(instrument * 128, (instrument + 1) * 128).includes(1),
    );
    const from = this.#rules.length === 0 ? 0 : onset;
    const narrowed = { from, until: this.changesAfter(onset), notes, plays };
    this.#narrowed = [narrowed, ...this.#narrowed.slice(0, REMEMBERED_SPANS - 1)];
    return narrowed;
  }
}

/** A span of steps in which the rules say the same. */
interface Narrowed {
  readonly from: number;
  readonly until: number;
  readonly notes: Uint8Array;
  /** (12) whether a note of each instrument is left. */
  readonly plays: readonly boolean[];
}

/** The settings' rules, the first the strongest. */
function rulesOf(
  { chordLock = "soft", key }: ConstraintSettings,
  chart: ChartBars | undefined,
): Rule[] {
  if (chart === undefined || chart.isOpen) return [];
  const players = new PlayersRule(chart);
  return [players, new ChordRule(chart, chordLock, key)];
}

function baseNotes(settings: ConstraintSettings): Uint8Array {
  const allowed = new Uint8Array(INSTRUMENTS.length * 128);
  for (const instrument of INSTRUMENTS.keys()) {
    const plays =
      instrument === DRUMS
        ? settings.drums
        : instrument === settings.lead || (settings.band?.includes(instrument) ?? true);
    if (!plays) continue;
    const [lowest, highest] = (settings.ranges ?? NATURAL_RANGES)[instrument];
    for (let pitch = lowest; pitch <= highest; pitch++) {
      if (instrument === DRUMS || settings.key === undefined || inKey(settings.key, pitch % 12)) {
        allowed[instrument * 128 + pitch] = 1;
      }
    }
  }
  return allowed;
}

const clear = (allowed: Uint8Array, instrument: Instrument): void => {
  allowed.fill(0, instrument * 128, (instrument + 1) * 128);
};

const keepOnly = (allowed: Uint8Array, instrument: Instrument): void => {
  allowed.fill(0, 0, instrument * 128);
  allowed.fill(0, (instrument + 1) * 128);
};
