/** A written chart on a whole piece: its sections are the piece's, and what it leaves open fits what it says. */
import { describe, expect, it } from "vitest";
import { parseKey } from "#music/key.ts";
import { parseChart, writeChart } from "./chart-file.ts";
import { chordName } from "./chord-names.ts";
import { sectionsBefore } from "./form.ts";
import { laidOn } from "./laid-chart.ts";
import { OrderedChart } from "./ordered-chart.ts";

const arranged = { seed: 7, lead: 0, drums: true } as const;

/** A text on a piece of `count` bars. */
const laid = (text: string, count: number, seed: number = arranged.seed) =>
  new OrderedChart({
    laid: laidOn(parseChart(text).bars, count),
    arranged: { ...arranged, seed, bars: count },
  });

const barsIn = (chart: OrderedChart, count: number) =>
  Array.from({ length: count }, (_, index) => chart.bar(index));

/** "Am", or "C G" where the halves differ. */
const chordsIn = (chart: OrderedChart, count: number) =>
  barsIn(chart, count).map(({ chords }) => {
    const names = chords.map((chord) => (chord === undefined ? "-" : chordName(chord)));
    return [...new Set(names)].join(" ");
  });

const sectionsIn = (chart: OrderedChart, count: number) =>
  [...sectionsBefore(count, (bar) => chart.sectionAt(bar))].map(
    ({ label, first, bars }) => `${label} ${first}+${bars}`,
  );

const SONG = "[Verse] | - | - | - | - |\n[Chorus] | F | G | Am | Am |";

describe("a chart that is laid on a piece", () => {
  it("goes round to its end", () => {
    expect(chordsIn(laid("C F C/G", 7), 7)).toEqual(["C", "F", "C G", "C", "F", "C G", "C"]);
  });

  it("has the sections that it names, each as often as it comes, and an ending", () => {
    const chart = laid(SONG, 22);
    expect(sectionsIn(chart, 22)).toEqual([
      ...["Verse 0+4", "Chorus 4+4", "Verse 8+4", "Chorus 12+4", "Verse 16+4", "ending 20+2"],
    ]);
    expect(chart.bar(20)).toMatchObject({ section: "ending", chords: chart.bar(12).chords });
    expect(chart.bar(21)).toMatchObject({ section: "ending" });
    expect(chordsIn(chart, 22)[21]).toBe("Am");
    expect([0, 4, 8, 12, 16, 20].every((bar) => chart.beginsAt(bar))).toBe(true);
  });

  it.each([1, 2, 3, 4, 5])("ends on the tonic wherever its round stops: %d", (seed) => {
    for (let count = 5; count < 12; count++)
      expect(chordsIn(laid("C Am F G", count, seed), count).at(-1)).toBe("C");
    expect(chordsIn(laid("Am", 8, seed), 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map(() => "Am"));
    expect(chordsIn(laid("Dm G7", 7, seed), 7).at(-1)).toBe("C");
    expect(chordsIn(laid("Am7 D7", 7, seed), 7).at(-1)).toBe("G");
    expect(chordsIn(laid("F G Am Am", 6, seed), 6).at(-1)).toBe("Am");
    expect(chordsIn(laid("C Am F G x2", 8, seed), 8).at(-1)).toBe("G");
    expect(chordsIn(laid("C - F G N.C.", 8, seed), 8).at(-1)).toBe("C");
    const { bars } = parseChart("C Am F G");
    const inA = laidOn(bars, 6, parseKey("A minor"));
    expect(chordsIn(new OrderedChart({ laid: inA }), 6).at(-1)).toBe("Am");
  });

  it.each([1, 2, 3, 4, 5])("has its ending in its own key where it is asked to end: %d", (seed) => {
    for (const [tonic, ...others] of ["Eb Cm Ab Bb", "F# D#m B C#"].map((text) =>
      text.split(" "),
    )) {
      const loop = parseChart([tonic, ...others].join(" ")).bars;
      const chart = new OrderedChart({
        laid: [{ bar: 0, at: 0, loop, drawn: {} }],
        arranged: { ...arranged, seed, endsAt: 10 },
      });
      expect(chordsIn(chart, 10)[9].split(" ").at(-1)).toMatch(
        new RegExp(`^${tonic}(5|6|7|sus4|maj7)?$`),
      );
    }
  });

  it("holds its own sections to the end where it reaches it", () => {
    expect(sectionsIn(laid("[A] C F [A] C G [Tag] C", 5), 5)).toEqual([
      "A 0+2",
      "A 2+2",
      "Tag 4+1",
    ]);
    expect(sectionsIn(laid("[A] C F", 2), 2)).toEqual(["A 0+2"]);
    expect(sectionsIn(laid("[A] C", 2), 2)).toEqual(["A 0+1", "A 1+1"]);
  });

  it.each([1, 2, 3, 4, 5])("is arranged by its sections, which return as they were: %d", (seed) => {
    const chart = laid(SONG, 24, seed);
    const who = barsIn(chart, 22).map(({ players }) => JSON.stringify(players));
    for (let bar = 0; bar < 22; bar++) expect(who[bar]).toBe(who[4 * Math.floor((bar % 8) / 4)]);
    const chords = chordsIn(chart, 22);
    for (let bar = 8; bar < 22; bar++) expect(chords[bar]).toBe(chords[bar - 8]);
    expect(barsIn(chart, 8)[7].drumDensity).toBeGreaterThanOrEqual(chart.bar(6).drumDensity ?? 8);
  });

  it("is led by nobody who rests, and can be given back", () => {
    const silent = JSON.stringify({
      bars: [{ rests: ["Piano"] }, { leader: "Sax", rests: ["Sax"] }],
    });
    const chart = laid(silent, 8);
    const leaders = barsIn(chart, 8).map(({ leader, players }) => leader && players[leader]);
    expect(leaders.filter((plays) => plays === false)).toEqual([]);
    expect(chart.bar(0).leader).toBeUndefined();
    expect(parseChart(writeChart({ bars: barsIn(chart, 8) })).bars).toEqual(barsIn(chart, 8));
  });

  it("is led by a human whose instrument rests in the band", () => {
    const rests = Array.from({ length: 12 }, (_, instrument) => instrument !== 3 && undefined);
    const written = { 1: { leader: 3, players: rests } };
    const chart = new OrderedChart({ written, arranged: { ...arranged, bars: 8 } });
    expect(chart.bar(1)).toMatchObject({ leader: 3, players: { 3: false } });
  });

  it("is the same when it is given back, bar by bar", () => {
    const chart = laid(SONG, 22);
    const bars = barsIn(chart, 22);
    const again = new OrderedChart({ laid: laidOn(bars, 22), arranged: { ...arranged, bars: 22 } });
    expect(barsIn(again, 22)).toEqual(bars);
    expect(sectionsIn(again, 22)).toEqual(sectionsIn(chart, 22));
  });
});

describe("what a chart leaves open", () => {
  it.each([
    ["Am F - -", [9, 11, 0, 2, 4, 5, 7]],
    ["E B - - A -", [4, 6, 8, 9, 11, 1, 3]],
  ])("is arranged in the key of what it says: %s", (text, scale) => {
    for (let seed = 1; seed <= 12; seed++) {
      const roots = barsIn(laid(text, 16, seed), 16).flatMap(({ chords }) =>
        chords.flatMap((chord) => (chord === undefined || chord === "none" ? [] : [chord.root])),
      );
      const strange = roots.filter((root) => !scale.includes(root));
      // A progression may borrow a chord; in another key most would be.
      expect(strange.length).toBeLessThan(roots.length / 4);
    }
  });

  it("is in the key that was chosen, where one was", () => {
    const text = "Am F - -";
    const settings = { ...arranged, key: { tonic: 1, scale: "major" }, bars: 8 };
    const chart = new OrderedChart({ laid: laidOn(parseChart(text).bars, 8), arranged: settings });
    const own = new OrderedChart({ arranged: settings });
    expect([chart.bar(2), chart.bar(3)].map(({ chords }) => chords)).toEqual(
      [own.bar(2), own.bar(3)].map(({ chords }) => chords),
    );
  });
});
