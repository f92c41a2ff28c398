import { describe, expect, it } from "vitest";
import { CLOCK, NOTE_ON } from "#players/midi/midi-message.ts";
import { portTiming, type SentMessage } from "./port-timing.ts";

const PERIOD = 20.8;
const message = (time: number, ...data: number[]): SentMessage => ({ data, time, at: time - 100 });

/** A clock and notes on every fourth step; some of them late. @param late milliseconds by index */
function played(late: Readonly<Record<string, number>>): SentMessage[] {
  const ticks = Array.from({ length: 400 }, (_, tick) =>
    message(1000 + tick * PERIOD + (late[`tick ${tick}`] ?? 0), CLOCK.tick),
  );
  const notes = Array.from({ length: 30 }, (_, note) =>
    message(1000 + (1 + 12 * note) * PERIOD + (late[`note ${note}`] ?? 0), NOTE_ON, 60, 90),
  );
  return [...notes, ...ticks];
}

describe("what a port got", () => {
  it("is even, wherever the steps lie among the ticks", () => {
    const { notes, clock, late } = portTiming(played({}));
    expect([notes.length, clock.length, late]).toEqual([30, 400, 0]);
    expect(Math.max(...notes, ...clock)).toBeLessThan(1e-6);
  });

  it("tells late notes and late ticks, by how much", () => {
    const sent = played({ "note 7": 9, "tick 200": 5, "tick 0": 3 });
    const { notes, clock, late } = portTiming(
      sent.map((each, index) => (index === 9 ? { ...each, at: each.time } : each)),
    );
    expect(late).toBe(1);
    expect(notes.at(-1)).toBeCloseTo(9, 0);
    expect(clock.at(-1)).toBeCloseTo(5, 1);
    expect(clock.at(-2)).toBeCloseTo(3, 0);
    expect(clock.at(-3)).toBeLessThan(0.5);
  });

  it("measures what lies between stop and continue by itself", () => {
    const again = played({}).map((each) => ({ ...each, time: each.time + 9111 }));
    const sent = [...played({}), message(10_000, CLOCK.continue), ...again];
    expect(portTiming(sent).clock.at(-1)).toBeLessThan(1e-6);
    expect(portTiming([...played({}), ...again]).clock.at(-1)).toBeGreaterThan(1);
  });
});
