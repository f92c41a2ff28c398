/** Bars that were heard are kept, and come back note for note, whatever was taken back or moved since. */

import { describe, expect, it } from "vitest";
import { cutOut } from "#engine/compose/given-music.ts";
import { composingJam, playedJam } from "#engine/testing/composing-jam.ts";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { parseKey } from "#music/key.ts";
import { parseMetre } from "#music/metre.ts";
import type { Note } from "#music/note.ts";
import { keptPerformance } from "./kept-performance.ts";

const BAR = 32;

async function playing(duration: number) {
  const jam = await playedJam(duration);
  const { session, step } = jam;
  const bar = () => Math.floor(step() / BAR);
  /** What was heard within steps, counted from the first. */
  const heard = (from: number, until: number) => cutOut(session.heardSoFar.notes, from, until);
  return { ...jam, bar, heard };
}

/** Those that come again: not of a key that still sounds from before. */
const again = (all: readonly Note[], from: number, notes: readonly Note[]) =>
  notes.filter(
    ({ instrument, pitch, onset }) =>
      !all.some(
        (old) =>
          old.instrument === instrument &&
          old.pitch === pitch &&
          old.onset < from &&
          old.onset + old.duration > from + onset,
      ),
  );

describe("bars that are kept", () => {
  it("are what was heard, wait for their bar line, and take nothing back", async () => {
    const { session, bar, reach, heard, source } = await playing(4.7);
    const kept = bar();
    const orders = source.record.orders.length;
    expect(session.leading.keep(2)).toBe(true);
    expect(session.state.keeps).toBe(true);
    expect(session.state.chart.marks).toEqual([]);
    await reach((kept + 1) * BAR + 1);
    expect(session.state.keeps).toBe(false);
    const [mark] = session.state.chart.marks;
    expect(mark.name).toBe(`Bars ${kept}–${kept + 1}`);
    const notes = heard((kept - 1) * BAR, (kept + 1) * BAR);
    expect(notes.length).toBeGreaterThan(2);
    expect(mark.heard).toEqual({ metre: parseMetre("4/4"), steps: 2 * BAR, notes });
    expect(JSON.parse(mark.chart).bars).toHaveLength(2);
    await reach((kept + 1) * BAR + 4);
    expect(source.record.orders).toHaveLength(orders);
    // Pressed on the first beat, the bar before is meant, and needs no waiting.
    await reach((kept + 2) * BAR + 4);
    for (const name of [`Bar ${kept + 2}`, `Bar ${kept + 2} (2)`]) {
      expect(session.leading.keep(1)).toBe(true);
      expect(session.state.chart.marks.at(-1)?.name).toBe(name);
    }
    // Within a moment it is one decision.
    session.undo();
    expect(session.state.chart.marks).toEqual([mark]);
  });

  it("come back note for note, though all was taken back since, and the piece goes on from them", async () => {
    const { session, bar, reach, heard, run } = await playing(4.7);
    const kept = bar();
    session.leading.keep(1);
    session.leading.another();
    await reach((kept + 4) * BAR + 4);
    const [{ name, heard: was }] = session.state.chart.marks;
    expect(was?.notes).toEqual(heard(kept * BAR, (kept + 1) * BAR));
    expect(session.leading.recall(name, "bar", "once")).toBe(true);
    await run(0.1);
    const from = BAR * Math.ceil(session.timeline().committedStep / BAR);
    await reach(from + 3 * BAR);
    const whole = [...session.heardSoFar.notes];
    expect(heard(from, from + BAR)).toEqual(again(whole, from, was!.notes));
    expect(heard(from + BAR, from + 2 * BAR)).not.toEqual(was?.notes);
    session.undo();
    expect(session.state.course.passage).toBeUndefined();
  });

  it("go round and round from a phrase on, until they are let go", async () => {
    const { session, bar, reach, heard, run } = await playing(4.7);
    session.leading.keep(1);
    await reach((bar() + 1) * BAR + 4);
    const [{ name, heard: was }] = session.state.chart.marks;
    const next = session.charting.ordered.sectionAt(bar() + 2)!;
    await reach((next.first + 1) * BAR);
    session.leading.recall(name, "phrase", "round");
    await run(0.3);
    const { first, bars } = next;
    const from = (first + bars) * BAR;
    expect(bars).toBeGreaterThan(2);
    expect(session.charting.ordered.beginsAt(first + bars)).toBe(true);
    await reach(from + 3 * BAR);
    expect(heard(from - BAR, from)).not.toEqual(was?.notes);
    const whole = [...session.heardSoFar.notes];
    for (const start of [from, from + BAR, from + 2 * BAR])
      expect(heard(start, start + BAR)).toEqual(again(whole, start, was!.notes));
    session.leading.letGo();
    await reach(from + 7 * BAR);
    expect(heard(from + 6 * BAR, from + 7 * BAR)).not.toEqual(was?.notes);
  });

  it("are a section as far as it was heard: the rest of it is composed anew when it is called", async () => {
    const { session, bar, reach, heard, run } = await playing(3);
    const { first, bars } = session.charting.ordered.sectionAt(bar())!;
    const last = bar();
    expect(bars).toBeGreaterThan(last + 1 - first);
    session.leading.mark();
    await reach((last + 1) * BAR + 4);
    const [mark] = session.state.chart.marks;
    expect(mark.name).toBe("Mark 1");
    expect(JSON.parse(mark.chart).bars).toHaveLength(bars);
    const steps = (last + 1 - first) * BAR;
    expect(mark.heard?.steps).toBe(steps);
    session.leading.recall("Mark 1", "bar", "once");
    await run(0.1);
    const from = BAR * Math.ceil(session.timeline().committedStep / BAR);
    await reach(from + steps + BAR);
    const whole = [...session.heardSoFar.notes];
    expect(heard(from, from + steps)).toEqual(again(whole, from, mark.heard!.notes));
    expect(session.charting.ordered.sectionAt(from / BAR)).toMatchObject({ label: "Mark 1", bars });
  });

  it("come without who is switched off, and in the key that is chosen", async () => {
    const { session, bar, reach, heard, run } = await playing(4.7);
    session.setControls({ key: parseKey("C major") });
    await reach((bar() + 3) * BAR + 8);
    session.leading.keep(1);
    await reach((bar() + 1) * BAR + 4);
    const [{ name, heard: was }] = session.state.chart.marks;
    const melodic = was!.notes.filter(({ instrument }) => instrument !== 9);
    const off = melodic.map(({ instrument }) => instrument).find((instrument) => instrument !== 0);
    if (off !== undefined) session.setStrip(off, { enabled: false });
    session.setControls({ drums: false, key: parseKey("D major") });
    session.leading.recall(name, "bar", "once");
    await run(0.1);
    const from = BAR * Math.ceil(session.timeline().committedStep / BAR);
    await reach(from + BAR + 4);
    const whole = [...session.heardSoFar.notes];
    const back = heard(from, from + BAR);
    expect(back.some(({ instrument }) => instrument === off || instrument === 9)).toBe(false);
    const left = melodic.filter(({ instrument }) => instrument !== off);
    const moved = left.map((note) => ({ ...note, pitch: note.pitch + 2 }));
    expect(moved.length).toBeGreaterThan(0);
    const sung = (notes: readonly Note[]) => notes.map(({ pitch, onset }) => [onset, pitch % 12]);
    expect(sung(back)).toEqual(sung(again(whole, from, moved)));
  });

  it("are composed anew where that is asked for, and in another metre, which is said", async () => {
    const { session, bar, reach, run, source } = await playing(4.7);
    session.leading.keep(1);
    await reach((bar() + 1) * BAR + 4);
    const [{ name }] = session.state.chart.marks;
    expect(session.leading.recall(name, "bar", "anew")).toBe(true);
    await run(0.2);
    session.setControls({ metre: parseMetre("3/4") });
    expect(session.leading.recall(name, "bar", "once")).toBe(false);
    await run(0.2);
    expect(session.state.chart.cue).toEqual({ section: name, on: "bar" });
    for (const { settings } of source.record.orders) expect(settings.given).toBeUndefined();
  });

  it("are none where nothing sounded, and are there after a reload", async () => {
    const still = composingJam();
    expect(still.session.leading.keep(1)).toBe(false);
    const { session, bar, reach } = await playing(4.7);
    session.leading.keep(1);
    await reach((bar() + 1) * BAR + 4);
    const { performance } = session;
    const first = still.session.performance;
    const reloaded = keptPerformance(JSON.parse(JSON.stringify(performance)), first);
    expect(reloaded?.chart.marks).toEqual(performance.chart.marks);
    const [mark] = performance.chart.marks;
    const spoilt = { ...mark, heard: { ...mark.heard, metre: { numerator: 0, denominator: 4 } } };
    const chart = { ...performance.chart, marks: [spoilt] };
    const { heard: _, ...charted } = mark;
    expect(keptPerformance({ ...performance, chart }, first)?.chart.marks).toEqual([charted]);
  });

  it("are forgotten while they are waited for once another piece begins", async () => {
    const { session, run } = await playingJam(5);
    session.leading.keep(1);
    session.leading.mark();
    expect(session.state.keeps).toBe(true);
    session.startOver();
    run(3);
    expect(session.state.keeps).toBe(false);
    expect(session.state.chart.marks).toEqual([]);
  });
});
