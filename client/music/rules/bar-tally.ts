/**
 * What was struck in the newest bar, and what the chart still asks of it, as limits on what comes next: no more notes
 * than its levels say, hardly fewer, everybody is heard who plays, the leader is not covered, and melody does not hammer
 * on few pitches. A small model reads its chart and heeds it half.
 *
 * A function of the notes and the chart alone. It decides who comes next, never when.
 */
import { type ChartBar, type ChartBars, OPEN_BAR } from "#music/chart/chart.ts";
import { notesOfLevel } from "#music/chart/describe.ts";
import { PHRASE_BARS } from "#music/chart/form.ts";
import { DRUMS, INSTRUMENTS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { type Bar, beatsOf, halfOf } from "#music/metre.ts";
import { MAX_DELTA } from "../tokens/vocabulary.ts";
import { KitInUse } from "./kit-in-use.ts";
import { clear } from "./rule.ts";

/** So many notes of a bar on so few pitches that the next must be on another. */
const HAMMERED = { notes: 9, pitches: 3 } as const;

/** Share of a level's fewest notes that may be missing by any place of the bar, and a note at least. */
const LATE = 0.25;

/**
 * Notes of a level are spread over its bar: by each beat there may be as many as would be due one and a half beats later, and
 * a chord at least. Without it a bar would be full by its middle and silent from there.
 */
const SPREAD = { beats: 1.5, notes: 4 } as const;

/**
 * A level allows twice as many notes at the most as at the fewest, and music that is held to it fills it. So that bars do not
 * all have the most, phrases are given from a share of that room on, spread evenly by the golden ratio.
 */
const LEAST_ROOM = 0.3;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Of a bar, by the kind of notes. */
interface ByKind {
  readonly drums: boolean;
  readonly melody: boolean;
}

/** The highest pitch of each onset, in their order. */
type UpperLine = readonly number[];

/** Of an upper line its highest pitch, and the pitch under which a quarter of it lies. */
interface Reach {
  readonly highest: number;
  readonly lowerQuartile: number;
}

const NO_LINES: readonly UpperLine[] = INSTRUMENTS.map(() => []);
const UNHEARD: readonly Reach[] = INSTRUMENTS.map(() => ({ highest: 127, lowerQuartile: 0 }));

/** See the header. */
export class BarTally {
  readonly #chart: ChartBars;
  readonly #varied: boolean;
  /** The bar of the newest note, and its onset. */
  #bar: Bar;
  #onset = 0;
  /** (12) notes struck in that bar. */
  #struck: readonly number[] = INSTRUMENTS.map(() => 0);
  /** Melodic pitches struck in it. */
  #pitches: ReadonlySet<number> = new Set();
  /** (12) who was heard at the newest onset. */
  #heardNow: ReadonlySet<Instrument> = new Set();
  /** (12) what melodic instruments play in that bar. */
  #lines = NO_LINES;
  /** (12) how far they reached in the newest bar before it in which they were heard. */
  #reaches = UNHEARD;
  #kit = new KitInUse();

  /**
   * @param varied whether melody that hammers must move on
   * @param before what was heard until now, under another chart perhaps
   */
  constructor(chart: ChartBars, varied: boolean, before?: BarTally) {
    this.#chart = chart;
    this.#varied = varied;
    if (before !== undefined) {
      this.#onset = before.#onset;
      this.#struck = before.#struck;
      this.#pitches = before.#pitches;
      this.#heardNow = before.#heardNow;
      this.#lines = before.#lines;
      this.#reaches = before.#reaches;
      this.#kit = before.#kit;
    }
    this.#bar = chart.metres.barAt(this.#onset);
  }

  /** A note was struck, not before the newest. */
  push(instrument: Instrument, pitch: number, onset: number): void {
    if (!within(this.#bar, onset)) this.#turn(onset);
    if (onset > this.#onset) this.#heardNow = new Set();
    this.#onset = onset;
    this.#struck = this.#struck.map((count, i) => (i === instrument ? count + 1 : count));
    if (instrument === DRUMS) {
      this.#kit = this.#kit.with(pitch);
      return;
    }
    this.#pitches = new Set([...this.#pitches, pitch]);
    // Notes of one onset descend, so the first is the highest.
    if (!this.#heardNow.has(instrument))
      this.#lines = this.#lines.map((line, i) => (i === instrument ? [...line, pitch] : line));
    this.#heardNow = new Set([...this.#heardNow, instrument]);
  }

  #turn(onset: number): void {
    const { index } = this.#bar;
    this.#bar = this.#chart.metres.barAt(onset);
    this.#kit = this.#kit.after(Math.max(1, this.#bar.index - index));
    this.#struck = INSTRUMENTS.map(() => 0);
    this.#pitches = new Set();
    this.#reaches = this.#reaches.map((before, i) =>
      this.#lines[i].length > 0 ? reachOf(this.#lines[i]) : before,
    );
    this.#lines = NO_LINES;
  }

  /**
   * Clears what may not be struck at `onset`, not before the newest note; may leave nothing where the bar is full.
   * @param allowed (1,536) 1 or 0
   */
  narrow(allowed: Uint8Array, onset: number): void {
    if (this.#chart.isOpen === true && !this.#isHammered) return;
    this.#uncover(allowed, onset);
    if (!within(this.#bar, onset)) {
      const { index } = this.#chart.metres.barAt(onset);
      this.#kit.after(1).narrow(allowed, this.#chart.bar(index) ?? OPEN_BAR);
      return;
    }
    this.#kit.narrow(allowed, this.#asked);
    const { beat } = this.#chart.metres.beatAt(onset);
    const free = this.#freeFrom;
    if (beat < free.drums) clear(allowed, DRUMS);
    if (beat < free.melody) for (const melodic of LEAD_INSTRUMENTS) clear(allowed, melodic);
    if (this.#isHammered)
      keepSome(allowed, (note) => note >> 7 === DRUMS || !this.#pitches.has(note & 127));
    // Whoever has not been heard in the first half is in the second.
    if (onset < this.#bar.start + halfOf(this.#bar)) return;
    const { players } = this.#asked;
    const isMissing = (instrument: Instrument) =>
      players[instrument] === true && this.#struck[instrument] === 0;
    if (players.some((_, instrument) => isMissing(instrument)))
      keepSome(allowed, (note) => isMissing(note >> 7));
  }

  /**
   * In a bar that has a leader the others play no higher than he went in his bar before, and he no lower than where each
   * of them mostly was. An instrument that would have nothing left is free.
   */
  #uncover(allowed: Uint8Array, onset: number): void {
    const { index } = this.#chart.metres.barAt(onset);
    const { leader, players } = this.#chart.bar(index) ?? OPEN_BAR;
    if (leader === undefined) return;
    const { highest } = this.#reaches[leader];
    const lowest = this.#reaches.reduce(
      (floor, { lowerQuartile }, i) =>
        i === leader || players[i] === false ? floor : Math.max(floor, lowerQuartile),
      0,
    );
    for (const instrument of LEAD_INSTRUMENTS) {
      const own = allowed.subarray(instrument * 128, (instrument + 1) * 128);
      const [from, to] = instrument === leader ? [lowest, 128] : [0, highest + 1];
      if (!own.subarray(from, to).includes(1)) continue;
      own.fill(0, 0, from);
      own.fill(0, to);
    }
  }

  /**
   * Whether drums or melody have fewer notes than the chart asks for by the newest onset: of both the one that lacks the
   * greater share.
   */
  get behind(): ByKind {
    const elapsed = (this.#onset - this.#bar.start) / this.#bar.steps;
    /** Above 0 where it is behind. */
    const lackOf = (level: number | undefined, count: number): number => {
      const [fewest] = notesOfLevel(level ?? 0);
      const least = fewest * elapsed - Math.max(1, LATE * fewest);
      return count < least ? (least - count) / fewest : 0;
    };
    const { density, drumDensity } = this.#asked;
    const drums = lackOf(drumDensity, this.#struck[DRUMS]);
    const melody = lackOf(density, this.#melody);
    return { drums: drums > melody, melody: melody > 0 && melody >= drums };
  }

  /** The first step after `onset` from which `narrow` may say something else. */
  changesAfter(onset: number): number {
    if (this.#chart.isOpen === true) {
      const end = this.#bar.start + this.#bar.steps;
      return this.#isHammered && onset < end ? end : Number.POSITIVE_INFINITY;
    }
    const { start, steps, metre } = this.#chart.metres.barAt(onset);
    const places = [...beatsOf(metre), halfOf({ metre, steps }), steps];
    return start + Math.min(...places.filter((place) => start + place > onset));
  }

  /** A number that stays while `narrow` and `behind` say what they said before: less than 2 ** 49. */
  get hearing(): number {
    const { behind } = this;
    const free = this.#freeFrom;
    const { players } = this.#asked;
    const flags = [
      ...players.map((plays, instrument) => plays === true && this.#struck[instrument] > 0),
      ...[behind.drums, behind.melody, this.#isHammered],
    ];
    const said =
      flags.reduce((bits, flag, at) => bits + (flag ? 2 ** at : 0), 0) +
      2 ** flags.length * (Math.min(31, free.drums) + 32 * Math.min(31, free.melody));
    const { index } = this.#bar;
    const asks = [index, index + 1].some((bar) => asksAnything(this.#chart.bar(bar) ?? OPEN_BAR));
    if (!asks && !this.#isHammered) return 0;
    // What hammers is another set of pitches after each note.
    const pitches = this.#isHammered ? this.#pitches.size : 0;
    const kit = this.#kit.hearing(this.#asked);
    return said + 2 ** (flags.length + 10) * (kit + 64 * (pitches + 4 * (1 + (index % 2 ** 12))));
  }

  get #asked(): ChartBar {
    return this.#chart.bar(this.#bar.index) ?? OPEN_BAR;
  }

  get #melody(): number {
    return this.#struck.reduce((sum, count, i) => (i === DRUMS ? sum : sum + count), 0);
  }

  /** From which beat of the bar on there may be another note; past the last where there may be none. */
  get #freeFrom(): { readonly drums: number; readonly melody: number } {
    const beats = beatsOf(this.#bar.metre).length;
    // A bar that no time token reaches over is held to no level: its end could not be waited for.
    const isEndless = this.#bar.steps > MAX_DELTA;
    const freeFrom = (level: number | undefined, count: number): number => {
      if (level === undefined || isEndless) return 0;
      const most = this.#mostOf(level);
      for (let beat = 0; beat < beats; beat++) {
        const due = (most * (beat + SPREAD.beats)) / beats;
        if (count < Math.min(most, Math.max(SPREAD.notes, due))) return beat;
      }
      return beats;
    };
    const { density, drumDensity } = this.#asked;
    return {
      drums: freeFrom(drumDensity, this.#struck[DRUMS]),
      melody: freeFrom(density, this.#melody),
    };
  }

  /** Most notes of this bar at a level: another number of those that it allows from phrase to phrase. */
  #mostOf(level: number): number {
    const [fewest, most] = notesOfLevel(level);
    const place = (Math.floor(this.#bar.index / PHRASE_BARS) * GOLDEN) % 1;
    return Math.ceil(fewest + (most - fewest) * (LEAST_ROOM + (1 - LEAST_ROOM) * place));
  }

  get #isHammered(): boolean {
    const few = this.#pitches.size <= HAMMERED.pitches;
    return this.#varied && few && this.#melody >= HAMMERED.notes;
  }
}

/** Whether a tally is needed to keep a bar to its chart. */
const asksAnything = ({ leader, density, drumDensity, novelty, players }: ChartBar): boolean =>
  leader !== undefined ||
  density !== undefined ||
  drumDensity !== undefined ||
  novelty !== undefined ||
  players.includes(true);

const within = ({ start, steps }: Bar, onset: number): boolean =>
  onset >= start && onset < start + steps;

/** @param line not empty */
function reachOf(line: UpperLine): Reach {
  const rising = [...line].sort((a, b) => a - b);
  return {
    highest: rising[rising.length - 1],
    lowerQuartile: rising[Math.floor(rising.length / 4)],
  };
}

/** Leaves those of the notes for which `wanted` holds, or all where none would be left. */
function keepSome(allowed: Uint8Array, wanted: (note: number) => boolean): void {
  const some = allowed.map((may, note) => (may === 1 && wanted(note) ? 1 : 0));
  if (some.includes(1)) allowed.set(some);
}
