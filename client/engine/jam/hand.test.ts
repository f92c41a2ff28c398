import { describe, expect, it } from "vitest";
import { Hand } from "./hand.ts";

const key = (pitch: number, instrument = 0) => ({ instrument, pitch, velocity: 80 });

describe("the hand", () => {
  it("puts a key on the nearest step and lets it last as long as it was held", () => {
    const hand = new Hand();
    expect(hand.press(key(60), 7.6)).toMatchObject({ onset: 8, duration: 1 });
    expect(hand.playedUntil(12.2)?.notes).toMatchObject([{ onset: 8, duration: 4 }]);
    expect(hand.release(key(60), 20.4)).toMatchObject({ onset: 8, duration: 12 });
    expect(hand.release(key(60), 21)).toBeUndefined();
    expect(hand.playedUntil(40)?.notes).toMatchObject([{ onset: 8, duration: 12 }]);
  });

  it("lets go a key that is struck again, and all of them", () => {
    const hand = new Hand();
    hand.press(key(60), 0);
    hand.press(key(60), 8);
    hand.press(key(64), 8);
    expect(hand.releaseAll(16)).toMatchObject([{ onset: 8 }, { onset: 8 }]);
    expect(hand.playedUntil(16)?.notes.map(({ duration }) => duration)).toEqual([8, 8, 8]);
  });

  it("forgets what is long past", () => {
    const hand = new Hand();
    expect(hand.playedUntil(5)).toBeUndefined();
    for (let step = 0; step < 4000; step += 8) {
      hand.press(key(60), step);
      hand.release(key(60), step + 4);
    }
    expect(hand.playedUntil(4000)?.notes.length).toBeLessThan(40);
    hand.clear();
    expect(hand.playedUntil(4000)).toBeUndefined();
  });

  it("hears the chord that its notes make, held or just let go, and none in one note or the drums", () => {
    const hand = new Hand();
    for (const pitch of [57, 60, 64]) hand.press(key(pitch), 0);
    expect(hand.chordAt(4)).toEqual({ root: 9, quality: "minor" });
    hand.releaseAll(8);
    expect(hand.chordAt(12)).toEqual({ root: 9, quality: "minor" });
    // What is held now counts, and not what was held until now.
    for (const pitch of [53, 57, 60]) hand.press(key(pitch), 13);
    expect(hand.chordAt(13)).toEqual({ root: 5, quality: "major" });
    hand.releaseAll(14);
    expect(hand.chordAt(34)).toBeUndefined();
    hand.press(key(60), 40);
    for (const pitch of [36, 38, 43]) hand.press(key(pitch, 9), 40);
    expect(hand.chordAt(44)).toBeUndefined();
  });
});
