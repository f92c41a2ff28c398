/** What the composer does from bar to bar: conditions of the chart, sections that return, the way out of a rut. */
import { describe, expect, it } from "vitest";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { parseChart, writeChart } from "#music/chart/chart-file.ts";
import { CONDITION_GROUPS, conditionsInBar } from "#music/chart/conditions.ts";
import { sectionsBefore } from "#music/chart/form.ts";
import { laidOn } from "#music/chart/laid-chart.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { DRUMS } from "#music/instrument.ts";
import { MetreMap } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { struckBars } from "#music/struck-bars.ts";
import { durationToken, noteToken, timeToken } from "#music/tokens/vocabulary.ts";
import { Composer } from "./composer.ts";
import { type CompositionSettings, drawnAlike } from "./composition.ts";

const SETTINGS: CompositionSettings = {
  constraint: { lead: 3, drums: true },
  sampling: drawnAlike({ temperature: 1 }),
  seed: 7,
  // All is drawn; what comes back note for note has its own tests.
  returns: false,
  chart: { arranged: { seed: 7, lead: 3, drums: true, form: "rondo" } },
};

/** Composes until an event begins in bar `bar` or later. */
async function composeTo(composer: Composer, bar: number): Promise<Note[]> {
  const notes: Note[] = [];
  while (composer.onset < bar * 32) notes.push(await composer.next());
  return notes;
}

const noveltyOf = (conditions: readonly number[]): number => {
  const group = CONDITION_GROUPS.findIndex(({ name }) => name === "novelty");
  const start = CONDITION_GROUPS.slice(0, group).reduce((sum, { rows }) => sum + rows, 0);
  return conditions[group] - start - 1;
};

describe("a piece composed to a chart", () => {
  it("tells its chart so that it has the same sections when it is given back, A after A, too", () => {
    const arranged = { seed: 7, lead: 3, drums: true, form: "aaba", bars: 38 } as const;
    const composer = new Composer(new FakeDecoder({ conditioned: true }));
    composer.begin({ ...SETTINGS, chart: { arranged } });
    const { bars } = parseChart(writeChart(composer.chartUntil(38)));
    const again = new OrderedChart({
      laid: laidOn(bars, 38),
      arranged: { ...arranged, form: "blues" },
    });
    const sections = [...sectionsBefore(38, (bar) => again.sectionAt(bar))];
    expect(sections.map(({ label, bars: count }) => `${label} ${count}`)).toEqual([
      ...["intro 4", "A 8", "A 8", "B 8", "A 8", "ending 2"],
    ]);
  });

  it("obeys who rests in every bar, and hands over the chart's conditions", async () => {
    const decoder = new FakeDecoder({ conditioned: true });
    const composer = new Composer(decoder);
    composer.begin({ ...SETTINGS, escapesRuts: false });
    const notes = await composeTo(composer, 9);
    const chart = new OrderedChart(SETTINGS.chart);
    for (const { onset, instrument } of notes) {
      const bar = chart.bar(chart.metres.barAt(onset).index);
      expect(bar.players[instrument]).not.toBe(false);
    }
    const said = notes.flatMap(({ onset }) => {
      const bar = chart.metres.barAt(onset);
      const own = conditionsInBar(bar, chart.bar(bar.index), onset, chart.style);
      return [own, own, own];
    });
    // The tokens of the newest event are handed over with the next.
    expect(decoder.conditions.slice(3)).toEqual(said.slice(0, decoder.position - 3));
  });

  it("recalls a section that returns, which begins at its bar line, the same in every attempt", async () => {
    const decoder = new FakeDecoder({ conditioned: true });
    const composer = new Composer(decoder);
    composer.begin(SETTINGS);
    const { arranger } = new OrderedChart(SETTINGS.chart);
    // Intro 4 bars, A, B, then A again from bar 20.
    expect(arranger?.sectionAt(20)).toMatchObject({ label: "A", earlier: 1, first: 20 });
    const before = await composeTo(composer, 20);
    const newest = before[before.length - 1];
    expect(newest.onset).toBe(20 * 32);
    const recalled = before.filter(({ onset }) => onset >= 4 * 32 && onset < 12 * 32);
    // Its last note is what the model has heard last; the newest event is handed over but for its note.
    const held = decoder.tokens.filter((token) => token >= 1280 && token < 2816);
    const last = recalled[recalled.length - 1];
    expect(held[held.length - 1]).toBe(noteToken(last.instrument, last.pitch));
    const after = await composeTo(composer, 22);
    composer.retake(19 * 32, SETTINGS);
    const again = await composeTo(composer, 22);
    const kept = before.filter(({ onset }) => onset < 19 * 32);
    expect([...kept, ...again]).toEqual([...before, ...after]);
  });
});

describe("a rut", () => {
  /** Four bars' worth of one bar: eight notes, the same each bar. */
  const loop = Array.from({ length: 8 }, (_, i) => [
    timeToken(4),
    durationToken(3, 4),
    noteToken(3, 60 + i),
  ]).flat();
  const settings: CompositionSettings = {
    ...SETTINGS,
    constraint: { lead: 3, drums: false },
    chart: {},
  };

  it("is led out of: new bars are asked for, draws grow warmer, the stuck bars are forgotten; and it is counted", async () => {
    const decoder = new FakeDecoder({ conditioned: true, loop });
    const composer = new Composer(decoder);
    composer.begin(settings);
    await composeTo(composer, 3);
    expect(composer.escapes).toBe(0);
    expect(noveltyOf(decoder.conditions[decoder.conditions.length - 1])).toBe(-1);
    await composeTo(composer, 6);
    expect(composer.escapes).toBe(1);
    expect(noveltyOf(decoder.conditions[decoder.conditions.length - 1])).toBe(4);
    const { position } = decoder;
    await composeTo(composer, 10);
    expect(decoder.position).toBeLessThan(position);
  });

  it("is led out of though daring leaves nothing to chance", async () => {
    const composer = new Composer(new FakeDecoder({ conditioned: true, loop, surely: 9 }));
    composer.begin({ ...settings, sampling: drawnAlike({ temperature: 0, minP: 0.18 }) });
    const notes = await composeTo(composer, 12);
    const pitches = struckBars(notes, new MetreMap(), 0, 12).map((bar) => [...bar].join());
    expect(new Set(pitches.slice(1, 4)).size).toBe(1);
    expect(new Set(pitches.slice(4)).size).toBeGreaterThan(3);
  });

  it("is left alone where the player loops on purpose", async () => {
    const composer = new Composer(new FakeDecoder({ conditioned: true, loop }));
    composer.begin({ ...settings, escapesRuts: false });
    const notes = await composeTo(composer, 12);
    expect(composer.escapes).toBe(0);
    expect(new Set(notes.map(({ pitch }) => pitch)).size).toBe(8);
    expect(notes.some(({ instrument }) => instrument === DRUMS)).toBe(false);
  });
});
