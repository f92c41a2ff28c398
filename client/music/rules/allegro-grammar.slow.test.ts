/** The grammar of Allegro's tokens never strands and keeps its laws, whatever is drawn. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DRUMS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { allegroHeading, detokenizeAllegro } from "#music/tokens/allegro-tokenizer.ts";
import { CHORD_BASE, OUTRO, START, VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { secondsPerStep } from "#music/units.ts";
import { AllegroGrammar } from "./allegro-grammar.ts";
import { Constraint, type ConstraintSettings } from "./constraint.ts";
import { DensityLimit } from "./density-limit.ts";
import { type Allowances, ENDLESS } from "./grammar.ts";
import { NATURAL_RANGES } from "./natural-ranges.ts";

/** The choice that takes the highest id allowed: the longest, highest, last. */
const LAST = -1;

interface Played {
  readonly tokens: readonly number[];
  readonly notes: readonly Note[];
}

/** Draws tokens with an adversary's choices among what the mask allows. */
function compose(
  choices: readonly number[],
  settings: ConstraintSettings,
  tempo: number,
  allowances: Allowances = ENDLESS,
): Played {
  const grammar = new AllegroGrammar(tempo);
  const constraint = new Constraint(settings);
  const tokens = allegroHeading(settings.lead, settings.drums);
  for (const id of tokens) grammar.push(id, constraint);
  const mask = new Uint8Array(VOCABULARY_SIZE);
  const notes: Note[] = [];
  for (const choice of choices) {
    grammar.fillMask(mask, constraint, allowances);
    const allowed = [...mask.keys()].filter((id) => mask[id] === 1);
    expect(allowed.length).toBeGreaterThan(0);
    const id = allowed.at(choice === LAST ? -1 : choice % allowed.length) ?? START;
    const note = grammar.push(id, constraint);
    if (note !== undefined) notes.push(note);
    tokens.push(id);
    if (id === START) break;
  }
  // Whole events only.
  const mayEnd = (end: number) => !read(tokens.slice(0, end), tempo).inEvent;
  let end = tokens.length;
  while (!mayEnd(end)) end--;
  return { tokens: tokens.slice(0, end), notes };
}

function read(tokens: readonly number[], tempo: number): AllegroGrammar {
  const grammar = new AllegroGrammar(tempo);
  for (const id of tokens) grammar.push(id);
  return grammar;
}

const tempos = fc.constantFrom(20, 61, 90, 120, 177, 300);

const settings: fc.Arbitrary<ConstraintSettings> = fc
  .record({
    lead: fc.constantFrom(...LEAD_INSTRUMENTS),
    drums: fc.boolean(),
    band: fc.option(fc.subarray([...LEAD_INSTRUMENTS]), { nil: undefined }),
    width: fc.constantFrom(0, 2, 12, undefined),
    density: fc.option(fc.integer({ min: 16, max: 100 }), { nil: undefined }),
  })
  .map(({ band, width, density, ...rest }) => ({
    ...rest,
    ...(density === undefined ? {} : { density }),
    ...(band === undefined ? {} : { band }),
    // Few keys: all of them soon sound for longer than a time token reaches.
    ...(width === undefined
      ? {}
      : { parts: NATURAL_RANGES.map(([low]) => ({ register: [low, low + width] as const })) }),
  }));

const choices = fc.oneof(
  fc.array(fc.nat(), { minLength: 30, maxLength: 300 }),
  fc.array(fc.constantFrom(0, 1, LAST), { minLength: 30, maxLength: 300 }),
  fc.constant(new Array<number>(300).fill(0)),
  fc.constant(new Array<number>(300).fill(LAST)),
);

describe("AllegroGrammar", () => {
  it("never strands, never offers a counter, and what it lets through decodes to the same notes", () => {
    fc.assert(
      fc.property(choices, settings, tempos, (picks, limits, tempo) => {
        const { tokens, notes } = compose(picks, limits, tempo);
        expect(tokens.slice(4).every((id) => id < CHORD_BASE || id >= OUTRO)).toBe(true);
        const decoded = detokenizeAllegro(tokens, tempo).notes;
        const strokes = (list: readonly Note[]) =>
          list.map(({ onset, instrument, pitch }) => `${onset} ${instrument} ${pitch}`).sort();
        expect(strokes(decoded)).toEqual(strokes(notes));
      }),
      { numRuns: 100 },
    );
  });

  it("keeps the constraint, in steps", () => {
    fc.assert(
      fc.property(choices, settings, tempos, (picks, limits, tempo) => {
        const { notes } = compose(picks, limits, tempo);
        const melodic = notes.filter((note) => note.instrument !== DRUMS);
        if (melodic.length > 0) expect(melodic[0].instrument).toBe(limits.lead);
        if (!limits.drums) expect(melodic).toHaveLength(notes.length);
        for (const { instrument, pitch } of notes) {
          const [lowest, highest] =
            limits.parts?.[instrument].register ?? NATURAL_RANGES[instrument];
          expect(pitch >= lowest && pitch <= highest).toBe(true);
        }
        for (let i = 1; i < notes.length; i++) {
          expect(notes[i].onset).toBeGreaterThanOrEqual(notes[i - 1].onset);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps a density, as far as a time token reaches", () => {
    // 255 units of 8 ms reach a step less than this where they fall badly.
    const reach = (tempo: number) => Math.floor(2.04 / secondsPerStep(tempo)) - 1;
    fc.assert(
      fc.property(choices, settings, tempos, (picks, limits, tempo) => {
        const { notes } = compose(picks, { ...limits, density: limits.density ?? 16 }, tempo);
        const limit = new DensityLimit(limits.density ?? 16);
        let last = 0;
        for (const { onset } of notes) {
          if (onset > last)
            expect(onset - last).toBeGreaterThanOrEqual(Math.min(limit.spacing, reach(tempo)));
          limit.push(onset - last);
          last = onset;
        }
      }),
      { numRuns: 60 },
    );
  });

  it("draws no key that sounds while another is free", () => {
    const limits = { lead: 0, drums: false };
    fc.assert(
      fc.property(choices, tempos, (picks, tempo) => {
        const until = new Map<number, number>();
        for (const { instrument, pitch, onset, duration } of compose(picks, limits, tempo).notes) {
          const key = instrument * 128 + pitch;
          expect(until.get(key) ?? 0).toBeLessThanOrEqual(onset);
          until.set(key, onset + duration);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("strikes a key anew where all that may play sound past the next onset", () => {
    const limits = {
      lead: 0,
      drums: false,
      band: [],
      parts: NATURAL_RANGES.map(() => ({ register: [60, 60] as const })),
    };
    const lone = limits as unknown as ConstraintSettings;
    const { notes } = compose(new Array(300).fill(LAST), lone, 120);
    expect(notes.length).toBeGreaterThan(50);
    expect(notes[0].duration).toBe(65); // 4,064 ms
    expect(notes[1].onset - notes[0].onset).toBeLessThan(65);
  });

  it("holds rests between the shortest and the longest asked for", () => {
    for (const tempo of [60, 120, 300]) {
      for (const choice of [0, LAST]) {
        const rests = { ...ENDLESS, shortestRest: 3, longestRest: 6 };
        const picks = new Array(200).fill(choice);
        const { notes } = compose(picks, { lead: 0, drums: false }, tempo, rests);
        for (let i = 1; i < notes.length; i++) {
          const rest = notes[i].onset - notes[i - 1].onset;
          expect(rest).toBe(choice === 0 ? 3 : 6);
        }
      }
    }
  });

  it("says outro and START only where allowed, and outro once", () => {
    const limits = { lead: 0, drums: false };
    expect(compose(new Array(90).fill(LAST), limits, 120).tokens).not.toContain(OUTRO);
    const heading = allegroHeading(0, false);
    const event = [0, 300, 1340];
    const mask = new Uint8Array(VOCABULARY_SIZE);
    const allowances = { outro: true, start: true, longestRest: 255 };
    const grammar = read([...heading, ...event], 120);
    grammar.fillMask(mask, undefined, allowances);
    expect([mask[OUTRO], mask[START], mask[CHORD_BASE + 1]]).toEqual([1, 1, 0]);
    grammar.push(OUTRO);
    grammar.fillMask(mask, undefined, allowances);
    expect([mask[OUTRO], mask[START], mask[0], mask[1], mask[300]]).toEqual([0, 0, 0, 1, 0]);
    expect(() => grammar.push(OUTRO)).toThrow(/may not stand/);
  });

  it("goes on from a clone as from itself, and apart from it", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 80 }), tempos, (picks, tempo) => {
        const limits = { lead: 0, drums: true };
        const { tokens } = compose(picks, limits, tempo);
        const grammar = read(tokens, tempo);
        const before = new Uint8Array(VOCABULARY_SIZE);
        grammar.fillMask(before);
        const clone = grammar.clone();
        const mask = new Uint8Array(VOCABULARY_SIZE);
        clone.fillMask(mask);
        expect(mask).toEqual(before);
        clone.push(200);
        grammar.fillMask(mask);
        expect(mask).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses any token the mask refuses, where nothing was struck yet", () => {
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.nat({ max: VOCABULARY_SIZE - 1 }), (length, id) => {
        const grammar = read([...allegroHeading(0, true), 0, 300].slice(0, length), 120);
        const mask = new Uint8Array(VOCABULARY_SIZE);
        grammar.fillMask(mask, undefined, { outro: true, start: true, longestRest: 255 });
        const isRead = length >= 3 && id >= CHORD_BASE && id <= OUTRO; // read, never offered
        if (mask[id] === 1) expect(() => grammar.push(id)).not.toThrow();
        else if (!isRead) expect(() => grammar.push(id)).toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
