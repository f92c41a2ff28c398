/** Clusters go to one split whole, and held-out songs stand there once. */
import { describe, expect, it } from "vitest";
import { placeInSplits } from "./splits.ts";

/** A piece whose hash has a value 0-99. */
const piece = (value: number, learned = false) => ({
  hash: value.toString(16).padStart(8, "0"),
  learned,
});

const placed = (pieces: readonly ReturnType<typeof piece>[], clusters: readonly number[]) =>
  placeInSplits(pieces, clusters).places.map(({ split, fresh }) => [split, fresh]);

describe("placeInSplits", () => {
  it("goes by the hash where a song has one piece", () => {
    const values = [0, 1, 2, 3, 4, 99];
    expect(
      placed(
        values.map((value) => piece(value)),
        [0, 1, 2, 3, 4, 5],
      ),
    ).toEqual([
      ["validation", true],
      ["validation", true],
      ["test", true],
      ["test", true],
      ["train", true],
      ["train", true],
    ]);
  });

  it("sends a cluster where its lowest goes, and keeps that one alone where it is held out", () => {
    const pieces = [piece(50), piece(3), piece(2), piece(60), piece(70), piece(3)];
    expect(placed(pieces, [0, 0, 0, 3, 3, 0])).toEqual([
      [undefined, true],
      [undefined, true],
      ["test", true],
      ["train", true],
      ["train", true],
      [undefined, true],
    ]);
  });

  it("calls a song fresh of which nothing was learned", () => {
    const pieces = [piece(1), piece(50, true), piece(3), piece(60), piece(0, true)];
    const { places, counts } = placeInSplits(pieces, [0, 0, 2, 2, 4]);
    expect(places.map(({ split, fresh }) => [split, fresh])).toEqual([
      ["validation", false],
      [undefined, false],
      ["test", true],
      [undefined, true],
      ["validation", false],
    ]);
    expect(counts).toEqual({ clusters: 2, pieces: 4, largest: 2, heldOut: 3, fresh: 1 });
  });
});
