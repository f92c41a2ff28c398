/** Rests that tokens cannot say are shortened so that onsets keep their places in the bars. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Metre, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { shortenRests } from "./rests.ts";
import { MAX_DELTA } from "./vocabulary.ts";

const at = (onset: number, duration = 4): Note => ({
  ...{ instrument: 0, pitch: 60, velocity: 80 },
  ...{ onset, duration },
});
const metre = (numerator: number, denominator = 4): Metre => ({ numerator, denominator });
const deltas = (notes: readonly Note[]): number[] =>
  notes.map(({ onset }, i) => onset - (notes[i - 1]?.onset ?? 0));

describe("shortenRests", () => {
  it("leaves what tokens can say as it is", () => {
    const music = { notes: [at(0), at(255)], metres: new MetreMap() };
    expect(shortenRests(music)).toEqual(music);
  });

  it("takes as few whole bars out as are enough, from all that follows", () => {
    const { notes } = shortenRests({ notes: [at(4), at(300), at(310)], metres: new MetreMap() });
    expect(notes.map(({ onset }) => onset)).toEqual([4, 300 - 64, 310 - 64]);
  });

  it("takes metres along, those inside the rest and those after it", () => {
    const metres = new MetreMap([
      { step: 32, metre: metre(3) },
      { step: 32 + 240, metre: metre(5) },
      { step: 32 + 240 + 400, metre: metre(2) },
    ]);
    const onset = 32 + 240 + 40 + 3; // three steps into the second bar of five
    const music = { notes: [at(0), at(onset), at(32 + 240 + 400 + 1)], metres };
    const { notes, metres: after } = shortenRests(music);
    for (const [i, note] of notes.entries()) {
      const [was, is] = [metres.barAt(music.notes[i].onset), after.barAt(note.onset)];
      expect(note.onset - is.start).toBe(music.notes[i].onset - was.start);
      expect(is.metre).toEqual(was.metre);
    }
  });

  it("shortens what sounds through it by what is taken out", () => {
    const { notes } = shortenRests({ notes: [at(0, 400), at(320)], metres: new MetreMap() });
    expect(notes).toMatchObject([
      { onset: 0, duration: 400 - 96 },
      { onset: 320 - 96, duration: 4 },
    ]);
  });

  it("cuts a bar short where bars are longer than what a token can say", () => {
    const metres = MetreMap.of(metre(40));
    const { notes, metres: after } = shortenRests({ notes: [at(0), at(300), at(330)], metres });
    expect(notes.map(({ onset }) => onset)).toEqual([0, 255, 285]);
    expect(after.bar(1).start).toBe(320 - 45);
  });

  it("keeps every phase in bars of up to 128 steps, and says every rest", () => {
    const metres = fc
      .array(fc.tuple(fc.nat({ max: 900 }), fc.integer({ min: 1, max: 16 })), { maxLength: 5 })
      .map((points) => {
        let step = 0;
        return new MetreMap(
          points.map(([gap, numerator]) => {
            step += gap;
            return { step, metre: metre(numerator) };
          }),
        );
      });
    const notes = fc
      .array(fc.tuple(fc.nat({ max: 700 }), fc.integer({ min: 1, max: 900 })), { maxLength: 12 })
      .map((list) => {
        let onset = 0;
        return canonicalNotes(
          list.map(([gap, duration]) => {
            onset += gap;
            return at(onset, duration);
          }),
        );
      });
    fc.assert(
      fc.property(notes, metres, (before, map) => {
        const after = shortenRests({ notes: before, metres: map });
        expect(after.notes).toHaveLength(before.length);
        for (const [i, note] of after.notes.entries()) {
          expect(note.duration).toBeGreaterThanOrEqual(1);
          const [was, is] = [map.barAt(before[i].onset), after.metres.barAt(note.onset)];
          expect(is.metre).toEqual(was.metre);
          expect(note.onset - is.start).toBe(before[i].onset - was.start);
        }
        expect(Math.max(0, ...deltas(after.notes))).toBeLessThanOrEqual(MAX_DELTA);
      }),
      { numRuns: 200 },
    );
  });
});
