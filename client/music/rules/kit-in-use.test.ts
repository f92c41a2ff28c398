import { describe, expect, it } from "vitest";
import { type ChartBar, HIGHEST_NOVELTY, OPEN_BAR } from "#music/chart/chart.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { KitInUse } from "./kit-in-use.ts";

const [KICK, SNARE, HAT, CRASH, BELL] = [36, 38, 42, 49, 53];
const USUAL: ChartBar = { ...OPEN_BAR, novelty: 1 };
const FILL: ChartBar = { ...OPEN_BAR, novelty: HIGHEST_NOVELTY };

const struck = (kit: KitInUse, ...keys: readonly number[]) =>
  keys.reduce((now, key) => now.with(key), kit);

const ALL = [KICK, SNARE, HAT, CRASH, BELL];

function isLeft(kit: KitInUse, bar: ChartBar, key: number): boolean {
  const allowed = new Uint8Array(INSTRUMENTS.length * 128).fill(1);
  kit.narrow(allowed, bar);
  expect(allowed.subarray(0, DRUMS * 128).includes(0)).toBe(false);
  return allowed[DRUMS * 128 + key] === 1;
}

/** The keys that may be struck next, of those above. */
const keysLeft = (kit: KitInUse, bar: ChartBar): number[] =>
  ALL.filter((key) => isLeft(kit, bar, key));

const beaten = struck(new KitInUse(), KICK, SNARE, HAT).after(1);

describe("the kit in use", () => {
  it("is open in the first bar, after four bars of rest, and where no novelty is asked for", () => {
    expect(keysLeft(struck(new KitInUse(), KICK), USUAL)).toEqual(ALL);
    expect(keysLeft(beaten.after(3), USUAL)).toEqual([KICK, SNARE, HAT]);
    expect(keysLeft(beaten.after(4), USUAL)).toEqual(ALL);
    expect(keysLeft(beaten.after(9), USUAL)).toEqual(ALL);
    expect(keysLeft(beaten, OPEN_BAR)).toEqual(ALL);
  });

  it("keeps to itself in usual bars, and takes two keys in a fill, which stay in use", () => {
    expect(keysLeft(beaten, USUAL)).toEqual([KICK, SNARE, HAT]);
    expect(keysLeft(struck(beaten, CRASH), FILL)).toEqual(ALL);
    const filled = struck(beaten, CRASH, 57);
    expect(keysLeft(filled, FILL)).toEqual([KICK, SNARE, HAT, CRASH]);
    expect(keysLeft(filled.after(1), USUAL)).toEqual([KICK, SNARE, HAT, CRASH]);
  });

  it("takes another key in any bar while it has fewer than three", () => {
    const small = struck(new KitInUse(), KICK).after(1);
    expect(keysLeft(small, USUAL)).toEqual(ALL);
    expect(keysLeft(struck(small, HAT), USUAL)).toEqual([KICK, HAT]);
  });

  it("has no more keys in a bar than its strokes bear", () => {
    const four = struck(new KitInUse(), KICK, SNARE, HAT, CRASH);
    expect(keysLeft(four, { ...USUAL, drumDensity: 6 })).toEqual(ALL);
    expect(keysLeft(four, { ...USUAL, drumDensity: 5 })).toEqual([KICK, SNARE, HAT, CRASH]);
    expect(keysLeft(four, { ...FILL, drumDensity: 5 })).toEqual(ALL);
    expect(keysLeft(four, { ...FILL, drumDensity: 3 })).toEqual([KICK, SNARE, HAT, CRASH]);
  });

  it("leaves other keys where none in use may be struck", () => {
    const allowed = new Uint8Array(INSTRUMENTS.length * 128);
    allowed[DRUMS * 128 + BELL] = 1;
    beaten.narrow(allowed, USUAL);
    expect(allowed[DRUMS * 128 + BELL]).toBe(1);
  });

  it("says by a number when it would narrow otherwise, in the bar or the next", () => {
    const strokes = [KICK, KICK, SNARE, CRASH, 57, BELL, HAT, 44, 46, 48, 51, 59];
    for (const bar of [USUAL, FILL, { ...FILL, drumDensity: 4 }]) {
      let kit = beaten;
      for (const key of strokes) {
        if (!isLeft(kit, bar, key)) continue;
        const next = kit.with(key);
        const said = (now: KitInUse) => [keysLeft(now, bar), keysLeft(now.after(1), USUAL)];
        if (next.hearing(bar) === kit.hearing(bar)) expect(said(next)).toEqual(said(kit));
        kit = next;
      }
    }
    expect(struck(beaten, KICK).hearing(USUAL)).toBe(beaten.hearing(USUAL));
  });
});
