/** What a human plays enters the piece where it was struck, and the piece stays one that could have been composed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { tokenize } from "#music/tokens/tokenizer.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";
import { noteKey, rewrittenPast } from "./played-notes.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: true },
  sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
  seed: 3,
};
const PIANO = 0;

const note = (onset: number, pitch: number, duration = 4, instrument = PIANO): Note => ({
  ...{ instrument, pitch, onset, duration },
  velocity: 90,
});

const struck = fc.record({
  instrument: fc.constantFrom(0, 0, 3),
  pitch: fc.integer({ min: 55, max: 70 }),
  velocity: fc.constantFrom(15, 60, 120),
  /** Steps before the retake. */
  before: fc.integer({ min: 1, max: 40 }),
  duration: fc.integer({ min: 1, max: 150 }),
});

describe("notes that a human plays", () => {
  it("leave a history that equals a fresh tokenisation, with all of them, and what was before them as it was", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.array(struck, { maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        async (conditioned, phrases) => {
          const decoder = new FakeDecoder({ conditioned });
          const composer = new Composer(decoder);
          composer.begin(SETTINGS);
          let played: Note[] = [];
          for (const phrase of phrases) {
            for (let i = 0; i < 25; i++) await composer.next();
            const step = Math.max(1, composer.onset - 12);
            const before = [...composer.notes];
            const now = phrase.map(({ before: ago, ...sound }) => ({
              ...sound,
              onset: Math.max(0, step - ago),
            }));
            played = canonicalNotes([...played, ...now]);
            composer.retake(step, { ...SETTINGS, played: { from: 0, notes: played } });
            const { notes } = composer;
            const { tokens } = tokenize({ lead: 0, drums: true, notes });
            expect(composer.tokens).toEqual(tokens);
            const keys = new Set(notes.map(noteKey));
            for (const each of played) expect(keys).toContain(noteKey(each));
            const first = Math.min(step, ...now.map(({ onset }) => onset));
            for (const each of before)
              if (each.onset + each.duration <= first) expect(notes).toContainEqual(each);
            expect(notes.every(({ onset }) => onset < step)).toBe(true);
          }
          await composer.next();
          // The decoder holds what the composer remembers: all but the event that was drawn last.
          const held = composer.tokens.slice(0, decoder.position);
          expect(decoder.tokens).toEqual(held);
          if (conditioned) expect(decoder.conditions).toHaveLength(held.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("cost nothing once they are known, and are heard no longer than they were", () => {
    const past = [note(0, 60), note(8, 62, 16)];
    const played = { from: 0, notes: [note(10, 64, 2)] };
    const first = rewrittenPast(past, () => false, played, 20);
    expect(first).toEqual({ from: 10, notes: [note(10, 64, 2)] });
    const known = [...past, ...(first?.notes ?? [])];
    const isPlayed = ({ pitch }: Note) => pitch === 64;
    expect(rewrittenPast(known, isPlayed, played, 20)).toBeUndefined();
    // The key is still held: the note has grown.
    const held = { from: 0, notes: [note(10, 64, 9)] };
    expect(rewrittenPast(known, isPlayed, held, 20)?.notes).toEqual([note(10, 64, 9)]);
  });

  it("end what their key sounds, and stand in place of what was composed on it", () => {
    const past = [note(0, 60, 30), note(4, 65, 2), note(8, 60, 2, 3), note(10, 62)];
    const played = { from: 0, notes: [note(8, 60, 4), note(10, 62, 3)] };
    expect(rewrittenPast(past, () => false, played, 20)).toEqual({
      from: 0,
      notes: [note(0, 60, 8), note(4, 65, 2), note(8, 60, 4), note(8, 60, 2, 3), note(10, 62, 3)],
    });
  });

  it("keep out of the piece what lies past the retake", () => {
    const played = { from: 0, notes: [note(30, 60)] };
    expect(rewrittenPast([note(0, 60)], () => false, played, 20)).toBeUndefined();
  });

  it("are the human's alone: the model gives a silent instrument no note", async () => {
    const composer = new Composer(new FakeDecoder());
    const constraint = { lead: PIANO, drums: false, band: [2], silent: [PIANO] };
    const melody = [note(0, 60), note(8, 64)];
    composer.begin(SETTINGS);
    composer.retake(12, { ...SETTINGS, constraint, played: { from: 0, notes: melody } });
    for (let i = 0; i < 200; i++) expect((await composer.next()).instrument).not.toBe(PIANO);
    // Where nobody else is left, whoever there is.
    composer.retake(20, { ...SETTINGS, constraint: { ...constraint, band: [] } });
    for (let i = 0; i < 20; i++) expect((await composer.next()).instrument).not.toBe(PIANO);
  });
});
