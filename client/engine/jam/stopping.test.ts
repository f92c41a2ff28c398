/** The music stops with a bar line: nothing behind it is heard, and Play goes on from there. */
import { describe, expect, it } from "vitest";
import { playingJam } from "#engine/testing/fake-jam.ts";

const BAR = 32;

describe("a stop at the bar", () => {
  it("hands out nothing of the next bar, keeps what sounded up to it, and goes on with it", async () => {
    const { session, player, clicks, run, clock } = await playingJam(3.3, { metronome: "soft" });
    session.leading.stopAtBar();
    expect([session.state.phase, session.state.stops]).toEqual(["playing", true]);
    const line = BAR * Math.ceil(session.timeline().step / BAR);
    const secondsToLine = (line - session.timeline().step) / 16;
    const due = clock.now + secondsToLine;
    run(secondsToLine + 0.1);
    expect([session.state.phase, session.state.stops]).toEqual(["ready", false]);
    expect(session.timeline().step).toBeCloseTo(line, 6);
    expect(Math.max(...player.played.map(({ start }) => start))).toBeLessThan(due - 0.01);
    expect(Math.max(...clicks.clicked.map(({ time }) => time))).toBeLessThan(due - 0.01);
    const heard = session.heardSoFar.notes;
    expect(heard.at(-1)?.onset).toBe(line - 8);
    const count = player.played.length;
    run(1);
    await session.play();
    run(0.3);
    expect(player.played[count].start).toBeCloseTo(clock.now - 0.3 + 0.08, 1);
    expect(session.heardSoFar.notes.find(({ onset }) => onset === line)).toBeDefined();
  });

  it("is the bar after where that one is handed out already, and given up at a second press", async () => {
    const { session, run } = await playingJam(2.9);
    const line = BAR * Math.ceil(session.timeline().step / BAR);
    while (line - session.timeline().step > 3) run(0.03);
    session.leading.stopAtBar();
    run(1);
    expect(session.state.phase).toBe("playing");
    session.leading.stopAtBar();
    expect(session.state.stops).toBe(false);
    run(4);
    expect(session.state.phase).toBe("playing");
    session.leading.stopAtBar();
    session.stop();
    expect(session.state.stops).toBe(false);
    session.leading.stopAtBar();
    expect(session.state.stops).toBe(false);
  });
});
