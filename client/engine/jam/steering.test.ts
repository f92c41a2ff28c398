import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeJam, playingJam } from "#engine/testing/fake-jam.ts";
import { type PlayerChart, withCue, withDrawn, withText } from "#music/chart/player-chart.ts";
import { metreName, parseMetre } from "#music/metre.ts";
import { compositionSettings, type Performance, withControls, withStrip } from "./performance.ts";
import type { Session } from "./session.ts";

/** A session that plays, five seconds in. */
const playing = () => playingJam(5);

/** What a player would compare: all but the seed. */
const musical = ({ controls, strips, chart }: Performance) => ({
  controls: { ...controls, seed: 0 },
  ...{ strips, chart },
});

/** What a hand may do to the chart, one way or another. */
const edits = {
  write: (chart: PlayerChart, way: number) =>
    withText(chart, ["", "Am F C G", "[verse] ii V [chorus] I IV", "C % x3"][way & 3], undefined),
  call: (chart: PlayerChart, way: number) =>
    withCue(chart, { section: "chorus", on: way & 1 ? "phrase" : "bar" }),
  draw: (chart: PlayerChart, way: number) =>
    withDrawn(chart, [{ section: "", at: way & 1 }], { energy: 5, plays: { 2: way > 1 } }),
};

/** What a hand may move, one way or another. */
const moves = {
  lead: (session, way) => session.setControls({ lead: way + 3 }),
  tempo: (session, way) => session.setControls({ tempo: 70 + 10 * way }),
  warmth: (session, way) => session.setControls({ temperature: 0.5 + way / 10 }),
  swing: (session, way) => session.setControls({ swing: way / 10 }),
  mute: (session, way) => session.setStrip(way, { muted: true }),
  limits: (session, way) => session.setStrip(2, { limits: { polyphony: 1 + way } }),
  velocities: (session, way) => session.setStrip(way, { velocities: way > 1 ? "upper" : "lower" }),
  write: (session, way) => session.charting.write((chart) => edits.write(chart, way)),
  another: (session) => session.leading.another(),
} satisfies Record<string, (session: Session, way: number) => void>;

const MOVED = fc.record({
  name: fc.constantFrom(...(Object.keys(moves) as (keyof typeof moves)[])),
  way: fc.nat({ max: 3 }),
  /** Ticks until the next. */
  wait: fc.nat({ max: 12 }),
});

describe("undo and redo", () => {
  it("take decisions back one after the other, and make them again", async () => {
    const { session, run } = await playing();
    const first = session.performance;
    session.setControls({ lead: 3 });
    run(2);
    const second = session.performance;
    session.setStrip(0, { muted: true });
    run(2);
    const third = session.performance;
    expect([session.state.canUndo, session.state.canRedo]).toEqual([true, false]);
    session.undo();
    expect(session.performance).toEqual(second);
    session.undo();
    expect(session.performance).toEqual(first);
    expect([session.state.canUndo, session.state.canRedo]).toEqual([false, true]);
    session.undo();
    expect(session.performance).toEqual(first);
    session.redo();
    session.redo();
    expect(session.performance).toEqual(third);
  });

  it("take back music too, from the commit horizon on, and the tempo", async () => {
    const { session, source, run } = await playing();
    session.setControls({ lead: 3, tempo: 90 });
    run(2);
    session.undo();
    run(0.3);
    const { committedStep } = session.timeline();
    const { step, settings } = source.retakes.at(-1)!;
    expect(settings.constraint.lead).toBe(0);
    expect(step).toBeLessThanOrEqual(Math.ceil(committedStep));
    expect(session.state.controls.tempo).toBe(120);
  });

  it("count a dial that is dragged as one decision, and two moves apart as two", async () => {
    const { session, run } = await playing();
    for (let turn = 0; turn < 40; turn++) {
      session.setControls({ temperature: 0.5 + turn / 100 });
      run(0.06);
    }
    run(2);
    session.setControls({ temperature: 1.5 });
    session.undo();
    expect(session.state.controls.temperature).toBeCloseTo(0.89, 6);
    session.undo();
    expect(session.state.controls.temperature).toBe(0.9);
    expect(session.state.canUndo).toBe(false);
  });

  it("keep the seed of the piece, and forget what was undone once something else is decided", async () => {
    const { session, run } = await playing();
    session.setControls({ lead: 3 });
    session.startOver();
    const { seed } = session.state.controls;
    session.undo();
    expect(session.state.controls).toMatchObject({ lead: 0, seed });
    run(1);
    session.setControls({ drums: false });
    session.redo();
    expect(session.state.controls).toMatchObject({ lead: 0, drums: false });
  });
});

describe("what is brought back", () => {
  it("holds exactly from a bar line on that was not settled, and is heard from there", async () => {
    const { session, source, run, clock, player } = await playing();
    const kept = withControls(session.performance, {
      lead: 5,
      tempo: 90,
      temperature: 1.3,
      metre: parseMetre("3/4"),
      key: { tonic: 2, scale: "dorian" },
    });
    const before = session.performance;
    const { committedStep } = session.timeline();
    session.bringBack(kept);
    const bar = session.state.comingStep!;
    expect(bar).toBeGreaterThanOrEqual(committedStep);
    expect(bar - committedStep).toBeLessThan(64);
    expect(bar % 32).toBe(0);
    const { step, settings } = source.retakes.at(-1)!;
    expect(step).toBe(bar);
    expect(settings).toEqual(compositionSettings(kept, session.metres));
    expect(metreName(session.metres.barAt(bar).metre)).toBe("3/4");
    expect(session.metres.barAt(bar).start).toBe(bar);
    // Until the bar all holds that held, and what was planned before it stays.
    expect(session.performance).toEqual(before);
    expect(session.notes.filter(({ onset }) => onset < bar && onset >= committedStep)).not.toEqual(
      [],
    );
    while (session.timeline().step < bar) {
      expect(session.performance).toEqual(before);
      run(0.02);
    }
    run(0.03);
    expect(session.performance).toEqual(kept);
    expect(session.state.comingStep).toBeUndefined();
    // The bar itself comes at the old tempo, what follows at the new one.
    run(2);
    const starts = player.played.map(({ start }) => start).filter((start) => start > clock.now - 2);
    const gaps = starts.slice(1).map((start, index) => start - starts[index]);
    for (const gap of gaps) expect(gap).toBeCloseTo(60 / 90, 6);
  });

  it("is changed by what is moved before it has come, and gives way to undo", async () => {
    const { session, source, run } = await playing();
    const before = session.performance;
    const kept = withControls(before, { lead: 5, temperature: 1.3 });
    session.bringBack(kept);
    session.setControls({ topP: 0.5 });
    run(0.3);
    expect(source.retakes.at(-1)).toMatchObject({ settings: { constraint: { lead: 5 } } });
    session.undo();
    session.undo();
    expect(session.state.comingStep).toBeUndefined();
    expect(session.performance).toEqual(before);
    run(4);
    expect(session.performance).toEqual(before);
    expect(source.retakes.at(-1)?.settings.constraint.lead).toBe(0);
  });

  it("keeps what is moved after it was called, whether it has its bar line by then or waits for one", async () => {
    const waited = { not: 0, once: 0 };
    const lead = { name: "lead", way: 3, wait: 0 } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(MOVED, { maxLength: 3 }),
        fc.array(MOVED, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (before, after, waits) => {
          const { session, source, run } = await playing();
          const kept = withStrip(withControls(session.performance, { lead: 1, tempo: 95 }), 4, {
            pan: 0.5,
          });
          const move = ({ name, way, wait }: (typeof after)[number]) => {
            moves[name](session, way);
            if (wait > 0) run(0.03 * wait);
          };
          before.forEach(move);
          if (waits) {
            // A retake under way, whose music does not come: there is no bar line yet.
            source.limit = 0;
            session.setControls({ minP: 0.01 });
            run(0.3);
          }
          session.bringBack(kept);
          if (session.state.comingStep === undefined) waited.once++;
          else waited.not++;
          after.slice(0, 2).forEach(move);
          source.limit = Number.POSITIVE_INFINITY;
          after.slice(2).forEach(move);
          run(6);
          const aside = fakeJam().session;
          aside.perform(kept);
          for (const { name, way } of after) moves[name](aside, way);
          expect(musical(session.performance)).toEqual({
            ...musical(aside.performance),
            chart: { ...aside.performance.chart, cue: session.performance.chart.cue },
          });
          const leads = session.performance.controls.lead;
          expect(source.retakes.at(-1)?.settings.constraint.lead).toBe(leads);
          expect(session.notes.at(-1)?.instrument).toBe(leads);
        },
      ),
      {
        numRuns: 40,
        // What is moved to where it stands now is another for what comes.
        examples: [
          [[lead], [lead], false],
          [[lead], [lead], true],
        ],
      },
    );
    expect(Math.min(waited.not, waited.once)).toBeGreaterThan(0);
  });

  it("gives way to undo while it waits for its bar line, and comes at once where the music stops", async () => {
    for (const end of ["undo", "stop"] as const) {
      const { session, source, run } = await playing();
      source.limit = 0;
      session.setControls({ temperature: 1.2 });
      run(0.06);
      session.bringBack(withControls(session.performance, { lead: 5 }));
      session.setControls({ topP: 0.5 });
      expect(session.state.comingStep).toBeUndefined();
      if (end === "undo") session.undo();
      session[end]();
      const { lead, temperature, topP } = session.performance.controls;
      const expected = end === "undo" ? [0, 1.2, 0.95] : [5, 1.2, 0.5];
      expect([lead, temperature, topP]).toEqual(expected);
      source.limit = Number.POSITIVE_INFINITY;
      run(2);
      expect(source.retakes.at(-1)?.settings.constraint.lead).toBe(lead);
    }
  });

  it("holds at once while nothing sounds, and once what it waits for stops", async () => {
    const { session, run, loaded } = fakeJam();
    loaded();
    run(1);
    const kept = withControls(session.performance, { lead: 5, tempo: 90 });
    session.bringBack(kept);
    expect(session.performance).toEqual(kept);
    await session.play();
    run(5);
    session.bringBack(withControls(kept, { lead: 7, tempo: 60 }));
    session.stop();
    expect(session.state.controls).toMatchObject({ lead: 7, tempo: 60 });
    expect(session.state.comingStep).toBeUndefined();
  });

  it("leaves the past as it was, whatever is decided, undone and brought back", async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant("lead"), value: fc.integer({ min: 0, max: 8 }) }),
      fc.record({ kind: fc.constant("tempo"), value: fc.integer({ min: 60, max: 180 }) }),
      fc.record({ kind: fc.constantFrom("write", "call", "draw"), value: fc.nat({ max: 3 }) }),
      fc.record({ kind: fc.constantFrom("undo", "redo", "bring"), value: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 20 }), async (acts) => {
        const { session, run, player } = await playing();
        const kept = session.performance;
        const heard: string[] = [];
        for (const { kind, value } of acts) {
          const { committedStep } = session.timeline();
          const settled = session.notes.filter(({ onset }) => onset < committedStep);
          if (kind === "lead") session.setControls({ lead: value });
          else if (kind === "tempo") session.setControls({ tempo: value });
          else if (kind === "write" || kind === "call" || kind === "draw")
            session.charting.write((chart) => edits[kind](chart, value));
          else if (kind === "undo") session.undo();
          else if (kind === "redo") session.redo();
          else session.bringBack(kept);
          run(0.4);
          expect(session.notes.slice(0, settled.length)).toEqual(settled);
          heard.push(...player.played.slice(heard.length).map(({ start }) => String(start)));
        }
        const starts = player.played.map(({ start }) => start);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        session.bringBack(kept);
        run(8);
        expect(musical(session.performance)).toEqual(musical(kept));
      }),
      { numRuns: 30 },
    );
  });
});
