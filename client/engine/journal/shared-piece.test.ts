/** What was heard of a jam comes out of its orders once more, with what a human played and where it was stopped. */
import { describe, expect, it } from "vitest";
import { milliseconds, seconds } from "#base/brand.ts";
import { yieldToEvents } from "#base/yield-to-events.ts";
import { Composer } from "#engine/compose/composer.ts";
import { LocalComposition } from "#engine/compose/local-composition.ts";
import { Session } from "#engine/jam/session.ts";
import { FakeDecoder } from "#engine/testing/fake-decoder.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { FakeClock, RecordingPlayer } from "#engine/testing/fake-source.ts";
import { withText } from "#music/chart/player-chart.ts";
import { canonicalNotes } from "#music/piece.ts";
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

describe("a shared piece", () => {
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
  ])("that is %s is refused", (_, spoil) => {
    const order = { drawn: 0, step: 0, settings: { constraint: { lead: 0, drums: true } } };
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
    expect(parseShared(whole)).toBe(whole);
    expect(() => parseShared(spoil(whole))).toThrow("link-unreadable");
  });
});
