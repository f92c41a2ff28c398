/** Whatever the sequence of rules, what is drawn keeps to those in force, and the grammar never strands. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChartBar, type ChartBars, OPEN_BAR, QUALITIES } from "#music/chart/chart.ts";
import { DRUMS, type Instrument, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { inKey, SCALES } from "#music/key.ts";
import { beatsOf, halfOf, MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { metrePoints } from "#music/testing/metres.ts";
import { allegroAt, GRID32, type Tokenization } from "#music/tokens/tokenization.ts";
import { VOCABULARY_SIZE } from "#music/tokens/vocabulary.ts";
import { CHORD_LOCKS, chordTones } from "./chart-rules.ts";
import { Constraint, type ConstraintSettings } from "./constraint.ts";
import { DensityLimit } from "./density-limit.ts";
import { ENDLESS } from "./grammar.ts";
import { GRIDS, Grid } from "./grid.ts";
import { NATURAL_RANGES } from "./natural-ranges.ts";
import type { PartLimits } from "./part.ts";

const LAST = -1;
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const register = fc
  .tuple(fc.integer({ min: 20, max: 108 }), fc.integer({ min: 0, max: 24 }))
  .map(([low, width]) => [low, low + width] as const);

const partLimits = fc.record(
  {
    register,
    polyphony: fc.integer({ min: 1, max: 4 }),
    density: fc.integer({ min: 1, max: 32 }),
  },
  { requiredKeys: [] },
);

const rules = fc.record(
  {
    band: fc.subarray([...LEAD_INSTRUMENTS]),
    key: fc.record({
      tonic: fc.integer({ min: 0, max: 11 }),
      scale: fc.constantFrom(...Object.keys(SCALES), "1", "1 b3 #4"),
    }),
    parts: fc.array(partLimits, { minLength: 12, maxLength: 12 }),
    grid: fc.constantFrom(...GRIDS),
    chordLock: fc.constantFrom(...CHORD_LOCKS),
    density: fc.integer({ min: 16, max: 100 }),
  },
  { requiredKeys: [] },
);

const chartBars: fc.Arbitrary<readonly ChartBar[]> = fc.array(
  fc.record({
    chords: fc.tuple(anyChord(), anyChord()),
    players: fc.array(maybe(fc.boolean()), { minLength: 12, maxLength: 12 }),
  }),
  { minLength: 1, maxLength: 8 },
);

function anyChord() {
  const chord = fc.record({
    root: fc.integer({ min: 0, max: 11 }),
    quality: fc.constantFrom(...QUALITIES),
  });
  return fc.oneof(fc.constant(undefined), fc.constant("none" as const), chord);
}

/** Rules, and the notes that are drawn under them. */
const stages = fc.array(
  fc.record({
    rules,
    lead: fc.constantFrom(...LEAD_INSTRUMENTS),
    drums: fc.boolean(),
    choices: fc.oneof(
      fc.array(fc.nat(), { minLength: 30, maxLength: 90 }),
      fc.array(fc.constantFrom(0, 1, LAST), { minLength: 30, maxLength: 90 }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

const piece = fc.record({ stages, metres: metrePoints, bars: chartBars });
type Piece = typeof piece extends fc.Arbitrary<infer T> ? T : never;

interface Drawn {
  readonly note: Note;
  readonly settings: ConstraintSettings;
  readonly before: readonly Note[];
}

function play({ stages, metres, bars }: Piece, tokenization: Tokenization): Drawn[] {
  const chart = chartOf(metres, bars);
  const drawn: Drawn[] = [];
  const notes: Note[] = [];
  const mask = new Uint8Array(VOCABULARY_SIZE);
  const grammar = tokenization.grammar();
  let constraint: Constraint | undefined;
  for (const { rules, lead, drums, choices } of stages) {
    const settings = { ...rules, lead, drums, metres };
    constraint = constraint?.withSettings(settings, chart) ?? new Constraint(settings, chart);
    if (notes.length === 0)
      for (const id of tokenization.heading(lead, drums)) grammar.push(id, constraint);
    for (let i = 0; i < choices.length || grammar.inEvent; i++) {
      grammar.fillMask(mask, constraint, { ...ENDLESS, longestRest: 32 });
      const may = [...mask.keys()].filter((id) => mask[id] === 1);
      expect(may.length).toBeGreaterThan(0);
      const choice = choices[i % choices.length];
      const note = grammar.push(
        may.at(choice === LAST ? -1 : choice % may.length) ?? 0,
        constraint,
      );
      if (note === undefined) continue;
      drawn.push({ note, settings, before: notes.slice(-60) });
      notes.push(note);
    }
  }
  return drawn;
}

const chartOf = (metres: Piece["metres"], bars: readonly ChartBar[]): ChartBars => ({
  metres: new MetreMap(metres),
  bar: (index) => bars[index % bars.length],
});

/** The registers, key, players and chord of an onset that leave something, by the order in which they give way. */
function expectedNotes(
  { lead, drums, band, key, parts, chordLock }: ConstraintSettings,
  chart: ChartBars,
  onset: number,
): Set<number> {
  const { index, start, ...bar } = chart.metres.barAt(onset);
  const { players, chords } = chart.bar(index) ?? OPEN_BAR;
  const phase = onset - start;
  const chord = chords[phase < halfOf(bar) ? 0 : 1];
  const onBeat = beatsOf(bar.metre).includes(phase);
  const melodic = (test: (pitchClass: number) => boolean) => (note: number) =>
    note >> 7 === DRUMS || test((note & 127) % 12);
  const inRegister = (note: number) => {
    const [lowest, highest] = parts?.[note >> 7]?.register ?? [0, 127];
    const [low, high] = NATURAL_RANGES[note >> 7];
    if (Math.max(lowest, low) > Math.min(highest, high)) return true;
    return (note & 127) >= lowest && (note & 127) <= highest;
  };
  const wishes: ((note: number) => boolean)[] = [inRegister];
  if (key !== undefined) wishes.push(melodic((tone) => inKey(key, tone)));
  wishes.push((note) => players[note >> 7] !== false);
  if (chord !== undefined && chord !== "none") {
    const held =
      chordLock === "strict" || ((chordLock === "beats" || chordLock === "scale") && onBeat);
    if (held) wishes.push(melodic((tone) => chordTones(chord).includes(tone)));
  }
  let left = Array.from({ length: 1536 }, (_, note) => note).filter((note) => {
    const [low, high] = NATURAL_RANGES[note >> 7];
    const plays =
      note >> 7 === DRUMS ? drums : note >> 7 === lead || (band?.includes(note >> 7) ?? true);
    return plays && (note & 127) >= low && (note & 127) <= high;
  });
  for (const [i, wish] of wishes.entries()) {
    const kept = left.filter(wish);
    const isKey = i === 1 && key !== undefined;
    if (isKey ? kept.some((note) => note >> 7 !== DRUMS) : kept.length > 0) left = kept;
  }
  return new Set(left);
}

function checkPart(note: Note, before: readonly Note[], { polyphony, density }: PartLimits): void {
  const own = before.filter(({ instrument }) => instrument === note.instrument);
  const sounding = own.filter(({ onset, duration }) => onset + duration > note.onset);
  if (polyphony !== undefined) expect(sounding.length).toBeLessThan(polyphony);
  if (density === undefined || before.length === 60) return;
  const limit = new DensityLimit(density);
  let last = 0;
  for (const { onset } of own) {
    limit.push(onset - last);
    last = onset;
  }
  if (own.length === 0) return;
  if (note.onset === last) expect(limit.mayJoin).toBe(true);
  else expect(note.onset - last).toBeGreaterThanOrEqual(Math.min(64, limit.spacing));
}

describe("constraint", () => {
  it("holds every rule in force, whatever rules came before", () => {
    fc.assert(
      fc.property(piece, (piece) => {
        const chart = chartOf(piece.metres, piece.bars);
        for (const { note, settings, before } of play(piece, GRID32)) {
          const { instrument, pitch, onset } = note;
          expect(expectedNotes(settings, chart, onset)).toContain(instrument * 128 + pitch);
          if (settings.grid) expect(new Grid(settings.grid, chart.metres).holds(onset)).toBe(true);
          const { polyphony } = settings.parts?.[instrument] ?? {};
          if (polyphony !== undefined) checkPart(note, before, { polyphony });
        }
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the density of an instrument", () => {
    fc.assert(
      fc.property(piece, (piece) => {
        // What is owed under one density is not seen from outside under the next.
        for (const { note, settings, before } of play(
          { ...piece, stages: piece.stages.slice(0, 1) },
          GRID32,
        ))
          checkPart(note, before, settings.parts?.[note.instrument] ?? {});
      }),
      { numRuns: 40 },
    );
  });

  it("never strands Allegro's tokens either, whose times reach two seconds", () => {
    fc.assert(
      fc.property(piece, fc.constantFrom(30, 90, 240), (piece, tempo) => {
        for (const { note, settings } of play(piece, allegroAt(tempo))) {
          const plays: readonly Instrument[] | undefined = settings.band;
          if (plays !== undefined && note.instrument !== DRUMS)
            expect([settings.lead, ...plays]).toContain(note.instrument);
        }
      }),
      { numRuns: 25 },
    );
  });
});
