/** The player's chart in a live jam: when it is heard, what takes it back, what keeps it, and that it can be played again. */
import { describe, expect, it } from "vitest";
import { milliseconds, seconds } from "#base/brand.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { Composer } from "#engine/compose/composer.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { RecordedSource } from "#engine/journal/recorded-source.ts";
import { replay } from "#engine/journal/replay.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { fakeJam, playingJam } from "#engine/testing/fake-jam.ts";
import { RecordingPlayer } from "#engine/testing/fake-source.ts";
import { chordName } from "#music/chart/chord-names.ts";
import { OrderedChart } from "#music/chart/ordered-chart.ts";
import { withCue, withDrawn, withText } from "#music/chart/player-chart.ts";
import { parseKey } from "#music/key.ts";
import { keptPerformance } from "./kept-performance.ts";
import { Session } from "./session.ts";

const playing = () => playingJam(5);

const write = (session: Session, text: string) =>
  session.charting.write((chart) => withText(chart, text, session.state.controls.key));

/** First halves of the bars [from, from + 8). */
const chordsOf = (chart: OrderedChart, from: number): string =>
  Array.from({ length: 8 }, (_, at) => {
    const [chord] = chart.bar(from + at).chords;
    return chord === undefined ? "-" : chordName(chord);
  }).join(" ");

describe("a chart typed into a jam that plays", () => {
  it("holds from a bar line beyond the commit horizon on, in a loop", async () => {
    const { session, source, run } = await playing();
    const before = session.charting.ordered;
    write(session, "Am F C G");
    run(0.3);
    const { step, settings } = source.retakes.at(-1)!;
    expect(step).toBeGreaterThanOrEqual(session.timeline().committedStep - 8);
    const { metres } = session;
    const first = metres.barAt(metres.barLineFrom(step)).index;
    const ordered = new OrderedChart(settings.chart, settings.constraint.metres);
    expect(chordsOf(ordered, first)).toBe("Am F C G Am F C G");
    expect(chordsOf(ordered, first + 400)).toBe("Am F C G Am F C G");
    expect(ordered.bar(first - 1)).toEqual(before.bar(first - 1));
    expect(chordsOf(session.charting.ordered, first)).toBe("Am F C G Am F C G");
    // A dial that moves later takes music back and leaves the loop where it is.
    run(4);
    session.setControls({ temperature: 1.2 });
    run(0.3);
    expect(source.retakes.at(-1)?.step).toBeGreaterThan(step);
    expect(chordsOf(session.charting.ordered, first)).toBe("Am F C G Am F C G");
  });

  it("goes with the key, and degrees are of the arranger's where none was chosen", async () => {
    const { session, run } = await playing();
    write(session, "I IV");
    run(0.3);
    const own = session.charting.ordered.arranger!.key;
    const first = session.metres.barAt(session.timeline().step).index + 4;
    const root = () => (session.charting.ordered.bar(first).chords[0] as { root: number }).root;
    expect([own.tonic, (own.tonic + 5) % 12]).toContain(root());
    session.setControls({ key: parseKey("E major") });
    run(0.3);
    expect([4, 9]).toContain(root());
  });

  it("refuses what it cannot read in a sentence, and plays on as it was", async () => {
    const { session, run } = await playing();
    write(session, "Am F");
    run(2);
    const before = session.performance;
    expect(() => write(session, "Am Zz")).toThrow(/^Bar 2: The chord "Zz" is not known; write one/);
    expect(session.performance).toBe(before);
  });

  it("is undone, erased and brought back from a bank, where it begins anew", async () => {
    const { session, run } = await playing();
    const arranged = session.charting.ordered;
    write(session, "Am F C");
    run(2);
    const kept = session.performance;
    session.undo();
    run(0.3);
    const ahead = () => session.metres.barAt(session.timeline().step).index + 3;
    const open = (bar: number) => chordsOf(arranged, bar);
    expect(chordsOf(session.charting.ordered, ahead())).toBe(open(ahead()));
    expect(session.performance.chart.text).toBe("");
    session.redo();
    run(2);
    expect(session.performance.chart.text).toBe("Am F C");
    write(session, "");
    run(2);
    expect(chordsOf(session.charting.ordered, ahead())).toBe(open(ahead()));
    session.bringBack(kept);
    const bar = session.metres.barAt(session.state.comingStep!).index;
    expect(chordsOf(session.charting.ordered, bar)).toBe("Am F C Am F C Am F");
    run(4);
    expect(session.performance.chart).toMatchObject({ text: "Am F C" });
    expect(chordsOf(session.charting.ordered, bar)).toBe("Am F C Am F C Am F");
  });

  it("calls a section back, which undo takes back", async () => {
    const { session, run } = await playing();
    write(session, "[verse] Am F [chorus] C G");
    run(2);
    const first = session.metres.barAt(session.timeline().step).index + 1;
    const sections = () =>
      Array.from({ length: 8 }, (_, at) => session.charting.ordered.bar(first + at).section);
    const before = sections();
    session.charting.write((chart) => withCue(chart, { section: "chorus", on: "bar" }));
    run(0.3);
    const at = sections().indexOf("chorus");
    expect(at).toBeLessThan(3);
    expect(sections().slice(at).join(" ")).toMatch(/^chorus chorus verse verse chorus/);
    run(5);
    session.undo();
    run(0.3);
    expect(sections().slice(-4)).toEqual(before.slice(-4));
  });

  it("outlives a reload with what was drawn, and begins with a new piece", async () => {
    const { session, run } = await playing();
    write(session, "Am F");
    session.charting.write((chart) =>
      withDrawn(chart, [{ section: "", at: 1 }], { density: 6, plays: { 2: true } }),
    );
    run(1);
    const json = JSON.parse(JSON.stringify(session.performance));
    const again = await playing();
    again.session.perform(keptPerformance(json, again.session.performance)!);
    expect(again.session.performance.chart).toEqual({
      ...session.performance.chart,
      cue: undefined,
    });
    again.session.startOver();
    again.run(1);
    const ordered = again.session.charting.ordered;
    expect(chordsOf(ordered, 0)).toBe("Am F Am F Am F Am F");
    expect(ordered.bar(3)).toMatchObject({ density: 6 });
    expect(ordered.bar(3).players[2]).toBe(true);
    const broken = {
      ...json,
      chart: { text: "Am Zz", drawn: { "": { 0: { density: 99 } } }, marks: [{}] },
    };
    expect(keptPerformance(broken, session.performance)?.chart).toMatchObject({
      ...{ text: "", drawn: { "": { 0: {} } }, marks: [] },
    });
  });

  it("is in the orders that the journal keeps, which give the same notes again", async () => {
    let now = 100;
    const local = new LocalComposition(new Composer(new FakeDecoder({ conditioned: true })), () =>
      milliseconds(now * 1000),
    );
    const source = new RecordedSource(local);
    const player = new RecordingPlayer();
    const session = new Session({
      ...{ source, player, unlock: async () => undefined, level: () => 0 },
      clock: () => seconds(now),
      steadyClock: () => seconds(now),
      controls: fakeJam().session.state.controls,
    });
    const run = async (duration: number) => {
      for (const end = now + duration; now < end; now += 0.03) {
        session.tick(seconds(now));
        for (let turn = 0; turn < 6; turn++) await yieldToEvents();
      }
    };
    session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
    await run(1);
    await session.play();
    await run(1.5);
    write(session, "[verse] Am F [chorus] C G");
    await run(1.5);
    session.charting.write((chart) =>
      withDrawn(chart, [{ section: "chorus", at: 0 }], { energy: 7, plays: { 2: false } }),
    );
    await run(1);
    session.charting.write((chart) => withCue(chart, { section: "chorus", on: "phrase" }));
    await run(1.5);
    session.undo();
    await run(1.5);
    const heard = player.played.length;
    expect(heard).toBeGreaterThan(15);
    const record = JSON.parse(JSON.stringify(source.record));
    expect(
      record.orders.filter(
        ({ settings }: { settings: { chart?: { laid?: unknown } } }) => settings.chart?.laid,
      ).length,
    ).toBeGreaterThan(3);
    const again = await replay(new Composer(new FakeDecoder({ conditioned: true })), record);
    const { committedStep } = session.timeline();
    const settled = session.notes.filter(({ onset }) => onset < committedStep);
    expect(again.slice(0, settled.length)).toEqual(settled);
    local.dispose();
  });
});
