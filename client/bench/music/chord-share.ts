/** How far melodic notes keep to the chords of a chart: the share of their sounding time in chord tones. */
import type { ChartBar } from "#music/chart/chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { beatsOf, type MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { chordTones } from "#music/rules/chart-rules.ts";

/** Shares 0-1 of melodic sounding time; undefined where none sounds under a chord. */
export interface ChordShare {
  /** Within the strong beats, the first of each half bar, from one beat to the next. */
  readonly strong: number | undefined;
  /** Everywhere. */
  readonly all: number | undefined;
}

/** Notes held against the chords of `bars`; halves without a chord do not count. */
export function chordShare(
  notes: readonly Note[],
  metres: MetreMap,
  bars: readonly ChartBar[],
): ChordShare {
  const tally = { strong: [0, 0], all: [0, 0] };
  for (const { instrument, pitch, onset, duration } of notes) {
    if (instrument === DRUMS) continue;
    for (let step = onset; step < onset + duration; step++) {
      const { bar, half, start } = metres.halfAt(step);
      const phase = step - bar.start;
      const chord = bars[bar.index]?.chords[half];
      if (chord === undefined || chord === "none") continue;
      const fits = chordTones(chord).includes(pitch % 12) ? 1 : 0;
      const beat = beatsOf(bar.metre).find((at) => bar.start + at > start) ?? bar.steps;
      for (const part of phase < beat ? [tally.strong, tally.all] : [tally.all]) {
        part[0] += fits;
        part[1]++;
      }
    }
  }
  const share = ([fits, all]: number[]) => (all === 0 ? undefined : fits / all);
  return { strong: share(tally.strong), all: share(tally.all) };
}
