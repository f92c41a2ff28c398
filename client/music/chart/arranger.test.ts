import { describe, expect, it } from "vitest";
import { DRUMS, LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { inKey, parseKey } from "#music/key.ts";
import { COMMON_TIME, type Metre, MetreMap } from "#music/metre.ts";
import PRACTICE_TABLE from "../../../presets/practice.json" with { type: "json" };
import { Arranger, type ArrangerSettings } from "./arranger.ts";
import type { ChartBar, ChartChord } from "./chart.ts";
import { STYLES } from "./conditions.ts";
import { OrderedChart } from "./ordered-chart.ts";
import { Practice } from "./practice.ts";

const PRACTICE = new Practice(PRACTICE_TABLE);
const arranger = (settings: Partial<ArrangerSettings> = {}) =>
  new Arranger({ seed: 7, lead: 0, drums: true, ...settings }, PRACTICE);
const bars = (of: Arranger, count: number): ChartBar[] =>
  Array.from({ length: count }, (_, bar) => of.bar(bar));
const chordText = (chord: ChartChord | undefined) => JSON.stringify(chord);
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

describe("the arranger", () => {
  it("writes the same bars in whatever order one asks", () => {
    const forward = bars(arranger(), 120);
    const other = arranger();
    for (let bar = 119; bar >= 0; bar--) expect(other.bar(bar)).toEqual(forward[bar]);
    expect(bars(arranger({ seed: 8 }), 120)).not.toEqual(forward);
  });

  it("writes the same bars for sections of the player's, whatever was asked before", () => {
    const verse = { label: "verse", role: "main", first: 12, bars: 2 } as const;
    const hook = { label: "hook", role: "contrast", first: 12, bars: 2 } as const;
    for (const seed of SEEDS)
      for (const section of [verse, { ...verse, bars: 3 }, hook, { ...hook, bars: 4 }]) {
        const settings = { seed, form: "verse and chorus" } as const;
        const asked = arranger(settings);
        for (const before of [verse, hook]) asked.bar(12, before);
        bars(asked, 64);
        expect(arranger(settings).bar(13, section)).toEqual(asked.bar(13, section));
        expect(asked.bar(5)).toEqual(arranger(settings).bar(5));
        const ended = arranger({ ...settings, endsAt: 16 });
        expect(ended.bar(13, section)).toEqual(asked.bar(13, section));
      }
  });

  it("gives a section that returns its chords and players again", () => {
    for (const seed of SEEDS) {
      const of = arranger({ seed, form: "verse and chorus" });
      const verses = [4, 20].map((first) => bars(of, 40).slice(first, first + 8));
      expect(of.sectionAt(20).label).toBe("verse");
      expect(verses[1].map(({ chords }) => chords)).toEqual(verses[0].map(({ chords }) => chords));
      expect(verses[1].map(({ players }) => players)).toEqual(
        verses[0].map(({ players }) => players),
      );
    }
  });

  it("lets the chosen lead play in every bar and lead most", () => {
    for (const lead of LEAD_INSTRUMENTS) {
      const all = SEEDS.flatMap((seed) => bars(arranger({ seed, lead }), 64));
      expect(all.every(({ players }) => players[lead] === true)).toBe(true);
      const led = all.filter(({ leader }) => leader === lead).length;
      expect(led / all.length).toBeGreaterThan(0.75);
      expect(all.some(({ leader }) => leader === undefined)).toBe(true);
    }
  });

  it("asks nobody who is not in the band, and drums only where they are on", () => {
    for (const seed of SEEDS) {
      const quiet = bars(arranger({ seed, lead: 3, drums: false, band: [2, 4] }), 64);
      for (const { players, drumDensity } of quiet) {
        const playing = players.flatMap((plays, instrument) => (plays ? [instrument] : []));
        expect([2, 3, 4]).toEqual(expect.arrayContaining(playing));
        expect(players[DRUMS]).toBe(false);
        expect(drumDensity).toBe(0);
      }
      const loud = bars(arranger({ seed }), 64);
      expect(loud.filter(({ players }) => players[DRUMS]).length).toBeGreaterThan(48);
    }
  });

  it("keeps mostly to a key that is chosen, and its chords are those of the key it chose itself", () => {
    const key = parseKey("E minor");
    const chords = SEEDS.flatMap((seed) => bars(arranger({ seed, key }), 32)).flatMap(
      (bar) => bar.chords,
    );
    const roots = chords.flatMap((chord) =>
      chord === undefined || chord === "none" ? [] : [chord.root],
    );
    expect(roots.length / chords.length).toBeGreaterThan(0.95);
    expect(roots.filter((root) => inKey(key, root)).length / roots.length).toBeGreaterThan(0.85);
    const keys = new Set(SEEDS.map((seed) => arranger({ seed }).key.tonic));
    expect(keys.size).toBeGreaterThan(6);
  });

  it("changes the chord within a bar of 2/4 more rarely", () => {
    const changes = (metre: Metre) => {
      const all = SEEDS.flatMap((seed) => {
        const arranged = { seed, lead: 0, drums: true, style: 0 } as const;
        const chart = new OrderedChart({ arranged }, MetreMap.of(metre).points);
        return Array.from({ length: 32 }, (_, bar) => chart.bar(bar));
      });
      const moving = all.filter(({ chords }) => chordText(chords[0]) !== chordText(chords[1]));
      return moving.length / all.length;
    };
    const common = changes(COMMON_TIME);
    expect(changes({ numerator: 2, denominator: 4 })).toBeLessThan(common / 2);
    expect(common).toBeLessThan(0.7);
  });

  it("keeps to the metre in which a section was first heard, whatever metre comes", () => {
    const turned = new MetreMap().changedFrom(20 * 32, { numerator: 2, denominator: 4 }).points;
    for (const seed of SEEDS) {
      const arranged = { seed, lead: 0, drums: true, form: "verse and chorus" } as const;
      const laid = [
        { bar: 0, at: 0, loop: [], drawn: {} },
        { bar: 3, at: 36, loop: [], drawn: {} },
      ];
      for (const order of [{ arranged }, { arranged, laid }]) {
        const [as, with2] = [undefined, turned].map((metres) => new OrderedChart(order, metres));
        for (let bar = 0; bar < 20; bar++) expect(with2.bar(bar)).toEqual(as.bar(bar));
      }
      const chart = new OrderedChart({ arranged }, turned);
      expect(chart.sectionAt(20)?.label).toBe("verse");
      for (let bar = 20; bar < 28; bar++)
        expect(chart.bar(bar).chords).toEqual(chart.bar(bar - 16).chords);
    }
  });

  it("is new enough never to copy bar after bar, fills before a new section, and moves between levels", () => {
    const all = SEEDS.flatMap((seed) => bars(arranger({ seed, form: "aaba" }), 68));
    const novelties = all.map(({ novelty = -1 }) => novelty);
    expect(Math.min(...novelties)).toBeGreaterThanOrEqual(1);
    const mean = novelties.reduce((sum, value) => sum + value, 0) / all.length;
    expect(mean).toBeGreaterThan(2.5);
    const of = arranger({ form: "aaba" });
    expect(of.bar(11).drumDensity).toBeGreaterThan(of.bar(10).drumDensity ?? 0);
    expect(of.bar(12).novelty).toBe(4);
    expect(new Set(all.map(({ density }) => density)).size).toBeGreaterThan(2);
    expect(new Set(all.map(({ energy }) => energy)).size).toBeGreaterThan(2);
  });

  it("ends a piece on the tonic of its key", () => {
    for (const seed of SEEDS) {
      const of = arranger({ seed, bars: 32, key: parseKey("F major") });
      const last = of.bar(31);
      expect(last.section).toBe("ending");
      expect(of.sectionAt(31).role).toBe("ending");
      const [, chord] = last.chords;
      expect(chord).not.toBe("none");
      if (seed < 10) expect((chord as { root: number }).root).toBe(5);
    }
  });

  it("moves levels with the player's wishes", () => {
    const mean = (settings: Partial<ArrangerSettings>, of: (bar: ChartBar) => number) => {
      const all = SEEDS.flatMap((seed) => bars(arranger({ seed, ...settings }), 32));
      return all.reduce((sum, bar) => sum + of(bar), 0) / all.length;
    };
    const density = (bar: ChartBar) => bar.density ?? 0;
    const energy = (bar: ChartBar) => bar.energy ?? 0;
    expect(mean({ density: 1 }, density)).toBeGreaterThan(mean({}, density) + 0.5);
    expect(mean({ energy: -2 }, energy)).toBeLessThan(mean({}, energy) - 1);
  });

  it("knows a form for every style, and the table something of each", () => {
    for (const style of STYLES.keys()) {
      expect(bars(arranger({ style }), 16)).toHaveLength(16);
      expect(arranger({ style }).style).toBe(style);
    }
  });
});
