/**
 * What a human plays with the band: keys struck stand on the grid at their onset and last as long as they are held. What
 * is still held is known as far as it was heard. Owns no clock.
 */
import type { PlayedNotes } from "#engine/compose/played-notes.ts";
import { type Chord, HIGHEST_LEVEL } from "#music/chart/chart.ts";
import { matchChord } from "#music/chart/chord-match.ts";
import { describe } from "#music/chart/describe.ts";
import { DRUMS, type Instrument } from "#music/instrument.ts";
import { type Metre, MetreMap, stepsOf } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";

/** Steps of which a retake is told: what is older none reaches any more. */
const REMEMBERED = 8 * STEPS_PER_WHOLE;

/** Steps that can be recorded after they were played, and what is under way meanwhile. */
const RECORDED = 16 * STEPS_PER_WHOLE;

/** Steps in which a chord is heard, up to now. */
const CHORD_STEPS = STEPS_PER_WHOLE / 2;

/** A key as it was struck. */
export interface StruckKey {
  readonly instrument: Instrument;
  readonly pitch: number;
  /** 1-127 */
  readonly velocity: number;
}

/** Different tones that are a chord by themselves. */
const LEAST_TONES = 3;

/** The least busy that a human counts for a band: with fewer notes beside them it would hardly play. */
const LEAST_BUSY = 2;

/** Levels of a chart bar, see chart.ts. */
interface BandLevels {
  readonly density: number;
  readonly drumDensity: number;
  readonly energy: number;
}

/** Keys to play on. */
export interface Keys {
  /** A key goes down: it sounds at once, and while music plays the band hears it. */
  press(key: StruckKey): void;
  /** The key comes up. */
  release(key: Omit<StruckKey, "velocity">): void;
}

/** See the header. Steps may lie between two. */
export class Hand {
  /** Notes whose keys were let go, by when that was. */
  #notes: Note[] = [];
  readonly #held = new Map<number, Note>();

  /** A key goes down; one that is down already is let go first. Returns the note, a step long. */
  press(key: StruckKey, step: number): Note {
    this.release(key, step);
    const onset = Math.max(0, Math.round(step));
    const { instrument, pitch, velocity } = key;
    const note = { instrument, pitch, velocity, onset, duration: 1 };
    this.#held.set(keyOf(key), note);
    this.#notes = this.#notes.filter((old) => old.onset + old.duration > onset - RECORDED);
    return note;
  }

  /** A key comes up: the note it was; undefined where it was not down. */
  release(key: Omit<StruckKey, "velocity">, step: number): Note | undefined {
    const held = this.#held.get(keyOf(key));
    if (held === undefined) return undefined;
    this.#held.delete(keyOf(key));
    const note = heardUntil(held, step);
    this.#notes.push(note);
    return note;
  }

  /** All keys come up: the notes they were. */
  releaseAll(step: number): Note[] {
    return [...this.#held.values()].map((note) => this.release(note, step) ?? note);
  }

  /** Whether any key is down. */
  get isDown(): boolean {
    return this.#held.size > 0;
  }

  /** Forgets everything; keys that are down no longer count. */
  clear(): void {
    this.#notes = [];
    this.#held.clear();
  }

  /** All that was played of late, up to `step`; undefined where nothing was. */
  playedUntil(step: number): PlayedNotes | undefined {
    const from = Math.max(0, Math.floor(step) - REMEMBERED);
    const notes = this.#heard(step).filter(({ onset, duration }) => onset + duration > from);
    return notes.length === 0 ? undefined : { from, notes };
  }

  /** What was struck from one step to another, as far as it was heard up to the second. */
  playedBetween(from: number, until: number): readonly Note[] {
    return this.#heard(until).filter(({ onset }) => onset >= from && onset < until);
  }

  /**
   * The chord that its melodic notes make: of the keys that are down, where they are a chord by themselves, else of the
   * last half of a whole note. Undefined where they make none.
   */
  chordAt(step: number): Chord | undefined {
    const tones = this.#tonesAt(step);
    const all = new Float64Array(12);
    const bass = new Float64Array(12);
    const lowest = Math.min(...tones.map(({ pitch }) => pitch));
    for (const { pitch, time } of tones) {
      all[pitch % 12] += time;
      if (pitch === lowest) bass[pitch % 12] += time;
    }
    const chord = matchChord({ all, bass });
    return typeof chord === "object" ? chord : undefined;
  }

  /** How busy and how loud a band is beside what was played in the last bar up to `step`; undefined where nothing was. */
  levelsAt(step: number, metre: Metre): BandLevels | undefined {
    const from = Math.max(0, Math.ceil(step - stepsOf(metre)));
    const late = this.#heard(step)
      .filter(({ onset }) => onset >= from && onset <= step)
      .map((note) => ({ ...note, onset: note.onset - from }));
    if (late.length === 0) return undefined;
    const notes = canonicalNotes(late);
    const [{ density = 0, drumDensity = 0, energy = 0 }] = describe(notes, MetreMap.of(metre), 1);
    const level = Math.min(HIGHEST_LEVEL, Math.max(LEAST_BUSY, density, drumDensity) + 1);
    return { density: level, drumDensity: level, energy };
  }

  /** What speaks for a chord, and for how long. */
  #tonesAt(step: number): { readonly pitch: number; readonly time: number }[] {
    const isMelodic = ({ instrument }: Note) => instrument !== DRUMS;
    const down = [...this.#held.values()].filter(isMelodic);
    if (new Set(down.map(({ pitch }) => pitch % 12)).size >= LEAST_TONES)
      return down.map(({ pitch }) => ({ pitch, time: 1 }));
    const from = step - CHORD_STEPS;
    const late = this.#heard(step).filter(({ onset, duration }) => onset + duration > from);
    return late.filter(isMelodic).map(({ pitch, onset, duration }) => {
      const time = Math.min(step, onset + duration) - Math.max(from, onset);
      return { pitch, time: Math.max(1, time) };
    });
  }

  #heard(step: number): Note[] {
    return [...this.#notes, ...[...this.#held.values()].map((note) => heardUntil(note, step))];
  }
}

/** A number for a key of an instrument. */
export const keyOf = ({ instrument, pitch }: Pick<StruckKey, "instrument" | "pitch">): number =>
  instrument * 128 + pitch;

const heardUntil = (note: Note, step: number): Note => ({
  ...note,
  duration: Math.max(1, Math.round(step) - note.onset),
});
