/** Call and answer: where a call ends, where its answer stands and how long it is, and that the lead keeps to it. */
import { describe, expect, it } from "vitest";
import { Composer } from "#engine/compose/composer.ts";
import { drawnAlike } from "#engine/compose/composition.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { playingJam } from "#engine/testing/fake-jam.ts";
import { DRUMS } from "#music/instrument.ts";
import { type Metre, MetreMap, parseMetre } from "#music/metre.ts";
import { Calls } from "./calls.ts";
import { firstPerformance, withControls } from "./performance.ts";
import { withTurns } from "./trading.ts";

/** Keys go down and up at steps; gives the step at which the call was known to have ended. */
function called(keys: readonly (readonly [number, number])[], metre: Metre = parseMetre("4/4")) {
  const calls = new Calls();
  const metres = MetreMap.of(metre);
  for (let at = 0; at < 2000; at++) {
    const step = at / 4;
    if (keys.some(([down]) => down === step)) calls.press(step, metres);
    const isDown = keys.some(([down, up]) => down <= step && step < up);
    if (calls.listen(step, isDown, metres)) return { calls, metres, ended: step };
  }
  throw new Error("the call never ended");
}

describe("a call", () => {
  it("ends by a beat of rest, and its answer has its length", () => {
    const { calls, metres, ended } = called([
      [2, 6],
      [8, 13],
    ]);
    expect(ended).toBeGreaterThanOrEqual(20);
    expect(ended).toBeLessThan(22);
    expect(calls.answersFrom(ended + 5.5, metres)).toMatchObject([{ from: 32, until: 48 }]);
    // It stays where it is, whatever is composed anew.
    expect(calls.answersFrom(40, metres)).toMatchObject([{ from: 32, until: 48 }]);
  });

  it("ends with the bar where nothing sounds over its line", () => {
    expect(called([[16, 29]]).ended).toBe(32);
    const held = called([[16, 40]]);
    expect(held.ended).toBeGreaterThanOrEqual(47);
    expect(held.calls.answersFrom(50, held.metres)).toMatchObject([{ from: 56, until: 80 }]);
  });

  it("counts beats as the metre does", () => {
    const { calls, metres, ended } = called([[0, 9]], parseMetre("6/8"));
    expect(ended).toBeGreaterThanOrEqual(20);
    expect(calls.answersFrom(ended, metres)).toMatchObject([{ from: 24, until: 36 }]);
  });

  it("has no beat more for a key that came up late", () => {
    const { calls, metres, ended } = called([[0, 17]]);
    expect(calls.answersFrom(ended, metres)).toMatchObject([{ from: 32, until: 48 }]);
  });

  it("goes on where it is taken up before its answer is heard", () => {
    const { calls, metres, ended } = called([[0, 8]]);
    expect(calls.answersFrom(ended + 8, metres)).toMatchObject([{ from: 24, until: 32 }]);
    calls.press(20, metres);
    expect(calls.answersFrom(28, metres)).toEqual([]);
    expect([24, 30, 31, 32].map((step) => calls.listen(step, step < 31, metres)).at(-1)).toBe(true);
    expect(calls.answersFrom(40, metres)).toMatchObject([{ from: 40, until: 72 }]);
  });

  it("cuts the answer short into which it is played", () => {
    const { calls, metres, ended } = called([[0, 15]]);
    expect(calls.answersFrom(ended + 4, metres)).toMatchObject([{ from: 32, until: 48 }]);
    calls.press(34, metres);
    expect(calls.answersFrom(42.5, metres)).toMatchObject([{ from: 32, until: 43 }]);
  });
});

describe("the lead", () => {
  const LEAD = 7;

  it.each([
    ["its own instrument", "Organ", LEAD],
    ["another", "Violin", 3],
  ])("plays in its answers alone where the human plays %s", async (_, name, hand) => {
    const { calls, metres } = called([[8, 23]]);
    const jam = await playingJam(0);
    const first = firstPerformance(jam.session.performance.controls);
    const performance = withControls(first, { lead: LEAD, hand: name, company: "call" });
    const settings = {
      constraint: {
        ...{ lead: LEAD, drums: true, band: [0, 2, hand, LEAD] },
        ...(hand === LEAD ? {} : { silent: [hand] }),
      },
      sampling: drawnAlike({ temperature: 1, topP: 0.95 }),
      seed: 3,
      chart: { arranged: { seed: 3, lead: LEAD, drums: true, band: [0, 2, hand, LEAD] } },
    };
    const answered = () => calls.answersFrom(64, metres);
    const composer = new Composer(new FakeDecoder({ conditioned: true }));
    composer.begin(withTurns(settings, performance, 0, answered, metres));
    while (composer.onset < 4 * 32) await composer.next();
    const own = composer.notes.filter(({ instrument }) => instrument === LEAD);
    expect(own.length).toBeGreaterThan(0);
    // The call had two beats.
    for (const { onset, duration } of own) {
      expect(onset).toBeGreaterThanOrEqual(64);
      expect(onset + duration).toBeLessThanOrEqual(80);
    }
    const others = composer.notes.filter(({ onset }) => onset < 64 || onset >= 80);
    expect(others.length).toBeGreaterThan(20);
    if (hand !== LEAD) expect(composer.notes.some((note) => note.instrument === hand)).toBe(false);
  });
});

describe("a session that answers calls", () => {
  async function calling() {
    const jam = await playingJam(2, { hand: "Violin", company: "call" });
    const { begun, retakes } = jam.source;
    const newest = () => retakes.at(-1)?.settings ?? begun[begun.length - 1];
    const rests = () => newest().constraint.rests ?? [];
    return { ...jam, newest, rests };
  }
  const key = (pitch: number) => ({ instrument: 3, pitch, velocity: 100 });

  it("lets the lead rest until it is called, then answer soon, on a beat, and rest again", async () => {
    const { rests, newest, session, run } = await calling();
    expect(rests()).toEqual([{ instrument: 0, from: 0 }]);
    expect(newest().constraint.silent).toEqual([3]);
    const bar = session.metres.barAt(session.timeline().step).index;
    expect(newest().chart?.written?.[bar + 2]?.players?.[DRUMS]).toBe(true);
    expect(newest().chart?.written?.[bar + 2]?.players?.[0]).toBe(false);
    // Six quarters of which each is held for most of its time.
    const began = session.timeline().step;
    for (let pitch = 60; pitch < 66; pitch++) {
      session.keys.press(key(pitch));
      run(0.4);
      session.keys.release(key(pitch));
      run(0.09);
    }
    const ended = session.timeline().step;
    expect(rests()).toEqual([{ instrument: 0, from: 0 }]);
    run(1.2);
    const [before, after] = rests();
    expect(before).toMatchObject({ instrument: 0, from: 0 });
    expect(before.until! % 8).toBe(0);
    expect(after.until).toBeUndefined();
    // As long as the call was to a beat, and not later than two beats after the beat of rest.
    expect(Math.abs(after.from - before.until! - (ended - began))).toBeLessThanOrEqual(8);
    expect(before.until! - ended).toBeLessThanOrEqual(24);
    run(30);
    const later = session.metres.barAt(session.timeline().plannedStep).index;
    expect(newest().chart?.written?.[later]?.players?.[0]).toBe(false);
  });

  it("gives all back where the band answers no more", async () => {
    const { rests, newest, session, run } = await calling();
    session.setControls({ company: "accompany" });
    run(1);
    expect(rests()).toEqual([]);
    expect(newest().chart?.written).toBeUndefined();
  });

  it("takes the answer back where the human plays on", async () => {
    const { rests, session, run } = await calling();
    session.keys.press(key(60));
    run(0.3);
    session.keys.release(key(60));
    run(0.75);
    const [{ until }] = rests();
    expect(until).toBeGreaterThan(session.timeline().step);
    session.keys.press(key(62));
    run(0.3);
    expect(rests()).toEqual([{ instrument: 0, from: 0 }]);
  });
});
