/** The grammar never strands and never lets a wrong token through, whatever is drawn. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DRUMS, INSTRUMENTS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { inKey, SCALES } from "#music/key.ts";
import { COMMON_TIME } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { metrePoints } from "#music/testing/metres.ts";
import { detokenize, tokenize } from "#music/tokens/tokenizer.ts";
import {
  CHORD_BASE,
  drumsToken,
  leadToken,
  OUTRO,
  START,
  VOCABULARY_SIZE,
} from "#music/tokens/vocabulary.ts";
import { Constraint, type ConstraintSettings } from "./constraint.ts";
import { DensityLimit } from "./density-limit.ts";
import { type Allowances, ENDLESS, Grammar } from "./grammar.ts";
import { LONGEST_DRUM_RUN, longestRests } from "./longest-rests.ts";
import { NATURAL_RANGES } from "./natural-ranges.ts";

/** The choice that takes the highest id allowed: the longest rest, the longest note, START. */
const LAST = -1;

/** Draws tokens with an adversary's choices: each choice picks among what the mask allows. */
function compose(
  choices: readonly number[],
  settings: ConstraintSettings,
  allowances: Allowances = ENDLESS,
): number[] {
  const grammar = new Grammar();
  const constraint = new Constraint(settings);
  const tokens = [START, drumsToken(settings.drums), leadToken(settings.lead)];
  for (const id of tokens) grammar.push(id, constraint);
  const mask = new Uint8Array(VOCABULARY_SIZE);
  for (const choice of choices) {
    grammar.fillMask(mask, constraint, allowances);
    const allowed = [...mask.keys()].filter((id) => mask[id] === 1);
    expect(allowed.length).toBeGreaterThan(0);
    const id = choice === LAST ? allowed[allowed.length - 1] : allowed[choice % allowed.length];
    grammar.push(id, constraint);
    tokens.push(id);
    if (id === START) break;
  }
  return tokens;
}

const settings: fc.Arbitrary<ConstraintSettings> = fc
  .record({
    lead: fc.constantFrom(...LEAD_INSTRUMENTS),
    drums: fc.boolean(),
    band: fc.option(fc.subarray([...LEAD_INSTRUMENTS]), { nil: undefined }),
    key: fc.option(
      fc.record({
        tonic: fc.integer({ min: 0, max: 11 }),
        scale: fc.constantFrom(...Object.keys(SCALES)),
      }),
      { nil: undefined },
    ),
    density: fc.option(fc.integer({ min: 8, max: 100 }), { nil: undefined }),
    metres: fc.option(metrePoints, { nil: undefined }),
    narrow: fc.boolean(),
  })
  .map(({ band, key, density, metres, narrow, ...rest }) => ({
    ...rest,
    ...(density === undefined ? {} : { density }),
    ...(band === undefined ? {} : { band }),
    ...(key === undefined ? {} : { key }),
    ...(metres === undefined ? {} : { metres }),
    // One octave each: little room, so that notes still sounding soon block the way.
    ...(narrow
      ? { parts: NATURAL_RANGES.map(([low]) => ({ register: [low, low + 12] as const })) }
      : {}),
  }));

// Extremes often: always the first (chords without end) or the last (longest rests, longest notes).
const choices = fc.oneof(
  fc.array(fc.nat(), { minLength: 30, maxLength: 300 }),
  fc.array(fc.constantFrom(0, 1, LAST), { minLength: 30, maxLength: 300 }),
  fc.constant(new Array<number>(300).fill(0)),
);

const wholeEvents = (tokens: readonly number[]): number[] =>
  tokens.slice(0, 3 + Math.floor((tokens.length - 3) / 3) * 3);

describe("grammar", () => {
  it("never strands, and what it lets through decodes and encodes to itself", () => {
    fc.assert(
      fc.property(choices, settings, (picks, limits) => {
        const tokens = wholeEvents(compose(picks, limits));
        const piece = detokenize(tokens);
        expect(tokenize(piece).tokens).toEqual(tokens);
        expect(tokens.every((id) => id < CHORD_BASE || id >= OUTRO)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps every limit of the constraint", () => {
    fc.assert(
      fc.property(choices, settings, (picks, limits) => {
        const { notes } = detokenize(wholeEvents(compose(picks, limits)));
        const melodic = notes.filter((note) => note.instrument !== DRUMS);
        if (melodic.length > 0) expect(melodic[0].instrument).toBe(limits.lead);
        for (const note of notes) checkNote(note, limits);
        checkRests(notes, limits);
        checkDensity(notes, limits);
      }),
      { numRuns: 200 },
    );
  });

  it("says outro and START only where allowed, and outro once", () => {
    const limits = { lead: 0, drums: false };
    const never = compose(new Array(90).fill(LAST), limits);
    expect(never.slice(3)).not.toContain(START);
    expect(never).not.toContain(OUTRO);
    const allowances = { outro: true, start: true, longestRest: 255 };
    const last = compose(new Array(90).fill(LAST), limits, allowances);
    expect(last.at(-1)).toBe(START);
    const grammar = new Grammar();
    for (const id of [START, 3073, 3075, OUTRO]) grammar.push(id);
    expect(() => grammar.push(OUTRO)).toThrow(/may not stand/);
  });

  it("holds rests to the longest allowed where a note is free", () => {
    const tokens = compose(
      new Array(300).fill(LAST),
      { lead: 0, drums: false },
      {
        ...ENDLESS,
        longestRest: 16,
      },
    );
    const { notes } = detokenize(wholeEvents(tokens));
    for (let i = 1; i < notes.length; i++) {
      expect(notes[i].onset - notes[i - 1].onset).toBeLessThanOrEqual(16);
    }
  });

  it("refuses any token out of place", () => {
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.nat({ max: VOCABULARY_SIZE - 1 }), (length, id) => {
        const grammar = new Grammar();
        const tokens = [START, 3074, 3075, 0, 300, 1340];
        for (const token of tokens.slice(0, length)) grammar.push(token);
        const mask = new Uint8Array(VOCABULARY_SIZE);
        grammar.fillMask(mask, undefined, { outro: true, start: true, longestRest: 255 });
        if (mask[id] === 1) expect(() => grammar.push(id)).not.toThrow();
        else expect(() => grammar.push(id)).toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});

function checkNote(note: Note, limits: ConstraintSettings): void {
  const { instrument } = note;
  const [lowest, highest] = limits.parts?.[instrument].register ?? NATURAL_RANGES[instrument];
  expect(note.pitch).toBeGreaterThanOrEqual(lowest);
  expect(note.pitch).toBeLessThanOrEqual(highest);
  if (note.instrument === DRUMS) {
    expect(limits.drums).toBe(true);
    return;
  }
  if (limits.key !== undefined) expect(inKey(limits.key, note.pitch % 12)).toBe(true);
  if (limits.band !== undefined) {
    expect([limits.lead, ...limits.band]).toContain(note.instrument);
  }
  expect(INSTRUMENTS[note.instrument]).toBeDefined();
}

/** After the longest rest of drums, melody or lead, no more than two notes come that another could have been. */
function checkRests(notes: readonly Note[], { lead, drums, metres }: ConstraintSettings): void {
  const isDrums = (note: Note) => note.instrument === DRUMS;
  const isMelodic = (note: Note) => note.instrument !== DRUMS;
  let run = 0;
  for (const note of notes) {
    run = isDrums(note) ? run + 1 : 0;
    expect(run).toBeLessThanOrEqual(LONGEST_DRUM_RUN);
  }
  const isLead = (note: Note) => note.instrument === lead;
  const rests = (metres?.map(({ metre }) => metre) ?? [COMMON_TIME]).map(longestRests);
  const longest = (who: keyof (typeof rests)[0]) => Math.max(...rests.map((rest) => rest[who]));
  checkRest(notes, longest("melody"), isMelodic, isDrums);
  checkRest(notes, longest("lead"), isLead, isMelodic);
  if (drums) checkRest(notes, longest("drums"), isDrums, isMelodic);
}

/** An onset begins only once what is owed for the notes before it allows it. */
function checkDensity(notes: readonly Note[], { density }: ConstraintSettings): void {
  if (density === undefined) return;
  const limit = new DensityLimit(density);
  let last = 0;
  for (const { onset } of notes) {
    if (onset > last) expect(onset - last).toBeGreaterThanOrEqual(limit.spacing);
    else if (limit.chord > 0) expect(limit.mayJoin).toBe(true);
    limit.push(onset - last);
    last = onset;
  }
}

function checkRest(
  notes: readonly Note[],
  rest: number,
  plays: (note: Note) => boolean,
  competes: (note: Note) => boolean,
): void {
  let last = 0;
  let overdue = 0;
  for (const note of notes) {
    if (plays(note)) {
      last = note.onset;
      overdue = 0;
    } else if (competes(note) && note.onset - last >= rest) overdue++;
    expect(overdue).toBeLessThanOrEqual(2);
  }
}
