/**
 * Whether form is heard: how alike the bars of a section that returns are to those of its first time, beside bars at the
 * same place of other sections; and of music whose sections nobody knows, how many bars were heard before.
 */
import { jaccard } from "#base/jaccard.ts";
import { type PlacedPart, sectionsBefore } from "#music/chart/form.ts";
import { DRUMS } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { struckBars } from "#music/struck-bars.ts";

/** Measures of one piece; likenesses are means over bars, 0-1 each, undefined where there are no such bars. */
export interface FormMeasures {
  readonly sections: number;
  /** Of the sections those of a label that was there before. */
  readonly returning: number;
  /** Of a bar that returns to that of its first time, in onsets and pitch classes of the melody. */
  readonly returned: number | undefined;
  /** The same to a bar at that place of a section of another label. */
  readonly elsewhere: number | undefined;
  /** Share of bars that were heard before, see `heardBefore`. */
  readonly heardBefore: number | undefined;
}

/** Bars from which on it is asked what came before, how far back that is at least, and notes of a bar that count. */
const ASKED_FROM = 32;
const LEAST_BACK = 8;
const LEAST_NOTES = 4;

/** How alike two bars are that are the same to the ear. */
const SAME = 0.6;

/**
 * Share of the bars from the thirty-third on that have most of their melodic notes (place, instrument, pitch) in common with
 * one eight or more bars before; undefined where there are none.
 */
export function heardBefore(
  notes: readonly Note[],
  metres: MetreMap,
  bars: number,
): number | undefined {
  const melody = struckBars(notes, metres, 0, bars);
  const asked = [...melody.keys()].filter(
    (bar) => bar >= ASKED_FROM && melody[bar].size >= LEAST_NOTES,
  );
  const heard = asked.filter((bar) =>
    melody
      .slice(0, bar - LEAST_BACK + 1)
      .some((earlier) => (jaccard(earlier, melody[bar]) ?? 0) >= SAME),
  );
  return asked.length === 0 ? undefined : heard.length / asked.length;
}

/** Measures the first `bars` bars. @param sectionAt the section of a bar, where one is known */
export function formMeasures(
  notes: readonly Note[],
  metres: MetreMap,
  bars: number,
  sectionAt: (bar: number) => PlacedPart | undefined,
): FormMeasures {
  const struck = Array.from({ length: bars }, () => new Set<number>());
  for (const { onset, instrument, pitch } of notes) {
    const { index, start } = metres.barAt(onset);
    if (instrument !== DRUMS) struck[index]?.add((onset - start) * 12 + (pitch % 12));
  }
  const sections = [...sectionsBefore(bars, sectionAt)];
  const returned: number[] = [];
  const elsewhere: number[] = [];
  for (const [at, section] of sections.entries()) {
    const earlier = sections.slice(0, at);
    const first = earlier.find(({ label }) => label === section.label);
    const other = earlier.findLast(({ label }) => label !== section.label);
    for (let place = 0; place < section.bars && section.first + place < bars; place++) {
      const own = struck[section.first + place];
      if (first !== undefined && place < first.bars)
        returned.push(jaccard(own, struck[first.first + place]) ?? 1);
      if (other !== undefined && place < other.bars)
        elsewhere.push(jaccard(own, struck[other.first + place]) ?? 1);
    }
  }
  const labels = new Set(sections.map(({ label }) => label));
  return {
    sections: sections.length,
    returning: sections.length - labels.size,
    returned: mean(returned),
    elsewhere: mean(elsewhere),
    heardBefore: heardBefore(notes, metres, bars),
  };
}

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
