/** A player leads the piece: what goes round and comes back is what was heard, and the rest goes on around it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { remark } from "#base/remark.ts";
import { Composer } from "#engine/compose/composer.ts";
import { replay } from "#engine/journal/replay.ts";
import { playedJam } from "#engine/testing/composing-jam.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { fakeJam, playingJam } from "#engine/testing/fake-jam.ts";
import type { Note } from "#music/note.ts";
import { tokenize } from "#music/tokens/tokenizer.ts";
import type { BarCount } from "./course.ts";
import { RECALLS } from "./mark-desk.ts";

const BAR = 32;
const PIANO = 0;
const VIOLIN = 3;

/** What begins in a bar, counted from its beginning; lengths may be cut where a bar was cut out. */
const inBar = (notes: readonly Note[], bar: number, only?: number) =>
  notes
    .filter(({ onset }) => Math.floor(onset / BAR) === bar)
    .filter(({ instrument }) => only === undefined || instrument === only)
    .map((note) => ({ ...note, onset: note.onset % BAR }))
    .map(({ onset, instrument, pitch, velocity, duration }) => ({
      ...{ onset, instrument, pitch, velocity },
      duration: Math.min(duration, BAR - onset),
    }));

/** What comes again in a bar: a key that still sounds from before it is not struck anew. */
const again = (notes: readonly Note[], bar: number, heard: ReturnType<typeof inBar>) =>
  heard.filter(
    ({ instrument, pitch, onset }) =>
      !notes.some(
        (old) =>
          old.instrument === instrument &&
          old.pitch === pitch &&
          old.onset < bar * BAR &&
          old.onset + old.duration > bar * BAR + onset,
      ),
  );

/** Notes that end where a passage does. */
const cut = (notes: readonly Note[], end: number) =>
  notes.map((note) => ({ ...note, duration: Math.min(note.duration, end - note.onset) }));

const barOf = (step: number) => Math.floor(step / BAR);

describe("a player who leads", () => {
  it("has the bar that sounds go round from the next bar line on, until it is let go", async () => {
    const { session, step, reach } = await playedJam(4.7);
    const bar = barOf(step());
    expect(session.leading.repeat(1)).toBe(true);
    const from = session.state.comingStep!;
    expect(from % BAR).toBe(0);
    await reach(from + 3 * BAR - 8);
    const heard = inBar(session.notes, bar);
    expect(heard.length).toBeGreaterThan(0);
    for (let at = barOf(from); at < barOf(from) + 3; at++)
      expect(inBar(session.notes, at)).toEqual(again(session.notes, at, heard));
    session.leading.letGo();
    await reach(from + 6 * BAR);
    const { committedStep } = session.timeline();
    const others = [4, 5].map((at) => inBar(session.notes, barOf(from) + at));
    expect(committedStep).toBeGreaterThan(from + 5 * BAR);
    for (const other of others) expect(other).not.toEqual(heard);
  });

  it("goes back to a bar, which is heard once more, and on from what was before it", async () => {
    const { session, reach, source } = await playedJam(9);
    expect(session.leading.goBack(1)).toBe(true);
    const from = session.state.comingStep!;
    const heard = inBar(session.notes, 1);
    await reach(from + 2 * BAR);
    expect(inBar(session.notes, barOf(from))).toEqual(again(session.notes, barOf(from), heard));
    expect(inBar(session.notes, barOf(from) + 1)).not.toEqual(inBar(session.notes, 2));
    const { given } = source.record.orders.at(-1)!.settings;
    expect(given).toMatchObject([{ from, until: from + BAR, after: BAR, alone: true }]);
    expect(session.leading.goBack(400)).toBe(false);
  });

  it("asks for something else: what is committed stays, what is planned is another; undo brings it back", async () => {
    const { session, run } = await playedJam(3);
    const { committedStep } = session.timeline();
    const before = [...session.notes];
    session.leading.another();
    await run(1);
    const another = [...session.notes];
    const kept = before.filter(({ onset }) => onset < committedStep);
    expect(another.slice(0, kept.length)).toEqual(kept);
    expect(another).not.toEqual(before);
    session.undo();
    expect(session.state.course.turn).toBe(0);
    expect(session.state.canRedo).toBe(true);
  });

  it("freezes a part, which stays as it was in its last bars while the rest is composed anew", async () => {
    const { session, reach } = await playedJam(6.3);
    const { committedStep } = session.timeline();
    expect(session.leading.freeze(PIANO)).toBe(true);
    const first = barOf(committedStep) + 1;
    await reach((first + 4) * BAR);
    const part = (bar: number) => inBar(session.notes, bar, PIANO);
    // By then nothing sounds any more that was drawn before.
    expect([part(first + 2), part(first + 3)]).toEqual([part(first - 2), part(first - 3)]);
    const rest = (bar: number) => inBar(session.notes, bar).filter((n) => n.instrument !== PIANO);
    expect(rest(first + 3)).not.toEqual(rest(first + 1));
    expect(session.leading.freeze(PIANO)).toBe(true);
    expect(session.state.course.layers).toEqual([]);
  });

  it("records what a human played in whole bars: it repeats under the band, in time", async () => {
    const { session, run, reach, step } = await playedJam(3);
    expect(session.leading.record(1)).toBe(false);
    const bar = barOf(step()) + 1;
    await reach(bar * BAR + 4);
    session.keys.press({ instrument: VIOLIN, pitch: 76, velocity: 100 });
    await run(0.3);
    session.keys.release({ instrument: VIOLIN, pitch: 76 });
    await reach(bar * BAR + 20);
    expect(session.leading.record(1)).toBe(true);
    expect(session.state.records).toBe(true);
    await reach((bar + 4) * BAR);
    expect(session.state.records).toBe(false);
    const own = (at: number) => inBar(session.notes, at, VIOLIN).filter((n) => n.pitch === 76);
    const [played] = own(bar);
    for (const at of [2, 3].map((later) => bar + later))
      expect(own(at)).toMatchObject([{ onset: played.onset, duration: played.duration }]);
    session.leading.drop(session.state.course.layers[0]);
    await run(1);
    const { committedStep } = session.timeline();
    const [given] = session.state.course.layers;
    expect(given).toBeUndefined();
    expect(committedStep).toBeGreaterThan(0);
  });

  it("sees four ways to go on, hears the one that is picked, from its bar line on, and the piece is none the wiser", async () => {
    const { session, run, reach, source, step } = await playedJam(3);
    const orders = source.record.orders.length;
    session.leading.foresee();
    expect(session.leading.pick(0)).toBe(false);
    while (session.state.futures?.notes.includes(undefined)) await run(0.03);
    const { from, steps, notes } = session.state.futures!;
    expect(source.record.orders).toHaveLength(orders);
    expect(from % BAR).toBe(0);
    expect(from).toBeGreaterThan(step());
    expect(steps).toBe(2 * BAR);
    const first = barOf(from);
    for (const [index, future] of notes.entries()) {
      expect(future!.every(({ onset }) => onset >= from && onset < from + steps)).toBe(true);
      for (const other of notes.slice(index + 1)) expect(other).not.toEqual(future);
    }
    const planned = session.notes.filter(({ onset }) => onset < from);
    expect(session.leading.pick(2)).toBe(true);
    expect(session.state.futures).toBeUndefined();
    await reach(from + steps + 4);
    expect(session.notes.filter(({ onset }) => onset < from)).toEqual(planned);
    for (const bar of [first, first + 1])
      expect(inBar(session.notes, bar)).toEqual(inBar(cut(notes[2]!, from + steps), bar));
    session.undo();
    await run(0.3);
    expect(session.state.course.passage).toBeUndefined();
  });

  it("hears a future late: with the next bar line, and on from it", async () => {
    const { session, run, reach } = await playedJam(3);
    session.leading.foresee();
    while (session.state.futures?.notes.includes(undefined)) await run(0.03);
    const { from, notes } = session.state.futures!;
    await reach(from + BAR + 4);
    session.leading.pick(1);
    await run(0.2);
    await reach(from + 4 * BAR);
    const late = notes[1]!.map((note) => ({ ...note, onset: note.onset + 2 * BAR }));
    const bar = barOf(from) + 2;
    expect(inBar(session.notes, bar)).toEqual(again(session.notes, bar, inBar(late, bar)));
    session.leading.foresee();
    session.leading.forget();
    expect(session.state.futures).toBeUndefined();
    session.leading.foresee();
    session.startOver();
    expect(session.state.futures).toBeUndefined();
  });

  it("keeps a frozen part in a bank, and has it go round again where it is brought back", async () => {
    const { session, reach, step } = await playedJam(6.3);
    session.leading.freeze(PIANO);
    const kept = session.performance;
    session.leading.freeze(PIANO);
    session.leading.another();
    session.bringBack(JSON.parse(JSON.stringify(kept)));
    const from = session.state.comingStep!;
    expect(session.state.comingCourse).toEqual({ ...kept.course, turn: 1 });
    await reach(from + 6 * BAR);
    const part = [2, 3, 4, 5].map((at) => inBar(session.notes, barOf(from) + at, PIANO));
    expect([part[2], part[3]]).toEqual([part[0], part[1]]);
    expect(part[0].length + part[1].length).toBe(kept.course.layers[0].notes.length);
    expect(step()).toBeGreaterThan(from);
  });

  it("hears no more of it in another piece", async () => {
    const { session, source } = await playingJam(5);
    session.leading.repeat(2);
    session.leading.another();
    session.startOver();
    expect(session.state.course).toEqual({ turn: 0, layers: [], passage: undefined });
    expect(source.begun.at(-1)?.given).toBeUndefined();
  });

  it("is told where a model can be given no music: nothing goes round, and nobody falls silent", async () => {
    const frozen = await playedJam(6.3);
    frozen.session.leading.freeze(PIANO);
    const kept = frozen.session.performance;
    expect(kept.course.layers).toHaveLength(1);
    const { session, source, run } = fakeJam();
    const whyNoneGiven = remark("nothing-given", { id: "allegro" });
    session.modelLoaded({ id: "allegro", parameters: 1, reasons: [], whyNoneGiven }, "reference");
    expect(session.state.remarks).toEqual([whyNoneGiven]);
    run(1);
    await session.play();
    run(9);
    const { leading } = session;
    expect(leading.keep(1)).toBe(true);
    run(2.1);
    const [{ name }] = session.state.chart.marks;
    const led = [leading.repeat(1), leading.goBack(1), leading.freeze(PIANO), leading.foresee()];
    expect(led).toEqual([false, false, false, false]);
    expect(leading.recall(name, "bar", "once")).toBe(false);
    session.bringBack(kept);
    run(4);
    expect(session.state.course.layers).toEqual(kept.course.layers);
    expect(source.retakes.length).toBeGreaterThan(0);
    for (const { settings } of source.retakes) {
      expect(settings.given).toBeUndefined();
      expect(settings.constraint.silent).toBeUndefined();
    }
    // What a human left frozen can be let go of.
    expect(leading.freeze(PIANO)).toBe(true);
    expect(session.state.course.layers).toEqual([]);
  });

  it("leaves what is committed alone, a history that is a fresh tokenisation, and a journal that replays, whatever is asked", async () => {
    const act = fc.record({
      wait: fc.integer({ min: 0, max: 40 }),
      what: fc.integer({ min: 0, max: 13 }),
      which: fc.integer({ min: 0, max: 11 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 8 }), async (acts) => {
        const { session, composer, source, run, dispose } = await playedJam(2);
        const { leading } = session;
        let committed: Note[] = [];
        for (const { wait, what, which } of acts) {
          await run(wait / 10);
          [
            () => leading.another(),
            () => leading.repeat(([1, 2, 4] as BarCount[])[which % 3]),
            () => leading.letGo(),
            () => leading.goBack(which % 3),
            () => leading.freeze(which),
            () => session.keys.press({ instrument: VIOLIN, pitch: 60 + which, velocity: 90 }),
            () => leading.record(([1, 2, 4] as BarCount[])[which % 3]),
            () => session.undo(),
            () => session.redo(),
            () => leading.foresee(),
            () => leading.pick(which % 4),
            () => leading.mark(),
            () => leading.keep(([1, 2, 4] as BarCount[])[which % 3]),
            () => {
              const { marks } = session.state.chart;
              const [on, how] = [(["bar", "phrase"] as const)[which % 2], RECALLS[which % 3]];
              if (marks.length > 0) leading.recall(marks[which % marks.length].name, on, how);
            },
          ][what]();
          await run(0.3);
          session.keys.release({ instrument: VIOLIN, pitch: 60 + which });
          const { committedStep } = session.timeline();
          const band = session.notes.filter(({ instrument }) => instrument !== VIOLIN);
          for (const note of committed) expect(band).toContainEqual(note);
          committed = band.filter(({ onset }) => onset < committedStep);
        }
        await run(1);
        dispose();
        await run(0.1);
        const { notes, tokens } = composer;
        expect(tokens).toEqual(tokenize({ lead: 0, drums: true, notes }).tokens);
        const again = new Composer(new FakeDecoder({ conditioned: true }));
        await replay(again, source.record);
        expect(tokens.slice(0, again.tokens.length)).toEqual(again.tokens);
        expect(again.tokens.length).toBeGreaterThan(tokens.length - 30);
      }),
      { numRuns: 5 },
    );
  });
});
