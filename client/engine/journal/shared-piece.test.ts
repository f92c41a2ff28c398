/** What was heard of a jam comes out of its orders once more, with what a human played and where it was stopped. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds, seconds } from "#base/brand.ts";
import { failureOf } from "#base/failure.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { Composer } from "#engine/compose/composer.ts";
import { drawnAlike } from "#engine/compose/composition.ts";
import { CONTROLS, fits, JAM_CONTROLS } from "#engine/compose/controls.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { keptPerformance } from "#engine/jam/kept-performance.ts";
import type { Performance } from "#engine/jam/performance.ts";
import { Session } from "#engine/jam/session.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { FakeClock, RecordingPlayer } from "#engine/testing/fake-source.ts";
import { withText } from "#music/chart/player-chart.ts";
import { LEAD_INSTRUMENTS } from "#music/instrument.ts";
import { canonicalNotes } from "#music/piece.ts";
import { Journal } from "./journal.ts";
import { RecordedSource } from "./recorded-source.ts";
import { replay } from "./replay.ts";
import { heardOf, parseShared, printOf, type SharedPiece, sharedOf } from "./shared-piece.ts";

const make = () => new Composer(new FakeDecoder({ conditioned: true }));

/** A jam on a real composer over a fake model, in a time that the test lets pass. */
function jam() {
  let worked = 0;
  const local = new LocalComposition(make(), () => milliseconds(worked++));
  const source = new RecordedSource(local);
  const clock = new FakeClock();
  const session = new Session({
    source,
    player: new RecordingPlayer(),
    clock: clock.read,
    steadyClock: clock.read,
    unlock: async () => undefined,
    level: () => 0,
    controls: fakeJam().session.performance.controls,
  });
  const run = async (duration: number) => {
    for (const end = clock.now + duration; clock.now < end; ) {
      clock.now = seconds(clock.now + 0.03);
      session.tick(clock.now);
      for (let turn = 0; turn < 12; turn++) await yieldToEvents();
    }
  };
  const stall = (duration: number) => {
    clock.now = seconds(clock.now + duration);
  };
  return { session, source, local, run, stall };
}

/** One in which a good deal happens; what was heard, and what is shared of it as it would arrive. */
async function played() {
  const { session, source, local, run, stall } = jam();
  session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
  await run(2);
  await session.play();
  await run(6);
  expect(session.state.phase).toBe("playing");
  session.setControls({ hand: "Violin", temperature: 0.7, tempo: 100, swing: 62 });
  for (let pitch = 60; pitch < 66; pitch++) {
    session.keys.press({ instrument: 3, pitch, velocity: 77 });
    await run(0.35);
    session.keys.release({ instrument: 3, pitch });
    await run(0.2);
  }
  session.stop();
  await run(0.5);
  await session.play();
  await run(2);
  // The page stalls: what came too late is not heard.
  stall(1);
  session.charting.write((chart) => withText(chart, "Am F C G", undefined));
  await run(5);
  session.setControls({ lead: 8, style: "jazz" });
  await run(4);
  const heard = session.heardSoFar;
  const shared = sharedOf(heard, source.record);
  const arrived = JSON.parse(JSON.stringify(shared)) as SharedPiece;
  local.dispose();
  return { heard, notes: canonicalNotes(heard.notes), shared: arrived };
}

/** Values that stand nowhere in a link, and some that do elsewhere. */
const ELSEWHERE = [
  ...[null, true, "", "soft", "none", -1, 0, 0.5, 1, 12, 128, 1e9, 1e300],
  ...[[], {}, [null], [[]], { step: -3 }, { instrument: 3 }],
];

/** Every place in JSON that another value can stand in, as its holder and the key there. */
function* placesIn(value: unknown): Generator<readonly [holder: object, key: string]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    yield [value, key];
    yield* placesIn(part);
  }
}

/** What a link may not change past its limits: what is drawn by, when, and what the player is handed. */
function expectInRange({ record, performance, tempos }: SharedPiece, first: Performance): void {
  const { lowest, highest } = CONTROLS.tempo;
  for (const { tempo } of tempos) expect(tempo >= lowest && tempo <= highest).toBe(true);
  for (const { settings } of record.orders) {
    const { constraint, sampling, seed, tempo = lowest } = settings;
    expect(LEAD_INSTRUMENTS).toContain(constraint.lead);
    expect(fits("seed", seed) && fits("tempo", tempo)).toBe(true);
    for (const { temperature, topP = 1, minP = 0 } of Object.values(sampling))
      expect(fits("temperature", temperature) && topP > 0 && topP <= 1 && fits("minP", minP)).toBe(
        true,
      );
  }
  const { controls, strips } = keptPerformance(performance, first) ?? first;
  for (const name of JAM_CONTROLS) expect(fits(name, controls[name])).toBe(true);
  for (const { level, pan, limits } of strips) {
    expect(level >= 0 && level <= 1 && pan >= -1 && pan <= 1).toBe(true);
    for (const pitch of limits.register ?? []) expect(pitch >= 0 && pitch <= 127).toBe(true);
  }
}

describe("a shared piece", () => {
  it("with a value that is another is refused once, or within what can be set, and never breaks the page", async () => {
    const { shared } = await played();
    const { performance: first } = jam().session;
    const text = JSON.stringify(shared);
    const count = [...placesIn(JSON.parse(text))].length;
    let refused = 0;
    const change = fc.record({
      at: fc.nat({ max: count - 1 }),
      by: fc.oneof(fc.constantFrom(...ELSEWHERE, undefined), fc.jsonValue()),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const spoilt = JSON.parse(text);
        const places = [...placesIn(spoilt)];
        for (const { at, by } of changes) Reflect.set(...places[at], by);
        const arrived = JSON.parse(JSON.stringify(spoilt));
        const fault = failureOf(() => parseShared(arrived));
        if (fault !== undefined) {
          refused++;
          expect(fault).toMatchObject({ kind: "unreadable", remark: { code: "link-unreadable" } });
          return;
        }
        const piece = parseShared(arrived);
        expectInRange(piece, first);
        const journal = new Journal();
        journal.restore(heardOf(piece, piece.played));
        expect(journal.toMidi("shared").length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it("keeps bars open that are, which JSON says otherwise", async () => {
    const { session, source, run } = jam();
    session.modelLoaded({ id: "fake", parameters: 1, reasons: [] }, "reference");
    session.charting.write((chart) => withText(chart, "Am - F/- C", undefined));
    await run(2);
    await session.play();
    await run(6);
    const shared = sharedOf(session.heardSoFar, source.record);
    const piece = parseShared(JSON.parse(JSON.stringify(shared)));
    expect(piece.record.orders.map(({ settings }) => settings.chart)).toEqual(
      source.record.orders.map(({ settings }) => settings.chart),
    );
    const again = heardOf(piece, await replay(make(), piece.record));
    expect(printOf(again.notes)).toBe(shared.print);
  });

  it("is note for note what was heard, the human's notes and stops included", async () => {
    const { heard, notes, shared } = await played();
    const piece = parseShared(shared);
    const again = heardOf(piece, await replay(make(), piece.record));
    expect(notes.length).toBeGreaterThan(60);
    expect(heard.played()).toHaveLength(6);
    expect(heard.cuts).toHaveLength(1);
    expect(heard.leftOut.length).toBeGreaterThan(0);
    expect(again.notes).toEqual(notes);
    expect(printOf(again.notes)).toBe(piece.print);
    expect(again).toMatchObject({ tempos: heard.tempos, grooves: heard.grooves });
    expect(printOf(again.notes.slice(1))).not.toBe(piece.print);
  });

  it("says no port of the machine that it comes from", async () => {
    const { session, source } = jam();
    session.setStrip(2, {
      route: { kind: "midi", port: "Digitakt", channel: 3 } as never,
      level: 0.4,
    });
    const { performance } = sharedOf(session.heardSoFar, source.record);
    expect(JSON.stringify(performance)).not.toContain("Digitakt");
    expect(performance).toMatchObject({ controls: session.performance.controls });
  });

  it.each([
    ["nothing", () => undefined],
    ["text", () => "jam"],
    ["another version", (piece: SharedPiece) => ({ ...piece, version: 2 })],
    ["no orders", (piece: SharedPiece) => ({ ...piece, record: { orders: [], drawn: 3 } })],
    ["a null order", (piece: SharedPiece) => ({ ...piece, record: { orders: [null], drawn: 3 } })],
    [
      "orders without a beginning",
      (piece: SharedPiece) => ({
        ...piece,
        record: { ...piece.record, orders: piece.record.orders.slice(1) },
      }),
    ],
    [
      "tokens without end",
      (piece: SharedPiece) => ({ ...piece, record: { ...piece.record, drawn: 1e12 } }),
    ],
    ["notes that are none", (piece: SharedPiece) => ({ ...piece, played: [{ pitch: 400 }] })],
    ["stops that are none", (piece: SharedPiece) => ({ ...piece, cuts: ["3"] })],
    ["no tempos", (piece: SharedPiece) => ({ ...piece, tempos: undefined })],
    ["bars of no metre", (piece: SharedPiece) => ({ ...piece, metres: [{ step: 0 }] })],
    [
      "a groove without an end",
      (piece: SharedPiece) => ({
        ...piece,
        grooves: [{ step: 0, swing: 9, pair: 8, human: 0, seed: 0 }],
      }),
    ],
  ])("that is %s is refused", (_, spoil) => {
    const constraint = { lead: 0, drums: true };
    const sampling = drawnAlike({ temperature: 1 });
    const order = { drawn: 0, step: 0, settings: { constraint, sampling, seed: 3 } };
    const whole = {
      ...{ version: 1, performance: {}, played: [], cuts: [], leftOut: [], until: 8, print: 1 },
      ...{ metres: [], tempos: [], grooves: [] },
      record: {
        orders: [
          { ...order, prime: [] },
          { ...order, drawn: 5 },
        ],
        drawn: 9,
      },
    } as unknown as SharedPiece;
    expect(parseShared(whole)).toEqual(whole);
    expect(() => parseShared(spoil(whole))).toThrow("link-unreadable");
  });
});
