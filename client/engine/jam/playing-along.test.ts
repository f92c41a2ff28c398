/** A human plays along: what is struck sounds at once, is part of the piece, and the band is asked anew. */
import { describe, expect, it } from "vitest";
import { playedJam } from "#engine/testing/composing-jam.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { withText } from "#music/chart/player-chart.ts";
import { readMidi } from "#music/midi/midi-reader.ts";

const key = (pitch: number, instrument = 3) => ({ instrument, pitch, velocity: 100 });

async function playing() {
  const jam = fakeJam();
  jam.loaded();
  jam.run(1);
  jam.session.setControls({ hand: "Violin" });
  await jam.session.play();
  jam.run(3);
  const { retakes } = jam.source;
  return { ...jam, keys: jam.session.keys, newest: () => retakes[retakes.length - 1] };
}

describe("playing along", () => {
  it("sounds at once, before the band is asked", async () => {
    const { keys, player, clock, source } = await playing();
    const { length } = source.retakes;
    for (let pitch = 60; pitch < 80; pitch++) {
      keys.press(key(pitch));
      expect(player.played.at(-1)).toMatchObject({ instrument: 3, pitch, start: clock.now });
    }
    expect(source.retakes).toHaveLength(length);
  });

  it("enters the piece at its onset, still held, and plan after it is taken back", async () => {
    const { session, keys, run, newest } = await playing();
    const { step } = session.timeline();
    keys.press(key(67));
    run(0.3);
    const onset = Math.round(step);
    const { settings, step: from } = newest();
    expect(settings.played?.notes).toMatchObject([{ instrument: 3, pitch: 67, onset }]);
    expect(settings.constraint.silent).toEqual([3]);
    expect(from).toBeGreaterThan(onset);
    expect(from - step).toBeLessThan(10);
    run(1);
    keys.release(key(67));
    keys.press(key(69));
    run(0.3);
    const [held, next] = newest().settings.played?.notes ?? [];
    expect(held.duration).toBeGreaterThan(15);
    expect(next.onset).toBe(held.onset + held.duration);
  });

  it("does not move chords that are written: they are held", async () => {
    const { keys, run, newest, session } = await playing();
    session.charting.write((chart) => withText(chart, "Am F", undefined));
    run(0.6);
    for (const pitch of [62, 65, 69]) keys.press(key(pitch));
    run(0.6);
    expect(newest().settings.played?.notes).toHaveLength(3);
    expect(newest().settings.chart?.written).toBeUndefined();
  });

  it("is followed: the chord that is heard is asked for, in the next bar, too", async () => {
    const { keys, run, newest, session } = await playing();
    for (const pitch of [62, 65, 69]) keys.press(key(pitch));
    run(0.6);
    keys.press(key(74));
    run(0.3);
    const bar = session.metres.barAt(newest().step).index;
    const chord = { root: 2, quality: "minor" };
    for (const at of [bar, bar + 1])
      expect(newest().settings.chart?.written?.[at]).toEqual({ chords: [chord, chord] });
  });

  it("is followed for as long as a chord is held, by a retake a bar", async () => {
    const { session, source, keys, run, newest } = await playing();
    for (const pitch of [62, 65, 69]) keys.press(key(pitch));
    run(0.6);
    const before = source.retakes.length;
    const chord = { root: 2, quality: "minor" };
    for (let bar = 0; bar < 5; bar++) {
      run(2);
      const next = session.metres.barAt(session.timeline().step).index + 1;
      run(0.6);
      expect(newest().settings.chart?.written?.[next]).toEqual({ chords: [chord, chord] });
    }
    expect(source.retakes.length - before).toBeLessThan(8);
    for (const pitch of [62, 65, 69]) keys.release(key(pitch));
    const { length } = source.retakes;
    run(6);
    expect(source.retakes).toHaveLength(length);
  });

  it("is followed as busily and as loudly as they play, where that is asked for", async () => {
    const { keys, run, newest, session } = await playing();
    session.setControls({ company: "follow" });
    const heard = (velocity: number, notes: number) => {
      for (let i = 0; i < notes; i++) {
        keys.press({ ...key(60 + (i % 5)), velocity });
        run(1.8 / notes);
        keys.release(key(60 + (i % 5)));
      }
      run(0.3);
      const bar = session.metres.barAt(newest().step).index;
      return newest().settings.chart?.written?.[bar + 1];
    };
    const soft = heard(30, 2);
    const loud = heard(120, 20);
    expect(newest().settings.constraint.silent).toEqual([3]);
    expect(soft).toMatchObject({ density: 3, drumDensity: 3, leader: 3 });
    expect(loud?.density).toBeGreaterThan(4);
    expect(loud?.energy).toBeGreaterThan((soft?.energy ?? 7) + 2);
    run(9);
    session.setControls({ temperature: 0.5 });
    run(1);
    const { step, settings } = newest();
    expect(settings.chart?.written?.[session.metres.barAt(step).index]).toBeUndefined();
  });

  it("is heard in its register: the band that follows stays below the tune", async () => {
    const highest = async (from: number) => {
      const { session, run, dispose } = await playedJam(4);
      session.setControls({ hand: "Violin", company: "follow", drums: false });
      for (let turn = 0; turn < 10; turn++) {
        const struck = { instrument: 3, pitch: from + (turn % 3) };
        session.keys.press({ ...struck, velocity: 90 });
        await run(0.4);
        session.keys.release(struck);
      }
      const { committedStep } = session.timeline();
      const { notes } = session;
      dispose();
      // What was heard is written for the bar that is committed to and the next.
      const { metres } = session;
      const until = metres.bar(metres.barAt(committedStep).index + 2).start;
      const after = notes.filter(
        ({ onset, instrument }) => onset >= committedStep && onset < until && instrument !== 3,
      );
      expect(after.length).toBeGreaterThan(4);
      return Math.max(...after.map(({ pitch }) => pitch));
    };
    expect(await highest(84)).toBeGreaterThan(74);
    expect(await highest(70)).toBeLessThanOrEqual(72);
  });

  it("is shown and kept with the band's notes, and never played a second time", async () => {
    const { session, keys, run, player, clock } = await playing();
    for (let i = 0; i < 20; i++) {
      keys.press(key(60 + i));
      run(0.21);
      keys.release(key(60 + i));
      run(0.13);
    }
    keys.press(key(90));
    run(0.4);
    const onsets = session.notes.map(({ onset }) => onset);
    expect(onsets).toEqual([...onsets].sort((a, b) => a - b));
    const own = player.played.filter(({ instrument }) => instrument === 3);
    expect(own).toHaveLength(21);
    expect(session.notes.filter(({ instrument }) => instrument === 3)).toHaveLength(21);
    const starts = player.played
      .filter(({ instrument }) => instrument === 0)
      .map(({ start }) => start);
    for (let i = 1; i < starts.length; i++) expect(starts[i] - starts[i - 1]).toBeCloseTo(0.5, 6);
    const stopped = clock.now;
    session.stop();
    const { notes } = readMidi(session.takeAsMidi());
    expect(notes.filter(({ pitch }) => pitch > 60 || pitch === 60).length).toBeGreaterThan(21);
    expect(notes.some(({ pitch }) => pitch === 90)).toBe(true);
    expect(clock.now).toBe(stopped);
  });

  it("sounds while nothing plays, and is no part of the piece then", async () => {
    const { session, keys, run, player, source } = await playing();
    session.stop();
    const { length } = source.retakes;
    const { notes } = session;
    const shown = notes.length;
    keys.press(key(72));
    run(0.5);
    keys.release(key(72));
    expect(player.played.at(-1)?.pitch).toBe(72);
    expect(session.notes).toHaveLength(shown);
    expect(source.retakes).toHaveLength(length);
  });
});
