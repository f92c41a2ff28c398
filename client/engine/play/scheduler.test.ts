import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { RecordingPlayer } from "#engine/testing/fake-source.ts";
import type { Note } from "#music/note.ts";
import { PAST_STEPS, Plan } from "./plan.ts";
import { LOOKAHEAD, Scheduler } from "./scheduler.ts";
import { Transport } from "./transport.ts";

const note = (onset: number, pitch = 60): Note => ({
  instrument: 0,
  pitch,
  velocity: 90,
  onset,
  duration: 4,
});

function build(notes: readonly Note[]) {
  const plan = new Plan();
  plan.add(notes);
  const transport = new Transport(120);
  const player = new RecordingPlayer();
  return { plan, transport, player, scheduler: new Scheduler(plan, transport, player) };
}

describe("Scheduler", () => {
  it("hands every note over once, on time, within the lookahead", () => {
    const { transport, player, scheduler } = build(Array.from({ length: 160 }, (_, i) => note(i)));
    transport.start(seconds(5));
    for (let now = 5; now < 15; now += 0.03) {
      const before = player.played.length;
      scheduler.advance(seconds(now));
      for (const played of player.played.slice(before)) {
        expect(played.start).toBeLessThan(now + LOOKAHEAD);
        expect(played.start).toBeGreaterThanOrEqual(now);
      }
    }
    expect(player.played).toHaveLength(160);
    for (const [i, played] of player.played.entries()) {
      expect(played.start).toBeCloseTo(5 + i / 16, 9);
      expect(played.length).toBeCloseTo(0.25, 9);
    }
  });

  it("does nothing while stopped", () => {
    const { player, scheduler } = build([note(0)]);
    scheduler.advance(seconds(100));
    expect(player.played).toEqual([]);
  });

  it("after a stop hands out again what was not heard, and nothing twice that was", () => {
    const { transport, player, scheduler } = build([0, 4, 8].map((onset) => note(onset)));
    transport.start(seconds(0));
    scheduler.advance(seconds(0));
    scheduler.advance(seconds(0.2)); // up to 0.5 s: onsets 0 and 4
    expect(player.played).toHaveLength(2);
    scheduler.stop(seconds(0.2));
    expect(player.silences).toBe(1);
    transport.start(seconds(9));
    scheduler.advance(seconds(9));
    expect(player.played.slice(2).map((played) => played.start)).toEqual([
      expect.closeTo(9.05, 9),
      expect.closeTo(9.3, 9),
    ]);
  });

  it("holds without silencing when nothing lies ahead, and goes on with the next note", () => {
    const { plan, transport, player, scheduler } = build([note(0)]);
    transport.start(seconds(0));
    scheduler.advance(seconds(0));
    scheduler.hold(seconds(0));
    expect(player.silences).toBe(0);
    plan.add([note(8)]);
    transport.start(seconds(3));
    scheduler.advance(seconds(3.2));
    expect(player.played).toHaveLength(2);
  });
});

describe("a stall of the page", () => {
  it("leaves out what is late instead of sounding it all at once", () => {
    const { transport, player, scheduler } = build(Array.from({ length: 160 }, (_, i) => note(i)));
    transport.start(seconds(0));
    scheduler.advance(seconds(0));
    const before = player.played.length;
    scheduler.advance(seconds(3));
    for (const played of player.played.slice(before)) {
      expect(played.start).toBeGreaterThanOrEqual(2.9 - 1e-9);
    }
    expect(scheduler.missed).toBe(Math.ceil((2.9 - 0.3) * 16));
  });
});

describe("Plan", () => {
  it("forgets the long past, and only that", () => {
    const { plan } = build(Array.from({ length: 2000 }, (_, i) => note(i)));
    plan.take(1500);
    plan.forgetBefore(1500);
    expect(plan.notes[0].onset).toBe(1500 - PAST_STEPS - 4);
    expect(plan.take(2000)[0].onset).toBe(1500);
  });

  it("drops what is planned, but nothing that was handed out", () => {
    const { plan } = build([0, 8, 16, 24].map((onset) => note(onset)));
    plan.take(10);
    plan.dropFrom(4);
    expect(plan.notes.map((planned) => planned.onset)).toEqual([0, 8]);
    expect(plan.composedUntil).toBe(8);
  });
});
