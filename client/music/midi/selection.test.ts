/** Every cause of refusal at its border, and the piece that is learned from what is kept. */
import { describe, expect, it } from "vitest";
import { DRUM_CHANNEL } from "#music/instrument.ts";
import { MetreMap, metreName, parseMetre } from "#music/metre.ts";
import { type Part, type SongSettings, songOf } from "#music/testing/songs.ts";
import { arrange } from "./arrangement.ts";
import { FEWEST_NOTES, FEWEST_ONSETS, judge, trainingPiece, UNCLEAR_SHARE } from "./selection.ts";

const VIOLIN = 40;
const EFFECT = 127;

/** Notes of one program, 200 where no count is given. */
const part = (program: number | undefined, count = 200, channel = 0): Part => ({
  channel,
  programs: new Array(count).fill(program),
});

const judged = (parts: readonly Part[], settings?: SongSettings) =>
  judge(arrange(songOf(parts, settings)));

/** Chords of a song: so many notes at one onset. */
const chords = (size: number) => (index: number) => ({ at: Math.floor(index / size), length: 1 });

describe("judge", () => {
  it("keeps a plain piece, also one that names no program at all", () => {
    expect(judged([part(VIOLIN)])).toBeUndefined();
    expect(judged([part(undefined)])).toBeUndefined();
  });

  it("refuses notes before a program where the file names others, from a share on", () => {
    const unclear = (count: number) => judged([part(undefined, count), part(VIOLIN, 1000, 1)]);
    const border = Math.floor((1000 * UNCLEAR_SHARE) / (1 - UNCLEAR_SHARE));
    expect(unclear(border)).toBeUndefined();
    expect(unclear(border + 1)).toBe("unclear-instruments");
    // One track that names its program late.
    const late = { programs: [...part(undefined, 50).programs, ...part(VIOLIN, 150).programs] };
    expect(judged([late])).toBe("unclear-instruments");
  });

  it("refuses a file of nothing but programs that are no instrument", () => {
    expect(judged([part(EFFECT)])).toBe("unclear-instruments");
    expect(judged([part(EFFECT), part(VIOLIN, 200, 1)])).toBeUndefined();
  });

  it("refuses what is too short, dropped notes not counted", () => {
    expect(judged([part(VIOLIN, FEWEST_NOTES)])).toBeUndefined();
    expect(judged([part(VIOLIN, FEWEST_NOTES - 1)])).toBe("too-short");
    expect(judged([part(VIOLIN, FEWEST_NOTES - 1), part(EFFECT, 200, 1)])).toBe("too-short");
    expect(judged([])).toBe("too-short");
  });

  it("refuses drums by themselves", () => {
    const drums = part(undefined, 200, DRUM_CHANNEL);
    expect(judged([drums])).toBe("no-melody");
    expect(judged([drums, part(VIOLIN)])).toBeUndefined();
  });

  it("refuses one endless chord, whatever the drums do", () => {
    const place = chords(40);
    const drums: Part = { ...part(undefined, 2000, DRUM_CHANNEL), pitch: (i) => 27 + (i % 40) };
    const song = (onsets: number): Part => ({ ...part(VIOLIN, 40 * onsets), pitch: (i) => i % 40 });
    expect(judged([song(FEWEST_ONSETS)], { place })).toBeUndefined();
    expect(judged([song(FEWEST_ONSETS - 1)], { place })).toBe("one-chord");
    expect(judged([song(FEWEST_ONSETS - 1), drums], { place })).toBe("one-chord");
  });
});

describe("trainingPiece", () => {
  it("begins in the first bar at the same place of it", () => {
    const place = (index: number) => ({ at: 4 * 7 + 2 + index / 2, length: 0.5 });
    const piece = trainingPiece(arrange(songOf([part(VIOLIN)], { place })));
    expect(piece.notes[0].onset).toBe(2 * 8);
    expect(piece.notes).toHaveLength(200);
  });

  it("announces the outro two bars before the last onset, never before the first note", () => {
    const piece = trainingPiece(arrange(songOf([part(VIOLIN)])));
    const last = piece.notes[piece.notes.length - 1].onset;
    expect(piece.notes[piece.outroAt ?? 0].onset).toBe(last - 2 * 32);
    const waltz = { ...arrange(songOf([part(VIOLIN)])), metres: MetreMap.of(parseMetre("3/4")) };
    const { notes, outroAt } = trainingPiece(waltz);
    expect(notes[outroAt ?? 0].onset).toBe(last - 2 * 24);
    const short = songOf([part(VIOLIN, 120)], { place: (i) => ({ at: i / 16, length: 0.1 }) });
    expect(trainingPiece(arrange(short)).outroAt).toBeUndefined();
  });

  it("is led by who holds most of the skyline, not by who begins", () => {
    const drums = part(undefined, 200, DRUM_CHANNEL);
    const below: Part = { ...part(73, 200, 1), pitch: () => 50 };
    const above: Part = { ...part(73, 200, 1), pitch: () => 90 };
    const lead = (flute: Part) => trainingPiece(arrange(songOf([drums, part(VIOLIN), flute])));
    expect(lead(below)).toMatchObject({ lead: 3, drums: true });
    expect(lead(above)).toMatchObject({ lead: 8, drums: true });
  });

  it("takes the metres of the file along", () => {
    const meters = [
      { tick: 0, numerator: 3, denominator: 4 },
      { tick: 480 * 9, numerator: 4, denominator: 4 },
      { tick: 480 * 17, numerator: 5, denominator: 4 },
      { tick: 480 * 17, numerator: 6, denominator: 8 },
    ];
    const place = (index: number) => ({ at: 7 + index / 2, length: 0.5 });
    const song = { ...songOf([part(VIOLIN)], { place }), meters };
    const { metres, notes } = trainingPiece(arrange(song));
    expect(notes[0].onset).toBe(8); // the second beat of the third bar
    expect(metres.points.map(({ step, metre }) => [step, metreName(metre)])).toEqual([
      [0, "3/4"],
      [24, "4/4"],
      [24 + 64, "6/8"],
    ]);
  });

  it("shortens rests that no time token can say by whole bars", () => {
    const place = (index: number) => ({ at: index / 2 + (index < 50 ? 0 : 80), length: 0.5 });
    const { notes } = trainingPiece(arrange(songOf([part(VIOLIN)], { place })));
    expect(notes[50].onset - notes[49].onset).toBe(4 + 640 - 13 * 32);
  });
});
