/**
 * Rests that no time token can say, shortened: whole bars are taken out of them, metres and all, so that the sums of
 * time tokens stay true to the bars. Where a rest holds no whole bar to take out, its last bar is cut short.
 */
import { MetreMap, type MetrePoint } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { MAX_DELTA } from "./vocabulary.ts";

/** Notes with the metres they are written in. */
export interface Measured {
  readonly notes: readonly Note[];
  readonly metres: MetreMap;
}

/** Steps [from, to) taken out; the bars that hold after them begin at `resume`, at `to` or later. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly resume: number;
}

/**
 * Canonical notes of which none begins more than 255 steps after the one before it (the first: after step 0), and
 * their metres. Notes that sound through what is taken out are shortened by it.
 */
export function shortenRests({ notes, metres }: Measured): Measured {
  const cuts: Cut[] = [];
  let previous = 0;
  for (const { onset } of notes) {
    if (onset - previous > MAX_DELTA) cuts.push(cutOf(metres, previous, onset));
    previous = onset;
  }
  if (cuts.length === 0) return { notes, metres };
  const moved = movedBy(cuts);
  return {
    notes: notes.map((note) => {
      const onset = moved(note.onset);
      const duration = Math.max(1, moved(note.onset + note.duration) - onset);
      return { ...note, onset, duration };
    }),
    metres: metresAfter(metres, cuts, moved),
  };
}

/** What is taken out of the rest before `onset`: as few whole bars as are enough, or all that is too long. */
function cutOf(metres: MetreMap, previous: number, onset: number): Cut {
  const first = metres.barAt(previous).index + 1;
  const last = metres.barAt(onset);
  const from = metres.bar(first).start;
  const excess = onset - previous - MAX_DELTA;
  let low = first;
  let high = last.index;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (metres.bar(middle).start - from < excess) low = middle + 1;
    else high = middle;
  }
  const to = metres.bar(low).start;
  if (to - from >= excess) return { from, to, resume: to };
  const resume = onset === last.start ? onset : last.start + last.steps;
  return { from: previous + MAX_DELTA, to: onset, resume };
}

/** Where a step lies once `cuts`, ascending, are taken out. Steps inside one lie where it was. */
function movedBy(cuts: readonly Cut[]): (step: number) => number {
  const before = [0];
  for (const { from, to } of cuts) before.push(before[before.length - 1] + to - from);
  return (step) => {
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle].from < step) low = middle + 1;
      else high = middle;
    }
    const inside = low === 0 ? 0 : Math.max(0, cuts[low - 1].to - step);
    return step - before[low] + inside;
  };
}

function metresAfter(
  metres: MetreMap,
  cuts: readonly Cut[],
  moved: (step: number) => number,
): MetreMap {
  const before = metres.points;
  const points: MetrePoint[] = [];
  let next = 0;
  for (const { from, resume } of cuts) {
    while (next < before.length && before[next].step <= from) points.push(before[next++]);
    while (next < before.length && before[next].step <= resume) next++;
    points.push({ step: resume, metre: metres.barAt(resume).metre });
  }
  points.push(...before.slice(next));
  return new MetreMap(points.map(({ step, metre }) => ({ step: moved(step), metre })));
}
