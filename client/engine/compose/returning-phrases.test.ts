/** Phrases that come back: which do, that they are note for note what they were, and what keeps them from it. */
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { DRUMS } from "#music/instrument.ts";
import type { Note } from "#music/note.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";
import { cutOut } from "./given-music.ts";

const BAR = 32;

/** Intro to bar 4, then A B A C A D of eight bars each, round and round; the lead and drums alone, no busier than the fake plays. */
const arranged = { seed: 7, lead: 3, drums: true, form: "rondo", density: -2, band: [] } as const;

/** Three steps newer than usual is all new, three less is nothing new. No stroke of seed 1 lies over a returning bar line, where it is not struck again. */
const SETTINGS: CompositionSettings = {
  constraint: { lead: 3, drums: true, band: [] },
  sampling: drawnAlike({ temperature: 1 }),
  seed: 1,
  chart: { arranged: { ...arranged, novelty: -3 } },
};

/** Phrases whose section was there before, up to bar 44: where each begins, and where it began before. */
const RETURNING = [
  [20, 4],
  [24, 8],
  [36, 20],
  [40, 24],
] as const;

function begun(settings: CompositionSettings): Composer {
  const composer = new Composer(new FakeDecoder({ conditioned: true }));
  composer.begin(settings);
  return composer;
}

/** Composes until an event begins in bar `bar` or later. */
async function composeTo(composer: Composer, bar: number): Promise<void> {
  while (composer.onset < bar * BAR) await composer.next();
}

const phrase = (notes: readonly Note[], bar: number, bars = 4): readonly Note[] =>
  cutOut(notes, bar * BAR, (bar + bars) * BAR);

/** Which of the phrases are what they were. */
const returned = (notes: readonly Note[]): number[] =>
  RETURNING.filter(
    ([bar, before]) => JSON.stringify(phrase(notes, bar)) === JSON.stringify(phrase(notes, before)),
  ).map(([bar]) => bar);

async function played(settings: CompositionSettings, until = 28): Promise<readonly Note[]> {
  const composer = begun(settings);
  await composeTo(composer, until);
  return composer.notes;
}

const withNovelty = (novelty: number, seed = 7): CompositionSettings => ({
  ...SETTINGS,
  seed,
  chart: { arranged: { ...arranged, novelty } },
});

describe("phrases of a section that returns", () => {
  it("come back note for note, where the music is to be as little new as can be", async () => {
    const notes = await played(SETTINGS, 44);
    expect(returned(notes)).toEqual([20, 24, 36, 40]);
    expect(phrase(notes, 20).length).toBeGreaterThan(8);
    expect(notes.map(({ onset }) => onset)).toEqual(
      notes.map(({ onset }) => onset).toSorted((a, b) => a - b),
    );
  });

  it("are all drawn where it is to be as new as can be, or nothing may come back", async () => {
    expect(returned(await played(withNovelty(3)))).toEqual([]);
    expect(returned(await played({ ...SETTINGS, returns: false }))).toEqual([]);
  });

  it("come back for the greater part by themselves, and not all", async () => {
    let count = 0;
    for (const seed of [1, 2, 3, 4, 5])
      count += returned(await played(withNovelty(0, seed))).length;
    // Of ten phrases.
    expect(count).toBeGreaterThanOrEqual(4);
    expect(count).toBeLessThanOrEqual(9);
  });

  it("are the same in every attempt, however often what is ahead is taken back", async () => {
    const once = await played(SETTINGS);
    const composer = begun(SETTINGS);
    await composeTo(composer, 26);
    composer.retake(19 * BAR, SETTINGS);
    await composeTo(composer, 28);
    expect(composer.notes).toEqual(once);
  });

  it("go on anew from where a hand moves in them", async () => {
    const composer = begun(SETTINGS);
    await composeTo(composer, 23);
    composer.retake(22 * BAR, SETTINGS);
    await composeTo(composer, 28);
    const { notes } = composer;
    expect(phrase(notes, 20, 2)).toEqual(cutOut(phrase(notes, 4), 0, 2 * BAR));
    expect(phrase(notes, 22, 2)).not.toEqual(cutOut(phrase(notes, 4), 2 * BAR, 4 * BAR));
    // The next is a return again.
    expect(returned(notes)).toContain(24);
  });
});

describe("a phrase does not come back", () => {
  it("from before another lead, and leaves nobody playing who was sent away", async () => {
    const other: CompositionSettings = {
      ...SETTINGS,
      constraint: { lead: 8, drums: true, band: [] },
      chart: { arranged: { ...arranged, lead: 8, novelty: -3 } },
    };
    const composer = begun(SETTINGS);
    await composeTo(composer, 18);
    composer.retake(18 * BAR, other);
    await composeTo(composer, 24);
    expect(returned(composer.notes)).not.toContain(20);

    const muted = begun(SETTINGS);
    await composeTo(muted, 18);
    muted.retake(18 * BAR, { ...SETTINGS, constraint: { ...SETTINGS.constraint, silent: [3] } });
    await composeTo(muted, 24);
    const after = muted.notes.filter(({ onset }) => onset >= 18 * BAR);
    expect(after.some(({ instrument }) => instrument === 3)).toBe(false);
  });

  it("to other chords, a busier bar, or beside what the player gives", async () => {
    const { chords } = new OrderedChart(SETTINGS.chart).bar(21);
    const elsewhere = { root: 1, quality: chords[0] === "none" ? "major" : "dominant" } as const;
    for (const settings of [
      {
        ...SETTINGS,
        chart: { ...SETTINGS.chart, written: { 21: { chords: [elsewhere, elsewhere] } } },
      },
      {
        ...SETTINGS,
        chart: {
          arranged: SETTINGS.chart!.arranged!,
          written: Object.fromEntries([20, 21, 22, 23].map((bar) => [bar, { drumDensity: 7 }])),
        },
      },
      {
        ...SETTINGS,
        given: [
          {
            ...{ from: 21 * BAR, until: 22 * BAR, cycle: BAR, alone: false },
            notes: [DRUM_STROKE],
          },
        ],
      },
    ] as CompositionSettings[])
      expect(returned(await played(settings, 24))).not.toContain(20);
  });

  it("where a mark was called: its notes are the player's to call", async () => {
    const { chords } = new OrderedChart(SETTINGS.chart).bar(4);
    const kept = [0, 1, 2, 3].map(() => ({
      chords,
      section: "Mark 1",
      density: 3,
      drumDensity: 2,
    }));
    const mark = (bar: number) =>
      ({ ...{ bar, at: 0, drawn: {} }, loop: kept, marked: true }) as const;
    const form = (bar: number) => ({ bar, at: bar, loop: [], drawn: {} });
    const laid = [mark(8), form(12), mark(20), form(24)];
    const marked = { ...SETTINGS, chart: { ...SETTINGS.chart, laid } };
    const notes = await played(marked, 24);
    expect(phrase(notes, 20)).not.toEqual(phrase(notes, 8));
    const section = laid.map(
      ({ marked: _, ...span }: { marked?: true } & (typeof laid)[number]) => span,
    );
    const named = await played({ ...marked, chart: { ...SETTINGS.chart, laid: section } }, 24);
    expect(phrase(named, 20)).toEqual(phrase(named, 8));
  });

  it("where a human played along", async () => {
    const composer = begun(SETTINGS);
    await composeTo(composer, 8);
    const key = { onset: 6 * BAR, duration: 8, instrument: 0, pitch: 60, velocity: 90 } as Note;
    composer.retake(8 * BAR, { ...SETTINGS, played: { from: 0, notes: [key] } });
    await composeTo(composer, 24);
    expect(returned(composer.notes)).not.toContain(20);
    expect(phrase(composer.notes, 20).some(({ instrument }) => instrument === 0)).toBe(false);
  });
});

const DRUM_STROKE = { onset: 0, duration: 1, instrument: DRUMS, pitch: 38, velocity: 90 } as Note;
