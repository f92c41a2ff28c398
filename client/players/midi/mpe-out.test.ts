/** A strip whose notes have a channel each (MPE): what the machine is told, who gets which channel, and that none hangs. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { UNTOUCHED } from "#engine/hardware/touch.ts";
import { soundingAt } from "#players/testing/fake-midi.ts";
import {
  EPOCH,
  HandClock,
  type MidiStage,
  midiStage,
  routeTo,
} from "#players/testing/midi-stage.ts";

const note = (start: number, length: number, pitch = 60, instrument = 0) => {
  return { instrument, pitch, velocity: 90, start: seconds(start), length: seconds(length) };
};
const LOWER = { channel: 0, noteChannels: 15 };

/** A stage on which the piano alone plays, on channels of its notes. */
function mpeStage(change: Parameters<typeof routeTo>[1]): MidiStage {
  const stage = midiStage();
  for (let instrument = 1; instrument < 12; instrument++)
    stage.player.assign(instrument, undefined);
  stage.port.received = [];
  stage.player.assign(0, routeTo(0, change));
  return stage;
}
const ofKind = ({ port }: MidiStage, kind: number) =>
  port.received.filter(({ data }) => (data[0] & 0xf0) === kind).map(({ data }) => data);
const channelsOf = (stage: MidiStage) => ofKind(stage, 0x90).map(([status]) => status & 15);

/** What registered parameters were set to, as "channel:parameter=value". */
function parametersOf({ port }: MidiStage): string[] {
  const asked = new Map<number, number>();
  return port.received.flatMap(({ data: [status, first, second] }) => {
    const channel = status & 15;
    if ((status & 0xf0) !== 0xb0) return [];
    if (first === 100) asked.set(channel, second);
    return first === 6 ? [`${channel}:${asked.get(channel)}=${second}`] : [];
  });
}

describe("notes with a channel each", () => {
  it("are said to the machine, with how far they bend, and taken back when the route goes", () => {
    const stage = mpeStage(LOWER);
    expect(parametersOf(stage)).toEqual(["0:6=15", "0:0=2", "1:0=48"]);
    stage.port.received = [];
    stage.player.assign(0, routeTo(0, { channel: 15, noteChannels: 7 }));
    expect(parametersOf(stage)).toEqual(["0:6=0", "0:0=2", "15:6=7", "15:0=2", "14:0=48"]);
    stage.port.received = [];
    stage.player.assign(0, undefined);
    expect(parametersOf(stage)).toEqual(["15:6=0", "15:0=2"]);
  });

  it("are said again to a port that was away, after what ends its notes", async () => {
    const stage = mpeStage(LOWER);
    stage.port.unplug();
    await stage.pass(0.1);
    stage.port.received = [];
    stage.port.plugIn();
    await stage.pass(0.1);
    expect(parametersOf(stage)).toEqual(["0:6=15", "0:0=2", "1:0=48"]);
    const firstSaid = stage.port.received.findIndex(({ data }) => data[1] === 101);
    const quiet = stage.port.received.slice(0, firstSaid);
    expect(quiet.filter(({ data }) => data[1] === 120)).toHaveLength(16);
  });

  it("get the channel that was free for longest, and the same pitch its own again", async () => {
    const stage = mpeStage({ channel: 0, noteChannels: 4 });
    for (const [at, pitch] of [60, 64, 60, 67].entries())
      stage.player.play(note(0.1 * at, 0.5, pitch));
    await stage.pass(2);
    stage.player.play(note(2.1, 0.1, 72));
    stage.player.play(note(2.3, 0.1, 74));
    await stage.pass(1);
    expect(channelsOf(stage)).toEqual([1, 2, 1, 3, 4, 2]);
  });

  it("take the channel of the note that would end first where none is free, and end it", async () => {
    const stage = mpeStage({ channel: 15, noteChannels: 2 });
    stage.player.play(note(0, 1, 60));
    stage.player.play(note(0, 2, 64));
    stage.player.play(note(0.5, 1, 67));
    await stage.pass(0.6);
    expect(channelsOf(stage)).toEqual([13, 14, 13]);
    const sounding = soundingAt(stage.port.received, stage.clock.performanceNow());
    expect([...sounding]).toEqual(["14:64", "13:67"]);
    await stage.pass(2);
    expect(stage.sounding()).toBe(0);
  });

  it("are touched by themselves, and begin untouched on a channel that was", async () => {
    const stage = mpeStage({ channel: 0, noteChannels: 2 });
    for (const pitch of [60, 64])
      stage.player.play({ ...note(0, 20, pitch), byHand: true as const });
    stage.port.received = [];
    stage.player.touch(0, { ...UNTOUCHED, bend: 24, pressure: 1, timbre: -1 }, 64);
    expect(stage.port.received.map(({ data }) => data)).toEqual([
      [0xe2, 0, 96],
      [0xd2, 127],
      [0xb2, 74, 0],
    ]);
    stage.player.touch(0, { ...UNTOUCHED, bend: 1 }); // all of them: the channel that speaks for all
    expect(ofKind(stage, 0xe0).at(-1)?.[0]).toBe(0xe0);
    stage.player.release(0, 64);
    await stage.pass(0.1);
    stage.port.received = [];
    stage.player.play(note(0.2, 0.1, 66));
    await stage.pass(0.2);
    const [bend, pressure, timbre, on] = stage.port.received.map(({ data }) => data);
    expect([bend, pressure, timbre]).toEqual([
      [0xe2, 0, 64],
      [0xd2, 0],
      [0xb2, 74, 64],
    ]);
    expect(on).toEqual([0x92, 66, 90]);
  });

  it("leave nothing sounding, however many are struck and let go", async () => {
    const act = fc.record({
      kind: fc.constantFrom("play", "play", "press", "release", "silence", "wait"),
      pitch: fc.integer({ min: 60, max: 66 }),
      start: fc.integer({ min: 0, max: 250 }),
      length: fc.integer({ min: 1, max: 800 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 40 }),
        fc.constantFrom(1, 2, 3),
        async (acts, noteChannels) => {
          const stage = mpeStage({ channel: 0, noteChannels });
          for (const { kind, pitch, start, length } of acts) {
            const played = note(stage.now() + start / 1000, length / 1000, pitch);
            if (kind === "play") stage.player.play(played);
            else if (kind === "press")
              stage.player.play({ ...played, length: seconds(20), byHand: true });
            else if (kind === "release") stage.player.release(0, pitch);
            else if (kind === "silence") stage.player.silence();
            else await stage.pass(start / 1000);
          }
          for (let pitch = 60; pitch <= 66; pitch++) stage.player.release(0, pitch);
          await stage.pass(1.5);
          expect(stage.sounding()).toBe(0);
          const ons = ofKind(stage, 0x90).length;
          expect(ofKind(stage, 0x80).length).toBeGreaterThanOrEqual(ons);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("a key that a human strikes", () => {
  it("waits for no loudspeaker on its way to a port, and a short one ends", async () => {
    const stage = midiStage({}, new HandClock(40));
    stage.player.play({ ...note(0, 20), byHand: true as const });
    stage.player.play(note(0, 0.5, 64)); // what is composed sounds as the page's voices do
    await stage.pass(0.01);
    stage.player.release(0, 60);
    await stage.pass(0.1);
    const on = stage.port.received.filter(({ data }) => data[0] === 0x90);
    expect(on.map(({ data, time }) => [data[1], time - EPOCH])).toEqual([
      [60, 0],
      [64, 40],
    ]);
    expect([...soundingAt(stage.port.received, stage.clock.performanceNow())]).toEqual(["0:64"]);
  });

  it("ends when it is let go, though a composed one of its pitch begins a moment later", async () => {
    const stage = midiStage();
    stage.player.play(note(stage.now() + 0.001, 0.059));
    stage.player.play({ ...note(stage.now(), 20), byHand: true as const });
    stage.player.release(0, 60);
    await stage.pass(0.2);
    expect(ofKind(stage, 0x90)).toHaveLength(1);
    expect(stage.sounding()).toBe(0);
  });
});
