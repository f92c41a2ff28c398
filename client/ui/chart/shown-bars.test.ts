import { describe, expect, it } from "vitest";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { barsOfText, UNWRITTEN, withDrawn, withText } from "#music/chart/player-chart.ts";
import { sectionNames } from "#music/chart/section-names.ts";
import { MetreMap } from "#music/metre.ts";
import { strokeFrom, strokeOfKey } from "./lane-strokes.ts";
import { BarWindow, levelAt, shownBar } from "./shown-bars.ts";

const KEY = { tonic: 0, scale: "major" };
const ARRANGED = { seed: 5, lead: 3, drums: true } as const;
const written = withText(UNWRITTEN, "[verse] Am F/G [chorus] C -", KEY);
const drawnBefore = withDrawn(written, [{ section: "verse", at: 0 }], { energy: 2 });
const ordered = new OrderedChart({
  arranged: ARRANGED,
  laid: [{ bar: 0, at: 0, loop: barsOfText(written, KEY, KEY), drawn: drawnBefore.drawn }],
});
const drawnNow = withDrawn(drawnBefore, [{ section: "verse", at: 0 }], {
  energy: 6,
  plays: { 4: false },
}).drawn;
const sight = { ordered, drawn: drawnNow, metres: new MetreMap(), committedStep: 40 };

describe("bars as the chart lane shows them", () => {
  it("say of everything whether it is the player's or the arranger's", () => {
    const [first, second, third, fourth] = new BarWindow().between(sight, 0, 4 * 32);
    expect(first.chords).toEqual([
      { value: "Am", isOwn: true },
      { value: "Am", isOwn: true },
    ]);
    expect(second.chords.map(({ value }) => value)).toEqual(["F", "G"]);
    expect([first.section, first.begins, second.begins]).toEqual([
      { value: "verse", isOwn: true },
      true,
      false,
    ]);
    expect(third).toMatchObject({ section: { value: "chorus" }, begins: true, start: 64, end: 96 });
    // An open bar is the arranger's.
    expect(fourth.chords[0]).toEqual({ value: expect.any(String), isOwn: false });
    expect(fourth.density).toEqual({ value: ordered.bar(3).density, isOwn: false });
  });

  it("are made once, and again once they say something else or are settled", () => {
    const window = new BarWindow();
    const before = window.between(sight, 64, 160);
    expect(window.between(sight, 96, 160)).toEqual(before.slice(1));
    expect(window.between(sight, 96, 160)[0]).toBe(before[1]);
    const later = window.between({ ...sight, committedStep: 100 }, 96, 160);
    expect(later.map(({ isSettled }) => isSettled)).toEqual([true, false]);
    expect(later[1]).toBe(before[2]);
    expect(window.between({ ...sight, drawn: {} }, 128, 160)[0].energy.isOwn).toBe(false);
  });

  it("show what was drawn a moment ago, but not on bars that are settled", () => {
    expect(shownBar(sight, 0)).toMatchObject({
      isSettled: true,
      energy: { value: 2, isOwn: true },
    });
    expect(shownBar(sight, 4)).toMatchObject({
      isSettled: false,
      ...{ energy: { value: 6, isOwn: true }, place: { section: "verse", at: 0 } },
    });
    expect(shownBar(sight, 4).players[4]).toEqual({ value: false, isOwn: true });
    expect(shownBar(sight, 0).players[4].isOwn).toBe(false);
  });
});

describe("strokes", () => {
  const bar = shownBar(sight, 4);

  it("draw a level by height, and who plays as they began", () => {
    expect([0, 0.5, 1].map(levelAt)).toEqual([1, 4, 7]);
    expect(strokeFrom("energy", bar, 0)(0.99)).toEqual({ energy: 7 });
    const plays = bar.players[0].value === true;
    expect(strokeFrom("players", bar, 0)(0.5)).toEqual({ plays: { 0: !plays } });
  });

  it("step by keys within the levels, and Delete gives back", () => {
    expect(strokeOfKey("energy", "ArrowUp", bar, 0)).toEqual({ energy: 7 });
    expect(strokeOfKey("energy", "PageUp", bar, 0)).toEqual({ energy: 7 });
    expect(strokeOfKey("energy", "ArrowDown", bar, 0)).toEqual({ energy: 5 });
    expect(strokeOfKey("energy", "Delete", bar, 0)).toEqual({ energy: undefined });
    expect(strokeOfKey("players", " ", bar, 4)).toEqual({ plays: { 4: true } });
    expect(strokeOfKey("players", "Delete", bar, 4)).toEqual({ plays: { 4: undefined } });
    expect(strokeOfKey("players", "ArrowUp", bar, 4)).toBeUndefined();
  });
});

describe("sections", () => {
  it("are those typed, the arranger's where nothing is", () => {
    expect(sectionNames(written, ordered)).toEqual(["verse", "chorus"]);
    expect(sectionNames(withText(UNWRITTEN, "Am F", KEY), ordered)).toEqual([]);
    expect(sectionNames(UNWRITTEN, ordered).length).toBeGreaterThan(1);
  });

  it("are the arranger's before its ending once the piece comes to its end", () => {
    const ended = new OrderedChart({ arranged: { ...ARRANGED, endsAt: 10 } });
    const [first] = sectionNames(UNWRITTEN, ordered);
    expect(sectionNames(UNWRITTEN, ended)[0]).toBe(first);
    expect(sectionNames(UNWRITTEN, ended)).not.toContain("ending");
  });
});
