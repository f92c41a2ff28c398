/**
 * What a MIDI file says of its chart, as programs for notation and production read it: sections are markers, chords are
 * text at each change.
 */
import { halfOf, type MetreMap } from "#music/metre.ts";
import type { MidiText } from "#music/midi/midi-writer.ts";
import type { ChartBar } from "./chart.ts";
import { chordName } from "./chord-names.ts";

/** Ascending by step. @param begins whether a section begins with a bar although the one before bears its name */
export function chartTexts(
  bars: readonly Partial<ChartBar>[],
  metres: MetreMap,
  begins: (bar: number) => boolean = () => false,
): MidiText[] {
  const texts: MidiText[] = [];
  let section: string | undefined;
  let chord: string | undefined;
  for (const [index, bar] of bars.entries()) {
    const place = metres.bar(index);
    if (bar.section !== undefined && (bar.section !== section || begins(index)))
      texts.push({ kind: "marker", step: place.start, text: bar.section });
    section = bar.section;
    for (const [half, written] of (bar.chords ?? []).entries()) {
      const name = written === undefined ? undefined : chordName(written);
      const step = half === 0 ? place.start : place.start + halfOf(place);
      if (name !== undefined && name !== chord) texts.push({ kind: "text", step, text: name });
      chord = name;
    }
  }
  return texts;
}
