import { describe, expect, it } from "vitest";
import { writeChart } from "#music/chart/chart-file.ts";
import { chordName } from "#music/chart/chord-names.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import {
  type PlayerChart,
  UNWRITTEN,
  withCue,
  withDrawn,
  withMark,
  withText,
} from "#music/chart/player-chart.ts";
import { type Key, parseKey } from "#music/key.ts";
import { ChartLaying } from "./chart-laying.ts";

const C = parseKey("C major");
const ARRANGED = { seed: 5, lead: 3, drums: true, form: "verse and chorus", style: 1 } as const;
const FORM = new OrderedChart({ arranged: ARRANGED });

/** A piece whose chart is changed now and then, and what its bars say afterwards. */
function piece() {
  const laying = new ChartLaying();
  laying.begin();
  const lay = (bar: number, chart: PlayerChart, key: Key | undefined = C) => {
    const laid = laying.lay(bar, chart, {
      ...{ key: key ?? C, chosen: key },
      formAt: (at) => FORM.arranger!.sectionAt(at),
    });
    return new OrderedChart(
      laid.length === 0 ? { arranged: ARRANGED } : { laid, arranged: ARRANGED },
    );
  };
  return { laying, lay };
}

/** First halves of bars [from, to). */
const chordsOf = (chart: OrderedChart, from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => {
    const [chord] = chart.bar(from + at).chords;
    return chord === undefined ? "-" : chordName(chord);
  }).join(" ");

const typed = withText(UNWRITTEN, "Am F C G", C);

describe("a chart laid onto a piece", () => {
  it("loops from the first bar that may change, and leaves what lies before", () => {
    const { lay } = piece();
    lay(0, UNWRITTEN);
    const chart = lay(6, typed);
    expect(chordsOf(chart, 0, 6)).toBe(chordsOf(FORM, 0, 6));
    expect(chordsOf(chart, 6, 16)).toBe("Am F C G Am F C G Am F");
    // What is open the arranger writes: who plays, how busy, how loud.
    expect(chart.bar(9)).toMatchObject({ ...FORM.bar(9), chords: expect.anything() });
  });

  it("stays where it is while other things move, and keeps its past once it is another", () => {
    const { lay } = piece();
    lay(2, UNWRITTEN);
    lay(6, typed);
    expect(chordsOf(lay(9, { ...typed }), 6, 16)).toBe("Am F C G Am F C G Am F");
    const other = lay(11, withText(typed, "Dm Em", C));
    expect(chordsOf(other, 6, 16)).toBe("Am F C G Am Dm Em Dm Em Dm");
  });

  it("goes back to what undo brings as though it had never been left", () => {
    const { lay } = piece();
    lay(0, UNWRITTEN);
    lay(6, typed);
    const other = withText(typed, "Dm Em", C);
    lay(9, other);
    expect(chordsOf(lay(12, typed), 6, 18)).toBe("Am F C Dm Em Dm C G Am F C G");
    expect(chordsOf(lay(13, UNWRITTEN), 13, 20)).toBe(chordsOf(FORM, 13, 20));
  });

  it("gives the chords back to the arranger once it is erased", () => {
    const { lay } = piece();
    lay(0, UNWRITTEN);
    lay(6, typed);
    expect(chordsOf(lay(9, withText(typed, "", C)), 6, 16)).toBe(`Am F C ${chordsOf(FORM, 9, 16)}`);
  });

  it("moves to another key from there on", () => {
    const { lay } = piece();
    lay(0, typed);
    const d = parseKey("D major");
    expect(chordsOf(lay(6, typed, d), 4, 10)).toBe("Am F D A Bm G");
  });

  it("begins with a new piece at its first bar, whatever was called last", () => {
    const { laying, lay } = piece();
    const called = withCue(withText(UNWRITTEN, "[A] C D [B] E F", C), { section: "B", on: "bar" });
    lay(0, UNWRITTEN);
    expect(chordsOf(lay(5, called), 5, 9)).toBe("E F C D");
    laying.begin();
    expect(chordsOf(lay(0, called), 0, 5)).toBe("C D E F C");
  });
});

describe("a section that is called", () => {
  const song = withText(UNWRITTEN, "[verse] C Dm Em F [chorus] Am G", C);

  it("comes with the next bar, and the song goes on after it", () => {
    const { lay } = piece();
    lay(0, song);
    const called = withCue(song, { section: "chorus", on: "bar" });
    expect(chordsOf(lay(2, called), 0, 8)).toBe("C Dm Am G C Dm Em F");
    expect(lay(2, called).bar(2).section).toBe("chorus");
  });

  it("comes with the next phrase, and what is drawn meanwhile holds at once", () => {
    const { lay } = piece();
    lay(0, song);
    const called = withCue(song, { section: "verse", on: "phrase" });
    expect(chordsOf(lay(1, called), 0, 10)).toBe("C Dm Em F C Dm Em F Am G");
    const drawn = withDrawn(called, [{ section: "verse", at: 3 }], { energy: 7 });
    const chart = lay(2, drawn);
    expect(chordsOf(chart, 0, 10)).toBe("C Dm Em F C Dm Em F Am G");
    expect([chart.bar(3).energy, chart.bar(7).energy]).toEqual([7, 7]);
  });

  it("is called off by undo before it comes, and left again after", () => {
    const { lay } = piece();
    lay(0, song);
    const called = withCue(song, { section: "chorus", on: "bar" });
    lay(2, called);
    expect(chordsOf(lay(2, song), 0, 8)).toBe("C Dm Em F Am G C Dm");
    lay(2, called);
    expect(chordsOf(lay(3, song), 0, 8)).toBe("C Dm Am F Am G C Dm");
  });

  it("may be the arranger's own where nothing is typed, and comes with all of its bars", () => {
    const { lay } = piece();
    lay(0, UNWRITTEN);
    const called = withCue(UNWRITTEN, { section: "chorus", on: "bar" });
    // Intro of 4, verse and chorus of 8 bars each, and the verse again.
    const chart = lay(23, called);
    for (let at = 0; at < 8; at++) expect(chart.bar(23 + at)).toEqual(FORM.bar(12 + at));
    expect(chart.sectionAt(25)).toMatchObject({ label: "chorus", first: 23, bars: 8 });
    expect(chart.sectionAt(22)).toMatchObject({ label: "verse", first: 20, bars: 3 });
    expect(chart.sectionAt(31)?.label).toBe("verse");
  });

  it("may be one that was kept: it plays through, then the song begins again", () => {
    const { lay } = piece();
    const bars = [{ chords: [{ root: 2, quality: "minor" }, undefined] as const, density: 2 }];
    const marked = withMark(song, { name: "Mark 1", tonic: 0, chart: writeChart({ bars }) });
    lay(0, marked);
    const chart = lay(3, withCue(marked, { section: "Mark 1", on: "bar" }));
    expect(chordsOf(chart, 0, 7)).toBe("C Dm Em Dm C Dm Em");
    expect(chart.bar(3)).toMatchObject({ density: 2, section: "Mark 1" });
  });
});

describe("an ending", () => {
  it("is the arranger's, whatever loops and wherever the form was led", () => {
    const { laying, lay } = piece();
    const by = { key: C, chosen: C, formAt: (at: number) => FORM.arranger!.sectionAt(at) };
    lay(0, UNWRITTEN);
    for (const chart of [typed, withCue(UNWRITTEN, { section: "bridge", on: "bar" as const })]) {
      const laid = laying.lay(3, chart, by);
      const ended = new OrderedChart({ laid, arranged: { ...ARRANGED, endsAt: 12 } });
      expect([9, 10, 11].map((bar) => ended.bar(bar).section)).toEqual([
        expect.not.stringMatching("ending"),
        "ending",
        "ending",
      ]);
    }
  });

  it("leaves those sections to be called that come before it", () => {
    const { arranger } = new OrderedChart({ arranged: { ...ARRANGED, endsAt: 12 } });
    const by = { key: C, chosen: C, formAt: (at: number) => arranger!.sectionAt(at) };
    const { laying } = piece();
    laying.lay(0, UNWRITTEN, by);
    const called = (section: string) =>
      laying.lay(3, withCue(UNWRITTEN, { section, on: "bar" }), by).at(-1);
    expect(called("verse")).toMatchObject({ bar: 3, at: 4 });
    expect(called("bridge")).toMatchObject({ bar: 3, at: 3 });
  });
});
