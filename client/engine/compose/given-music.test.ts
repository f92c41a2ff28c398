/** Music that is given stands where it was given, the rest is drawn around it, and the piece stays one that could have been composed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import type { Note } from "#music/note.ts";
import { canonicalNotes } from "#music/piece.ts";
import { tokenize } from "#music/tokens/tokenizer.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";
import { type GivenMusic, GivenNotes } from "./given-music.ts";
import { noteKey } from "./played-notes.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 0, drums: true },
  sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
  seed: 3,
};

const note = (onset: number, pitch: number, instrument = 0, duration = 2): Note => ({
  ...{ instrument, pitch, onset, duration },
  velocity: 90,
});

const someNote = fc.record({
  instrument: fc.constantFrom(0, 3, 8, 9),
  pitch: fc.integer({ min: 40, max: 70 }),
  velocity: fc.constantFrom(15, 60, 120),
  onset: fc.integer({ min: 0, max: 31 }),
  duration: fc.integer({ min: 1, max: 16 }),
});

/** Music of bars of 32 steps. */
const someMusic = fc
  .record({
    bar: fc.integer({ min: 0, max: 6 }),
    bars: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    notes: fc.array(someNote, { minLength: 1, maxLength: 12 }),
    alone: fc.boolean(),
    after: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  })
  .map(
    ({ bar, bars, notes, alone, after }): GivenMusic => ({
      from: 32 * bar,
      ...(bars === undefined ? {} : { until: 32 * (bar + bars) }),
      ...(after === undefined ? {} : { after }),
      cycle: 32,
      notes: canonicalNotes(
        notes.map((each) => ({ ...each, duration: Math.min(each.duration, 32 - each.onset) })),
      ),
      alone,
    }),
  );

/** Whether a note is one of those that are given. */
const isGiven = (all: readonly GivenMusic[], { onset, ...sound }: Note) =>
  all.some(({ from, until = Number.POSITIVE_INFINITY, cycle, notes }) => {
    if (onset < from || onset >= until) return false;
    const at = (onset - from) % cycle;
    return notes.some(
      (each) =>
        noteKey(each) === noteKey({ onset: at, ...sound }) && each.duration === sound.duration,
    );
  });

const covers = ({ from, until = Number.POSITIVE_INFINITY }: GivenMusic, step: number) =>
  step >= from && step < until;

describe("music that is given", () => {
  it("leaves a history that equals a fresh tokenisation, and is heard where it was given", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.array(someMusic, { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        async (conditioned, turns) => {
          const composer = new Composer(new FakeDecoder({ conditioned }));
          composer.begin(SETTINGS);
          let until = 30;
          const heard: Note[] = [];
          for (const given of turns) {
            const step = Math.max(1, Math.min(composer.onset, until) - 8);
            const before = composer.notes.filter(({ onset }) => onset < step);
            const laid = given.map((each) => movedBy(32 * (step >> 5), each));
            composer.retake(step, { ...SETTINGS, given: laid });
            until = step + 90;
            heard.length = 0;
            while (composer.onset < until) heard.push(await composer.next());
            const { notes, tokens } = composer;
            expect(tokens).toEqual(tokenize({ lead: 0, drums: true, notes }).tokens);
            expect(notes.slice(0, before.length)).toEqual(before);
            const keys = new Set(notes.map(noteKey));
            for (const each of heard)
              if (laid.some((of) => of.alone && covers(of, each.onset)))
                expect(
                  isGiven(
                    laid.filter(({ alone }) => alone),
                    each,
                  ),
                ).toBe(true);
            for (const each of laid.flatMap((of) => [...cycles(of, step, until)]))
              expect(keys.has(noteKey(each)) || sounds(notes, each) || rests(laid, each)).toBe(
                true,
              );
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it("comes back the same where it is given again after a retake", async () => {
    const given = [{ from: 32, cycle: 32, notes: [note(0, 50, 8), note(8, 50, 8)], alone: false }];
    const once = new Composer(new FakeDecoder());
    const twice = new Composer(new FakeDecoder());
    for (const composer of [once, twice]) composer.begin({ ...SETTINGS, given });
    while (once.onset < 150) await once.next();
    while (twice.onset < 120) await twice.next();
    twice.retake(70, { ...SETTINGS, given });
    while (twice.onset < 150) await twice.next();
    expect(twice.notes.slice(0, once.notes.length)).toEqual(
      once.notes.slice(0, twice.notes.length),
    );
    const bass = once.notes.filter(({ instrument, onset, pitch }) => {
      return instrument === 8 && pitch === 50 && onset % 32 === 8 && onset > 32;
    });
    expect(bass.length).toBeGreaterThan(2);
  });

  it("goes on, alone, after what it is given after: the model sees that past before it", async () => {
    const decoder = new FakeDecoder();
    const composer = new Composer(decoder);
    composer.begin(SETTINGS);
    while (composer.onset < 130) await composer.next();
    const past = composer.notes.filter(({ onset }) => onset < 40);
    const notes = [note(0, 64), note(16, 60)];
    const music = { from: 128, until: 160, cycle: 32, notes, alone: true, after: 40 };
    composer.retake(128, { ...SETTINGS, given: [music] });
    await composer.next();
    await composer.next();
    const next = await composer.next();
    expect(next.onset).toBeGreaterThanOrEqual(160);
    expect(composer.notes.slice(-3).map(({ onset }) => onset)).toEqual([128, 144, next.onset]);
    const seen = tokenize({ lead: 0, drums: true, notes: past }).tokens.slice(3);
    expect(decoder.tokens.slice(3, 3 + seen.length)).toEqual(seen);
    const since = decoder.tokens.slice(3 + seen.length);
    expect(composer.tokens.join()).toContain(since.join());
  });

  it("may go round for longer than the model sees", async () => {
    const composer = new Composer(new FakeDecoder());
    composer.begin(SETTINGS);
    const alone = { from: 32, cycle: 32, notes: [note(0, 64), note(16, 60)], alone: true };
    composer.retake(32, { ...SETTINGS, given: [alone] });
    while (composer.onset < 32 * 400) await composer.next();
    composer.retake(32 * 390, SETTINGS);
    const next = await composer.next();
    expect(next.onset).toBeGreaterThanOrEqual(32 * 390);
  });
});

/** The same music, so many steps later. */
const movedBy = (steps: number, { from, until, ...of }: GivenMusic): GivenMusic => ({
  ...of,
  from: from + steps,
  ...(until === undefined ? {} : { until: until + steps }),
});

/** Notes of a span, where they stand. */
function* cycles(of: GivenMusic, from: number, until: number): Generator<Note> {
  const given = new GivenNotes([of]);
  let next = given.next(undefined, from);
  while (next !== undefined && next.note.onset < until) {
    yield next.note;
    next = given.next(next.note, from);
  }
}

/** Whether a key sounds already when a note begins. */
const sounds = (notes: readonly Note[], { instrument, pitch, onset }: Note) =>
  notes.some(
    (each) =>
      each.instrument === instrument &&
      each.pitch === pitch &&
      each.onset < onset &&
      each.onset + each.duration > onset,
  );

/** Whether a note waits for music that is alone. */
const rests = (all: readonly GivenMusic[], { onset }: Note) =>
  all.some((of) => of.alone && covers(of, onset));
