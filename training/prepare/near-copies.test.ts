/** Songs are recognised across arrangements, and pieces that merely share figures are not one song. */
import { describe, expect, it } from "vitest";
import { Random } from "#base/random.ts";
import { DRUMS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { melodicRuns } from "./melodic-runs.ts";
import { NearCopies } from "./near-copies.ts";

/** A tune of leaps and steps that differs by seed. */
function tune(seed: number, count = 300): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => 60 + random.integer(20));
}

const line = (pitches: readonly number[], place: Partial<Note> = {}, stepsEach = 4): Note[] =>
  pitches.map((pitch, i) => ({
    ...{ instrument: 0, pitch, velocity: 90, onset: i * stepsEach, duration: stepsEach },
    ...place,
  }));

function clustersOf(...pieces: (readonly Note[])[]): number[] {
  const copies = new NearCopies();
  for (const notes of pieces) copies.add(melodicRuns(canonicalNotes(notes)));
  return [...copies.clusters()];
}

describe("near copies", () => {
  it("are arrangements in another key, of other instruments, at another pace, with other parts", () => {
    const original = [...line(tune(1)), ...line(tune(2), { instrument: 2 })];
    const arranged = [
      ...line(tune(1).map((pitch) => pitch + 5)).map((note) => ({ ...note, instrument: 8 })),
      ...line(tune(3), { instrument: 1 }),
      ...line(tune(4), { instrument: DRUMS }),
    ];
    const slow = line(
      tune(1).flatMap((pitch) => [pitch, pitch]),
      { instrument: 3 },
      9,
    );
    expect(clustersOf(original, arranged, line(tune(5)), slow)).toEqual([0, 0, 2, 0]);
  });

  it("are excerpts and medleys", () => {
    const medley = [...tune(1, 150), ...tune(2, 150)];
    expect(clustersOf(line(tune(1)), line(tune(2)), line(medley))).toEqual([0, 0, 0]);
    expect(clustersOf(line(tune(9)), line(tune(9).slice(100, 200)))).toEqual([0, 0]);
  });

  it("are not pieces that share drums, scales, trills, broken chords or a short quotation", () => {
    const figures = [
      ...Array.from({ length: 60 }, (_, i) => 60 + (i % 12)), // a chromatic scale, again and again
      ...Array.from({ length: 60 }, (_, i) => 60 + (i % 2)),
      ...Array.from({ length: 60 }, (_, i) => 60 + [0, 4, 7, 12][i % 4]),
    ];
    const drums = line(tune(7), { instrument: DRUMS });
    const piece = (seed: number) => line([...tune(seed), ...figures, ...tune(6, 16)]);
    expect(clustersOf([...piece(1), ...drums], [...piece(2), ...drums])).toEqual([0, 1]);
  });

  it("are not joined by a run that very many pieces have", () => {
    const stock = tune(1, 80);
    const pieces = Array.from({ length: 60 }, (_, i) => line([...tune(100 + i), ...stock]));
    expect(clustersOf(...pieces)).toEqual(pieces.map((_, i) => i));
    expect(clustersOf(...pieces.slice(0, 3))).toEqual([0, 0, 0]);
  });

  it("are found the same in any number of pieces without a run", () => {
    expect(clustersOf([], line(tune(1)), [], line(tune(1)))).toEqual([0, 1, 2, 1]);
  });
});
