/** Swing and humanising: what is heard, what a take's file says and what is listened to again are the same. */
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { groovesOf, metresOf, temposOf } from "#engine/compose/piece-time.ts";
import type { Take } from "#engine/journal/take.ts";
import { Playback } from "#engine/play/playback.ts";
import { Studio } from "#engine/studio/studio.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { RecordingPlayer } from "#engine/testing/fake-source.ts";
import { GrooveMap } from "#music/groove-map.ts";
import { readMidi } from "#music/midi/midi-reader.ts";
import { WRITTEN_TICKS_PER_QUARTER } from "#music/midi/midi-writer.ts";

const controls = { swing: 67, humanise: 0.6, swungNotes: "8ths" } as const;

/** A session that plays notes four steps apart, one instrument on one key. */
async function playing(first = {}) {
  const jam = fakeJam();
  jam.source.every = 4;
  jam.session.setControls(first);
  jam.loaded();
  jam.run(1);
  await jam.session.play();
  return jam;
}

/** The most by which two lists of times differ, each counted from its first. */
const farthest = (some: readonly number[], others: readonly number[]) =>
  Math.max(...some.map((time, at) => Math.abs(time - some[0] - (others[at] - others[0]))));

const idle = async () => {
  throw new Error("nothing is composed or rendered here");
};

describe("a groove", () => {
  it("is heard: the second of two eighths comes late, and nothing is composed anew", async () => {
    const { session, source, player, run } = await playing();
    run(2);
    session.setControls({ swing: 67 });
    run(4);
    expect(source.retakes).toEqual([]);
    const gaps = player.played.slice(-8).map(({ start }, at, all) => start - all[at - 1]?.start);
    const [short, long] = [0.33 * 0.5, 0.67 * 0.5];
    for (const gap of gaps.slice(1))
      expect(Math.min(Math.abs(gap - short), Math.abs(gap - long))).toBeLessThan(1e-6);
    expect(session.notes.every(({ onset }) => onset % 4 === 0)).toBe(true);
  });

  it("is the same in a take's file, after it was moved while playing, and for whoever listens to the take", async () => {
    const { session, player, run } = await playing();
    const takes: Take[] = [];
    session.taken.on((take) => takes.push(take));
    run(2);
    session.setControls(controls);
    run(3);
    session.setControls({ swungNotes: "16ths", humanise: 1 });
    run(3);
    const heard = [...player.played];
    session.startOver();
    const [take] = takes;
    const count = take.music.notes.length - 3;
    const starts = heard.slice(0, count).map(({ start }) => start);
    const song = readMidi(take.midi);
    const tick = 60 / 120 / WRITTEN_TICKS_PER_QUARTER;
    const written = [...song.notes].sort((a, b) => a.tick - b.tick).slice(0, count);
    const places = written.map((note) => note.tick * tick);
    expect(farthest(places, starts)).toBeLessThan(1.01 * tick);
    expect(written.map(({ velocity }) => velocity)).toEqual(
      heard.slice(0, count).map(({ velocity }) => velocity),
    );
    const studio = new Studio({ source: idle, listen: idle as never, render: idle });
    studio.keep(take);
    const [{ request, notes }] = studio.state.tracks;
    const again = new RecordingPlayer();
    const playback = new Playback(
      new GrooveMap(groovesOf(request)).playedAll(notes, metresOf(request)),
      temposOf(request),
      again,
      seconds(10),
      () => undefined,
    );
    for (let now = 10; now < 20; now += 0.03) playback.tick(seconds(now));
    const listened = again.played.slice(0, count);
    const restarts = listened.map(({ start }) => start);
    expect(farthest(restarts, starts)).toBeLessThan(1e-9);
    expect(listened.map(({ velocity }) => velocity)).toEqual(
      heard.slice(0, count).map(({ velocity }) => velocity),
    );
  });

  it("leaves the beat where it was: a clock that goes out is straight", async () => {
    const even = await playing();
    const swinging = await playing(controls);
    for (const { run } of [even, swinging]) run(5);
    for (let step = 8; step < 24; step++)
      expect(swinging.session.place.timeOf(step)).toBe(even.session.place.timeOf(step));
  });

  it("is meant by a human who swings along: the off-beat stands on the grid", async () => {
    const { session, run } = await playing({ swing: 67, hand: "Violin" });
    run(3);
    while (Math.abs((session.timeline().step % 8) - 5.36) > 0.3) run(0.03);
    session.keys.press({ instrument: 3, pitch: 70, velocity: 90 });
    const struck = session.notes.find(({ pitch }) => pitch === 70);
    expect((struck?.onset ?? 0) % 8).toBe(4);
  });

  it("comes back with a bank at its bar, and is undone", async () => {
    const { session, player, run } = await playing(controls);
    run(2);
    const swinging = session.performance;
    session.setControls({ swing: 50, humanise: 0 });
    run(3);
    session.bringBack(swinging);
    run(6);
    const { start } = player.played.at(-1) ?? player.played[0];
    expect(session.performance.controls).toMatchObject(controls);
    expect(start).toBeGreaterThan(0);
    session.undo();
    expect(session.performance.controls.swing).toBe(50);
  });
});
