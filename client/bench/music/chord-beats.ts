/** What a chord lock promises: melodic notes are tones of the chord on every beat on which they sound. */
import type { ChartBar } from "#music/chart/chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { beatsOf, type MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { chordTones } from "#music/rules/chart-rules.ts";

/** Share 0-1 of the beats of its own bar on which each note begins or sounds; undefined where there are none under a chord. */
export function tonesOnBeats(
  notes: readonly Note[],
  metres: MetreMap,
  bars: readonly ChartBar[],
): number | undefined {
  let [beats, fits] = [0, 0];
  for (const { instrument, pitch, onset, duration } of notes) {
    if (instrument === DRUMS) continue;
    const { index, start, steps, metre } = metres.barAt(onset);
    for (const at of beatsOf(metre)) {
      const step = start + at;
      if (step < onset || step >= Math.min(onset + duration, start + steps)) continue;
      const chord = bars[index]?.chords[metres.halfAt(step).half];
      if (chord === undefined || chord === "none") continue;
      beats++;
      if (chordTones(chord).includes(pitch % 12)) fits++;
    }
  }
  return beats === 0 ? undefined : fits / beats;
}
