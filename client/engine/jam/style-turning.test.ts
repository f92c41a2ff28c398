/** A style that is chosen while music plays is reached over bars, and a replay of the orders gives the same notes. */
import { describe, expect, it } from "vitest";
import { milliseconds } from "#base/brand.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { Composer } from "#engine/compose/composer.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { RecordedSource } from "#engine/journal/recorded-source.ts";
import { replay } from "#engine/journal/replay.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { styleIndex } from "#music/chart/conditions.ts";
import type { Note } from "#music/note.ts";

async function playing() {
  const jam = await playingJam(4, { style: "rock", morph: "8 bars" });
  const newest = () => jam.source.retakes.at(-1)!;
  return { ...jam, newest };
}

describe("a style that is chosen while music plays", () => {
  it("is reached over bars from the next one on, which stay where they are", async () => {
    const { session, run, newest } = await playing();
    session.setControls({ style: "jazz" });
    run(0.5);
    const { chart } = newest().settings;
    const { index } = session.metres.barFrom(newest().step);
    const point = { bar: index, bars: 8, style: styleIndex("jazz") };
    expect(chart).toMatchObject({ style: styleIndex("rock"), styles: [point] });
    run(6);
    session.setControls({ temperature: 0.7 });
    run(0.5);
    expect(newest().settings.chart?.styles).toEqual([point]);
    expect(session.charting.ordered.styleAt(index + 8)).toBe(styleIndex("jazz"));
    session.undo();
    session.undo();
    run(0.5);
    const { styles = [] } = newest().settings.chart ?? {};
    expect(styles).toEqual([point, expect.objectContaining({ style: styleIndex("rock") })]);
  });

  it("holds at once where that is set, and from the first bar of a new piece", async () => {
    const { session, run, source, newest } = await playing();
    session.setControls({ style: "jazz", morph: "at once" });
    run(0.5);
    expect(newest().settings.chart?.styles).toBeUndefined();
    expect(newest().settings.chart?.style).toBe(styleIndex("jazz"));
    session.setControls({ style: "folk", morph: "16 bars" });
    run(0.5);
    expect(newest().settings.chart?.styles).toHaveLength(1);
    session.startOver();
    expect(source.begun.at(-1)?.chart).toMatchObject({ style: styleIndex("folk") });
    expect(source.begun.at(-1)?.chart?.styles).toBeUndefined();
  });

  it("replays to the same notes", async () => {
    const { session, run, source, newest } = await playing();
    session.setControls({ style: "jazz" });
    run(0.5);
    const { step, settings } = newest();
    const make = () => new Composer(new FakeDecoder({ conditioned: true }));
    const local = new LocalComposition(make(), () => milliseconds(0));
    const recorded = new RecordedSource(local);
    let notes: Note[] = [];
    recorded.composed.on((composed) => notes.push(...composed.notes));
    const until = async (end: number) => {
      recorded.composeUntil(end);
      for (let wait = 0; wait < 4000 && (notes.at(-1)?.onset ?? 0) < end; wait++)
        await yieldToEvents();
    };
    recorded.begin(source.begun.at(-1)!);
    await until(step + 16);
    notes = notes.filter(({ onset }) => onset < step);
    recorded.retake(step, settings);
    await until(step + 9 * 32);
    local.dispose();
    const again = await replay(make(), JSON.parse(JSON.stringify(recorded.record)));
    expect(notes.length).toBeGreaterThan(60);
    expect(again).toEqual(notes);
  });
});
