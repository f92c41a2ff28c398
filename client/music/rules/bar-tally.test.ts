/** What a bar's chart still asks for, of notes struck by hand. */
import { describe, expect, it } from "vitest";
import { type ChartBar, OPEN_BAR } from "#music/chart/chart.ts";
import { levelOf } from "#music/chart/describe.ts";
import { DRUMS, INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import { BarTally } from "./bar-tally.ts";

const PIANO = 0;
const VIOLIN = 3;
const BAR = 32;

const chartOf = (bar: Partial<ChartBar>) => ({
  metres: new MetreMap(),
  bar: () => ({ ...OPEN_BAR, ...bar }),
});

const tallyOf = (bar: Partial<ChartBar>, varied = false) => new BarTally(chartOf(bar), varied);

const players = (...who: readonly number[]) =>
  INSTRUMENTS.map((_, instrument) => who.includes(instrument));

/** What is left of all notes at `onset`, as [instrument, pitch]. */
function left(tally: BarTally, onset: number): (readonly [number, number])[] {
  const allowed = new Uint8Array(INSTRUMENTS.length * 128).fill(1);
  tally.narrow(allowed, onset);
  return [...allowed.entries()]
    .filter(([, may]) => may === 1)
    .map(([note]) => [note >> 7, note & 127] as const);
}

const playersLeft = (tally: BarTally, onset: number): number[] => [
  ...new Set(left(tally, onset).map(([instrument]) => instrument)),
];

const pitchesLeft = (tally: BarTally, onset: number, who: number): number[] =>
  left(tally, onset).flatMap(([instrument, pitch]) => (instrument === who ? [pitch] : []));

describe("a bar's tally", () => {
  it("lets everything through where the chart is open", () => {
    const tally = tallyOf({});
    for (let step = 0; step < 30; step++) tally.push(PIANO, 60, step);
    expect(left(tally, 30)).toHaveLength(INSTRUMENTS.length * 128);
    expect(tally.behind).toEqual({ drums: false, melody: false });
    const open = new BarTally({ ...chartOf({}), isOpen: true }, true);
    expect(open.changesAfter(3)).toBe(Number.POSITIVE_INFINITY);
    for (let step = 0; step < 9; step++) open.push(PIANO, 60, step);
    expect(open.changesAfter(9)).toBe(BAR);
  });

  it("lets no more melody through than its density says, until the next bar", () => {
    const tally = tallyOf({ density: 2 });
    for (const step of [0, 4, 8]) {
      expect(playersLeft(tally, step)).toContain(VIOLIN);
      tally.push(PIANO, 60, step);
    }
    expect(playersLeft(tally, 9)).toEqual([DRUMS]);
    expect(playersLeft(tally, BAR)).toContain(PIANO);
  });

  it("holds a bar to no level whose end no time token reaches", () => {
    const metres = MetreMap.of({ numerator: 127, denominator: 4 });
    const chart = { metres, bar: () => ({ ...OPEN_BAR, density: 1, drumDensity: 0 }) };
    const tally = new BarTally(chart, false);
    for (let step = 0; step < 60; step++) tally.push(PIANO, 60, step);
    expect(playersLeft(tally, 60)).toHaveLength(INSTRUMENTS.length);
  });

  it("lets no more strokes through than its density of drums says", () => {
    const tally = tallyOf({ drumDensity: 1 });
    tally.push(DRUMS, 36, 0);
    expect(playersLeft(tally, 1)).toEqual(LEAD_INSTRUMENTS);
    expect(playersLeft(tally, BAR)).toContain(DRUMS);
  });

  it("spreads them over the bar", () => {
    const tally = tallyOf({ density: 4 });
    for (let step = 0; step < 5; step++) {
      expect(playersLeft(tally, step)).toContain(PIANO);
      tally.push(PIANO, 60, step);
    }
    expect(playersLeft(tally, 7)).toEqual([DRUMS]);
    expect(playersLeft(tally, 8)).toContain(PIANO);
    for (let step = 8; step < 10; step++) tally.push(PIANO, 60, step);
    expect(playersLeft(tally, 15)).toEqual([DRUMS]);
    expect(playersLeft(tally, 16)).toContain(PIANO);
  });

  it("gives phrases of four bars different numbers of notes, all of their level", () => {
    const most = (bar: number) => {
      const tally = tallyOf({ density: 5 });
      let count = 0;
      for (let step = 0; step < BAR; step++) {
        if (!playersLeft(tally, bar * BAR + step).includes(PIANO)) continue;
        tally.push(PIANO, 60 + (step % 12), bar * BAR + step);
        count++;
      }
      return count;
    };
    const counts = Array.from({ length: 32 }, (_, bar) => most(bar));
    for (const [bar, count] of counts.entries()) {
      expect(levelOf(count)).toBe(5);
      expect(count).toBe(counts[bar - (bar % 4)]);
    }
    expect(new Set(counts).size).toBeGreaterThan(4);
  });

  it("says who is behind, of both the one that lacks more", () => {
    const tally = tallyOf({ density: 5, drumDensity: 5 });
    for (let step = 0; step < 16; step++) tally.push(DRUMS, 36, step);
    expect(tally.behind).toEqual({ drums: false, melody: true });
    const other = tallyOf({ density: 5, drumDensity: 5 });
    for (let step = 0; step < 16; step++) other.push(PIANO, 60, step);
    expect(other.behind).toEqual({ drums: true, melody: false });
    expect(tallyOf({ density: 5 }).behind.melody).toBe(false);
  });

  it("hears in a bar's second half who has not played in the first", () => {
    const tally = tallyOf({ players: players(PIANO, VIOLIN, DRUMS) });
    tally.push(PIANO, 60, 0);
    expect(playersLeft(tally, 15)).toHaveLength(INSTRUMENTS.length);
    expect(playersLeft(tally, 16)).toEqual([VIOLIN, DRUMS]);
    tally.push(DRUMS, 36, 16);
    tally.push(VIOLIN, 60, 16);
    expect(playersLeft(tally, 17)).toHaveLength(INSTRUMENTS.length);
  });

  it("takes another pitch where nine notes stand on three, if it is to", () => {
    const strike = (tally: BarTally) => {
      for (let step = 0; step < 9; step++) tally.push(PIANO, 60 + (step % 3), step);
      return pitchesLeft(tally, 9, VIOLIN);
    };
    expect(strike(tallyOf({}, true))).not.toContain(61);
    expect(strike(tallyOf({}, true))).toContain(63);
    expect(strike(tallyOf({}))).toContain(61);
    const tally = tallyOf({}, true);
    strike(tally);
    tally.push(VIOLIN, 70, 9);
    expect(pitchesLeft(tally, 10, PIANO)).toContain(61);
  });

  it("leaves the leader above the others", () => {
    const tally = tallyOf({ leader: VIOLIN, players: players(PIANO, VIOLIN) });
    for (const pitch of [72, 76]) tally.push(VIOLIN, pitch, pitch - 72);
    for (const pitch of [60, 62, 64, 79]) tally.push(PIANO, pitch, pitch - 50);
    // In the bar in which they are heard nothing follows yet.
    expect(pitchesLeft(tally, 31, PIANO)).toContain(100);
    tally.push(VIOLIN, 74, BAR);
    expect(Math.max(...pitchesLeft(tally, BAR + 1, PIANO))).toBe(76);
    expect(Math.min(...pitchesLeft(tally, BAR + 1, VIOLIN))).toBe(62);
  });

  it("is heard by another chart, and says when it changes its mind", () => {
    const tally = tallyOf({ density: 2 });
    const before = tally.hearing;
    for (const step of [0, 4]) tally.push(PIANO, 60, step);
    expect(tally.hearing).toBe(before);
    tally.push(PIANO, 62, 8);
    expect(tally.hearing).not.toBe(before);
    expect(playersLeft(new BarTally(chartOf({ density: 1 }), false, tally), 9)).toEqual([DRUMS]);
    expect(playersLeft(new BarTally(chartOf({ density: 4 }), false, tally), 9)).toContain(PIANO);
    expect([tally.changesAfter(8), tally.changesAfter(24)]).toEqual([16, BAR]);
  });
});
