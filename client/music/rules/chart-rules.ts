/** What a chart promises, as rules: who rests is not heard, and a chord may be held to. */

import { type ChartBars, type Chord, OPEN_BAR, type Quality } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { type Key, pitchClassesOf } from "#music/key.ts";
import { beatsOf, halfOf } from "#music/metre.ts";
import { clear, type Rule } from "./rule.ts";

/** Tones of a chord, in semitones above its root. */
const TONES: Readonly<Record<Quality, readonly number[]>> = {
  major: [0, 4, 7, 11],
  minor: [0, 3, 7, 10],
  dominant: [0, 4, 7, 10],
  diminished: [0, 3, 6, 9],
  suspended: [0, 2, 5, 7],
  fifth: [0, 7],
};

/** Pitch classes 0-11 of a chord. */
export const chordTones = ({ root, quality }: Chord): readonly number[] =>
  TONES[quality].map((interval) => (root + interval) % 12);

/** Who rests in a bar is silent in it. */
export class PlayersRule implements Rule {
  readonly #chart: ChartBars;

  constructor(chart: ChartBars) {
    this.#chart = chart;
  }

  narrow(allowed: Uint8Array, onset: number): void {
    const { index } = this.#chart.metres.barAt(onset);
    const { players } = this.#chart.bar(index) ?? OPEN_BAR;
    for (const instrument of INSTRUMENTS.keys())
      if (players[instrument] === false) clear(allowed, instrument);
  }

  changesAfter(onset: number): number {
    const { start, steps } = this.#chart.metres.barAt(onset);
    return start + steps;
  }
}

/**
 * How strictly melodic notes keep to the chart's chords, the loosest first. "soft": the model reads the chord and is free.
 * "beats": what begins on a beat, or sounds on into one, is a chord tone. "scale": the same, and between the beats only
 * tones of chord and scale begin. "strict": chord tones alone.
 */
export const CHORD_LOCKS = ["soft", "beats", "scale", "strict"] as const;

export type ChordLock = (typeof CHORD_LOCKS)[number];

/** Scales that go with a chord where no key is chosen, in semitones above its root. */
const CHORD_SCALES: Readonly<Record<Quality, readonly number[]>> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 9, 10],
  dominant: [0, 2, 4, 5, 7, 9, 10],
  diminished: [0, 1, 3, 5, 6, 8, 10],
  suspended: [0, 2, 4, 5, 7, 9, 10],
  fifth: [0, 2, 4, 5, 7, 9, 10],
};

/**
 * Melodic notes keep to the chord of the half bar in which they begin, where there is one, and do not sound on into a
 * chord or a beat to which they would be foreign.
 */
export class ChordRule implements Rule {
  readonly #chart: ChartBars;
  readonly #lock: ChordLock;
  readonly #key: Key | undefined;

  /** @param key its tones pass between the beats under "scale"; those of a scale of the chord where undefined */
  constructor(chart: ChartBars, lock: ChordLock, key: Key | undefined) {
    this.#chart = chart;
    this.#lock = lock;
    this.#key = key;
  }

  narrow(allowed: Uint8Array, onset: number): void {
    const { chord, onBeat } = this.#at(onset);
    if (chord === undefined) return;
    if (onBeat || this.#lock === "strict") keepTones(allowed, chordTones(chord));
    else if (this.#lock === "scale")
      keepTones(allowed, [...chordTones(chord), ...this.#passing(chord)]);
  }

  hold(allowed: Uint8Array, step: number): void {
    const { chord, onBeat } = this.#at(step);
    if (chord !== undefined && (onBeat || this.#lock === "strict"))
      keepTones(allowed, chordTones(chord));
  }

  changesAfter(onset: number): number {
    if (this.#lock === "soft") return Number.POSITIVE_INFINITY;
    const bar = this.#chart.metres.barAt(onset);
    const phase = onset - bar.start;
    const places = [halfOf(bar), bar.steps];
    // On a beat and past it are two places for the looser locks.
    if (this.#lock !== "strict") for (const beat of beatsOf(bar.metre)) places.push(beat, beat + 1);
    return bar.start + Math.min(...places.filter((place) => place > phase));
  }

  #at(step: number): { readonly chord: Chord | undefined; readonly onBeat: boolean } {
    const { bar, half } = this.#chart.metres.halfAt(step);
    const chord = (this.#chart.bar(bar.index) ?? OPEN_BAR).chords[half];
    const held = this.#lock !== "soft" && chord !== "none";
    const onBeat = beatsOf(bar.metre).includes(step - bar.start);
    return { chord: held ? chord : undefined, onBeat };
  }

  #passing({ root, quality }: Chord): readonly number[] {
    const key = this.#key;
    if (key !== undefined) return pitchClassesOf(key);
    return CHORD_SCALES[quality].map((interval) => (root + interval) % 12);
  }
}

/** Clears the melodic notes of all but some pitch classes. */
export function keepTones(allowed: Uint8Array, tones: readonly number[]): void {
  const bits = tones.reduce((kept, tone) => kept | (1 << tone), 0);
  for (let note = 0; note < allowed.length; note++)
    if (note >> 7 !== DRUMS && ((bits >> ((note & 127) % 12)) & 1) === 0) allowed[note] = 0;
}
