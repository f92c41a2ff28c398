/** What a chart promises, as rules: who rests is not heard, and a chord may be held to. */

import type { ChartBars } from "#music/chart/chart.ts";
import { type Chord, OPEN_BAR, type Quality } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { inKey, type Key } from "#music/key.ts";
import { beatsOf, halfOf } from "#music/metre.ts";
import type { Rule } from "./rule.ts";

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
      if (players[instrument] === false) allowed.fill(0, instrument * 128, (instrument + 1) * 128);
  }

  changesAfter(onset: number): number {
    const { start, steps } = this.#chart.metres.barAt(onset);
    return start + steps;
  }
}

/**
 * How strictly melodic notes keep to the chart's chords. "beats": chord tones on the beats, between them those and
 * the key's; "always": chord tones alone.
 */
export type ChordLock = "beats" | "always";

/** Melodic notes keep to the chord of the half bar in which they begin, where there is one. */
export class ChordRule implements Rule {
  readonly #chart: ChartBars;
  readonly #lock: ChordLock;
  readonly #key: Key | undefined;

  constructor(chart: ChartBars, lock: ChordLock, key: Key | undefined) {
    this.#chart = chart;
    this.#lock = lock;
    this.#key = key;
  }

  narrow(allowed: Uint8Array, onset: number): void {
    const bar = this.#chart.metres.barAt(onset);
    const phase = onset - bar.start;
    const chord = (this.#chart.bar(bar.index) ?? OPEN_BAR).chords[phase < halfOf(bar) ? 0 : 1];
    if (chord === undefined || chord === "none") return;
    const onBeat = beatsOf(bar.metre).includes(phase);
    if (this.#lock === "beats" && !onBeat && this.#key === undefined) return;
    const tones = chordTones(chord);
    const passing = this.#lock === "beats" && !onBeat ? this.#key : undefined;
    const may = Array.from(
      { length: 12 },
      (_, tone) => tones.includes(tone) || (passing !== undefined && inKey(passing, tone)),
    );
    for (let note = 0; note < allowed.length; note++)
      if (note >> 7 !== DRUMS && !may[(note & 127) % 12]) allowed[note] = 0;
  }

  changesAfter(onset: number): number {
    const bar = this.#chart.metres.barAt(onset);
    const phase = onset - bar.start;
    const places = [halfOf(bar), bar.steps];
    // On a beat and past it are two places for the looser lock.
    if (this.#lock === "beats") for (const beat of beatsOf(bar.metre)) places.push(beat, beat + 1);
    return bar.start + Math.min(...places.filter((place) => place > phase));
  }
}
