import { describe, expect, it } from "vitest";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import type { Prime } from "#music/midi/prime.ts";

/** Ten bars of a waltz at 90, left in play. */
const LEFT: Prime = {
  notes: Array.from({ length: 30 }, (_, index) => ({
    ...{ instrument: 3, pitch: 72, velocity: 90, onset: 8 * index, duration: 8 },
  })),
  tempos: [{ step: 0, tempo: 90 }],
  metres: MetreMap.of(parseMetre("3/4")).points,
};

describe("a piece that was left in play", () => {
  it("is offered, and goes on where it was left, its past with it", async () => {
    const { session, source, run, loaded, player } = fakeJam();
    session.offer(LEFT);
    loaded();
    run(1);
    expect(session.state.leftBars).toBe(10);
    session.setControls({ metre: parseMetre("3/4") });
    session.goOn();
    expect(session.state.leftBars).toBeUndefined();
    expect(session.timeline().step).toBe(8 * 29);
    expect(source.begun.at(-1)?.constraint.metres).toEqual(LEFT.metres);
    await session.play();
    run(5);
    // Nothing that was heard then is heard again.
    expect(player.played.length).toBeGreaterThan(5);
    expect(player.played[0].start).toBeLessThan(102);
    expect(session.notes.slice(0, 30)).toEqual(LEFT.notes);
    expect(session.notes[30].onset).toBe(8 * 30);
    session.stop();
    const song = readMidi(session.takeAsMidi());
    // What was handed out last was cut off by the stop.
    expect(song.notes.length).toBeGreaterThanOrEqual(30 + player.played.length - 2);
    expect(song.meters[0]).toMatchObject({ numerator: 3, denominator: 4 });
    expect(song.tempos.map(({ tempo }) => Math.round(tempo))).toEqual([90, 120]);
  });

  it("stays offered while another piece plays, and does nothing then", async () => {
    const { session, run, loaded, source } = fakeJam();
    loaded();
    session.goOn();
    session.offer(LEFT);
    run(1);
    await session.play();
    run(3);
    const begun = source.begun.length;
    session.goOn();
    expect(source.begun.length).toBe(begun);
    session.stop();
    session.startOver();
    expect(session.state.leftBars).toBe(10);
  });
});
