/** What the melody strikes in each bar, to tell how alike bars are. */
import { DRUMS } from "#music/instrument.ts";
import type { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";

/** Of each of the bars [first, end) its melodic notes by place, instrument and pitch, a number each. @param notes in any order */
export function struckBars(
  notes: readonly Note[],
  metres: MetreMap,
  first: number,
  end: number,
): Set<number>[] {
  const bars = Array.from({ length: end - first }, () => new Set<number>());
  for (const { onset, instrument, pitch } of notes) {
    if (instrument === DRUMS) continue;
    const { index, start } = metres.barAt(onset);
    bars[index - first]?.add((onset - start) * 2048 + instrument * 128 + pitch);
  }
  return bars;
}

/** Bits of which pitch a strike of a bar is on: 0 where all are on one, log2 of n where n pitches share them evenly. */
export function pitchEntropy(struck: ReadonlySet<number>): number {
  const counts = new Map<number, number>();
  for (const note of struck) counts.set(note % 128, (counts.get(note % 128) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / struck.size;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** Instruments that a bar strikes. */
export const instrumentsIn = (struck: ReadonlySet<number>): Set<number> =>
  new Set([...struck].map((note) => Math.floor((note % 2048) / 128)));

/** How many different pitches a bar strikes. */
export const pitchesIn = (struck: ReadonlySet<number>): number =>
  new Set([...struck].map((note) => note % 128)).size;
