/** Which instrument each note of a track gets, note by note, on hand-made songs. */
import { describe, expect, it } from "vitest";
import { DRUM_CHANNEL, DRUMS, instrumentByName } from "#music/instrument.ts";
import { type Part, songOf } from "#music/testing/songs.ts";
import { arrange } from "./arrangement.ts";

const instrument = (name: string): number => instrumentByName(name) ?? Number.NaN;
const [PIANO, VIOLIN, CELLO, FLUTE] = ["Piano", "Violin", "Cello", "Flute"].map(instrument);

/** Instruments of the notes of a song, in order of their onsets. */
const instrumentsOf = (parts: readonly Part[]) =>
  arrange(songOf(parts)).notes.map((note) => note.instrument);

/** How many notes each instrument got. */
function sharesOf(parts: readonly Part[]): Record<number, number> {
  const shares: Record<number, number> = {};
  for (const id of instrumentsOf(parts)) shares[id] = (shares[id] ?? 0) + 1;
  return shares;
}

const programs = (...runs: readonly (readonly [program: number | undefined, count: number])[]) =>
  runs.flatMap(([program, count]) => new Array<number | undefined>(count).fill(program));

describe("arrange", () => {
  it("gives a track to the class that holds most of its notes", () => {
    expect(sharesOf([{ programs: programs([40, 95], [73, 5]) }])).toEqual({ [VIOLIN]: 100 });
    expect(sharesOf([{ programs: programs([73, 5], [40, 95]) }])).toEqual({ [VIOLIN]: 100 });
  });

  it("counts programs of one class together", () => {
    // Strings (48) and violin (40) together outweigh the flute, and it is under a tenth.
    expect(sharesOf([{ programs: programs([48, 46], [40, 45], [73, 9]) }])).toEqual({
      [VIOLIN]: 100,
    });
  });

  it("splits a track that truly changes, from a tenth of its notes on", () => {
    expect(sharesOf([{ programs: programs([40, 91], [73, 9]) }])).toEqual({ [VIOLIN]: 100 });
    expect(sharesOf([{ programs: programs([40, 90], [73, 10]) }])).toEqual({
      [VIOLIN]: 90,
      [FLUTE]: 10,
    });
    expect(instrumentsOf([{ programs: programs([40, 2], [73, 2], [40, 1]) }])).toEqual([
      VIOLIN,
      VIOLIN,
      FLUTE,
      FLUTE,
      VIOLIN,
    ]);
  });

  it("judges channels of one track, and tracks of one channel, apart", () => {
    expect(
      sharesOf([
        { channel: 0, programs: programs([40, 10]) },
        { channel: 1, programs: programs([42, 10]) },
      ]),
    ).toEqual({ [VIOLIN]: 10, [CELLO]: 10 });
    expect(
      sharesOf([
        { track: 1, programs: programs([40, 10]) },
        { track: 2, programs: programs([42, 1]) },
      ]),
    ).toEqual({ [VIOLIN]: 10, [CELLO]: 1 });
  });

  it("keeps the drum channel drums, whatever program is named on it", () => {
    expect(
      sharesOf([{ channel: DRUM_CHANNEL, programs: programs([undefined, 4], [40, 4]) }]),
    ).toEqual({ [DRUMS]: 8 });
  });

  it("drops a track of programs that are no instrument, and counts its notes", () => {
    const song = songOf([
      { programs: programs([0, 20]) },
      { channel: 1, programs: programs([127, 5]) },
    ]);
    expect(arrange(song).counts).toMatchObject({ notes: 25, unmapped: 5, unclear: 0 });
    expect(arrange(song).notes.map((note) => note.instrument)).toEqual(new Array(20).fill(PIANO));
  });

  it("counts notes before a program as unclear only where the file names programs", () => {
    const unnamed = { programs: programs([undefined, 10]) };
    expect(arrange(songOf([unnamed])).counts.unclear).toBe(0);
    expect(sharesOf([unnamed])).toEqual({ [PIANO]: 10 });
    const named = { channel: 1, programs: programs([40, 10]) };
    expect(arrange(songOf([unnamed, named])).counts.unclear).toBe(10);
    const drums = { channel: DRUM_CHANNEL, programs: programs([40, 10]) };
    expect(arrange(songOf([unnamed, drums])).counts.unclear).toBe(0);
  });

  it("puts notes on the nearest step, at least a step long, in any division", () => {
    for (const division of [96, 120, 480, 1024]) {
      const song = songOf([{ programs: programs([0, 3]) }], {
        division,
        place: (i) => ({ at: i / 8 + 0.05, length: [0.01, 0.125, 0.8][i] }),
      });
      expect(arrange(song).notes).toMatchObject([
        { onset: 0, duration: 1 },
        { onset: 1, duration: 1 },
        { onset: 2, duration: 6 },
      ]);
    }
  });
});
