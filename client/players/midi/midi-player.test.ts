import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { remark } from "#base/remark.ts";
import { DRUMS, INSTRUMENTS } from "#music/instrument.ts";
import { soundingAt } from "#players/testing/fake-midi.ts";
import { EPOCH, type MidiStage, midiStage, routeTo } from "#players/testing/midi-stage.ts";
import { playerContract } from "#players/testing/player-contract.ts";

playerContract("MidiPlayer", async () => midiStage());

const note = (start: number, length: number, pitch = 60, instrument = 0, velocity = 90) => {
  return { instrument, pitch, velocity, start: seconds(start), length: seconds(length) };
};
const ofKind = ({ port }: MidiStage, kind: number) =>
  port.received.filter(({ data }) => (data[0] & 0xf0) === kind);

describe("MidiPlayer", () => {
  it("stamps notes with the performance time of their audio time, to the tenth of a millisecond", async () => {
    const stage = midiStage();
    stage.player.play(note(0.75, 0.5));
    await stage.pass(2);
    expect(ofKind(stage, 0x90)[0].time).toBeCloseTo(EPOCH + 750, 1);
    expect(ofKind(stage, 0x80)[0].time).toBeCloseTo(EPOCH + 1250, 1);
  });

  it("sends sooner to a machine that sounds late", async () => {
    const stage = midiStage({ latency: () => 40 });
    stage.player.play(note(0.75, 0.5));
    await stage.pass(2);
    expect(ofKind(stage, 0x90)[0].time).toBeCloseTo(EPOCH + 710, 1);
    expect(ofKind(stage, 0x80)[0].time).toBeCloseTo(EPOCH + 1210, 1);
  });

  it("holds messages back until 200 ms before their time", async () => {
    const stage = midiStage();
    for (let start = 0.1; start < 3; start += 0.1) stage.player.play(note(start, 0.09));
    await stage.pass(4);
    expect(ofKind(stage, 0x90)).toHaveLength(29);
    for (const { time, sentAt, data } of stage.port.received) {
      if (data[0] >= 0xa0) continue;
      expect(time - sentAt).toBeLessThanOrEqual(200);
      expect(time - sentAt).toBeGreaterThanOrEqual(0);
    }
  });

  it("gives each instrument its channel and program, the drums channel 10 and none (midi-out-default-channels)", async () => {
    const stage = midiStage();
    for (let round = 0; round < 2; round++) {
      for (let instrument = 0; instrument < INSTRUMENTS.length; instrument++) {
        stage.player.play(note(round, 0.5, 60, instrument));
      }
    }
    await stage.pass(2);
    const programs = ofKind(stage, 0xc0).map(({ data }) => [data[0] & 15, data[1]]);
    expect(programs).toEqual([
      ...[
        [0, 0],
        [1, 24],
        [2, 32],
        [3, 40],
        [4, 42],
        [5, 46],
        [6, 56],
        [7, 65],
        [8, 73],
      ],
      ...[
        [10, 52],
        [11, 19],
      ],
    ]);
    const channels = new Set(ofKind(stage, 0x90).map(({ data }) => data[0] & 15));
    expect(channels).toEqual(new Set(INSTRUMENTS.keys()));
    expect(DRUMS).toBe(9);
  });

  it("moves an instrument to another channel and ends what it sounds on the old one", async () => {
    const stage = midiStage();
    stage.player.play(note(0, 10));
    await stage.pass(0.5);
    stage.player.assign(0, routeTo(0, { channel: 5 }));
    stage.player.play(note(0.6, 0.2));
    await stage.pass(0.2);
    expect([...soundingAt(stage.port.received, stage.clock.performanceNow())]).toEqual(["5:60"]);
  });

  it("ends on a silence also what was sent ahead, lifts the pedal, then says all off", async () => {
    const stage = midiStage();
    stage.player.play(note(0.15, 10));
    await stage.pass(0.05);
    const before = stage.port.received.length;
    stage.player.silence();
    await stage.pass(0.5);
    expect(stage.sounding()).toBe(0);
    const said = stage.port.received.slice(before).map(({ data }) => data);
    expect(said.filter(([status]) => status === 0x80)).toEqual([[0x80, 60, 64]]);
    const onFirst = said.filter(([status]) => status === 0xb0);
    expect(onFirst).toEqual([
      ...[
        [0xb0, 64, 0],
        [0xb0, 123, 0],
        [0xb0, 120, 0],
      ],
    ]);
  });

  it("plays at once after a silence, uncut by what ended the notes before", async () => {
    const stage = midiStage();
    stage.player.play(note(0.15, 10));
    await stage.pass(0.05);
    stage.player.silence();
    stage.player.play(note(0.1, 1, 64));
    await stage.pass(0.4);
    expect([...soundingAt(stage.port.received, stage.clock.performanceNow())]).toEqual(["0:64"]);
  });

  it("leaves others on the same channel alone when one is ended", async () => {
    const stage = midiStage();
    stage.player.assign(1, routeTo(1, { channel: 0 }));
    stage.player.play(note(0, 10, 60, 0));
    stage.player.play(note(0, 10, 64, 1));
    await stage.pass(0.2);
    stage.player.silence(1);
    await stage.pass(0.1);
    expect([...soundingAt(stage.port.received, stage.clock.performanceNow())]).toEqual(["0:60"]);
  });

  it("reports a lost port, throws nothing and sends nothing more", async () => {
    const stage = midiStage();
    stage.player.play(note(0, 10));
    await stage.pass(0.1);
    stage.port.unplug();
    const sent = stage.port.received.length;
    stage.player.play(note(0.2, 1));
    await stage.pass(1);
    stage.player.silence();
    stage.player.dispose();
    expect(stage.port.received).toHaveLength(sent);
    expect(stage.failures).toHaveLength(1);
    expect(stage.failures[0].remark).toEqual(remark("midi-port-lost", { port: "Synth a" }));
    expect(stage.player.isConnected).toBe(false);
  });

  it("ends what a port still holds when it comes back, before anything else, and sets it up anew", async () => {
    const stage = midiStage();
    stage.player.play(note(0, 10));
    stage.player.play(note(0.15, 10, 64)); // sent, and lost on its way
    await stage.pass(0.05);
    stage.port.unplug();
    await stage.pass(1);
    const before = stage.port.received.length;
    expect(stage.sounding()).toBe(1);
    stage.port.plugIn();
    await stage.pass(0.03);
    const said = stage.port.received.slice(before).map(({ data }) => data);
    expect(said[0]).toEqual([0x80, 60, 64]);
    expect(said.findIndex(([status]) => status === 0x90)).toBe(-1);
    expect(said).toContainEqual([0xc4, 42]);
    expect(stage.sounding()).toBe(0);
    stage.player.play(note(1.1, 1));
    await stage.pass(0.1);
    expect(stage.sounding()).toBe(1);
  });

  it("ends a note whose end went with the port, though it counted as over", async () => {
    const stage = midiStage();
    stage.player.play(note(0, 0.1));
    await stage.pass(0.09); // the end is on its way
    stage.port.unplug();
    stage.port.plugIn();
    stage.port.unplug();
    await stage.pass(0.4);
    expect(stage.sounding()).toBe(1);
    stage.port.plugIn();
    await stage.pass(0.03);
    expect(stage.sounding()).toBe(0);
  });

  it("says to a channel what it needs once: bank, program, level and pan", async () => {
    const stage = midiStage();
    const told = () => stage.port.received.splice(0).map(({ data }) => data);
    told();
    stage.player.assign(2, routeTo(2, { channel: 12, bank: 300, program: 7 }));
    expect(told()).toEqual([
      [0xb2, 64, 0],
      [0xb2, 123, 0],
      [0xb2, 120, 0],
      [0xbc, 0, 2],
      [0xbc, 32, 44],
      [0xcc, 7],
      [0xbc, 7, 100],
      [0xbc, 10, 64],
    ]);
    stage.player.setMix(2, { level: 0.8, pan: 0 });
    stage.player.setMix(2, { level: 0.4, pan: -1 });
    stage.player.setMix(2, { level: 1, pan: 1 });
    expect(told()).toEqual([
      [0xbc, 7, 50],
      [0xbc, 10, 0],
      [0xbc, 7, 125],
      [0xbc, 10, 127],
    ]);
  });

  it("scales velocities where a machine ignores controllers", async () => {
    const stage = midiStage();
    stage.player.assign(0, routeTo(0, { mixing: "velocity" }));
    stage.port.received = [];
    stage.player.setMix(0, { level: 0.4, pan: 1 });
    stage.player.play(note(0.1, 0.2));
    await stage.pass(0.5);
    stage.player.setMix(0, { level: 0, pan: 1 });
    stage.player.play(note(0.6, 0.2));
    await stage.pass(0.5);
    expect(ofKind(stage, 0x90).map(({ data }) => data[2])).toEqual([45]);
    expect(ofKind(stage, 0xb0)).toEqual([]);
  });

  it("moves its meter with the notes", async () => {
    const stage = midiStage();
    stage.player.play(note(0.1, 0.5));
    expect(stage.player.level(0)).toBe(0);
    await stage.pass(0.15);
    expect(stage.player.level(0)).toBeCloseTo((90 / 127) * 0.8, 1);
    expect(stage.player.level(1)).toBe(0);
    await stage.pass(1);
    expect(stage.player.level(0)).toBe(0);
  });

  it("quiets all sixteen channels in a panic", async () => {
    const stage = midiStage();
    stage.port.received = [];
    stage.player.panic();
    const channels = ofKind(stage, 0xb0).filter(({ data }) => data[1] === 120);
    expect(new Set(channels.map(({ data }) => data[0] & 15)).size).toBe(16);
  });

  it("notices a port that refuses before it says that it is gone, and tries again later", async () => {
    const stage = midiStage();
    const send = stage.port.send.bind(stage.port);
    stage.port.send = () => {
      throw new DOMException("no", "InvalidStateError");
    };
    stage.player.play(note(0, 1));
    expect(stage.failures).toHaveLength(1);
    await stage.pass(0.5);
    expect(stage.failures).toHaveLength(1);
    stage.port.send = send;
    await stage.pass(1);
    expect(stage.player.isConnected).toBe(true);
  });

  const anyNote = fc.record({
    at: fc.integer({ min: 0, max: 1500 }),
    lead: fc.integer({ min: -100, max: 400 }),
    length: fc.integer({ min: 1, max: 900 }),
    pitch: fc.integer({ min: 60, max: 62 }),
    instrument: fc.integer({ min: 0, max: 1 }),
  });

  const shortNote = (at: number, lead: number) => {
    return { at, lead, length: 1, pitch: 62, instrument: 0 };
  };

  it("whatever is played: a note off follows each note on before the next of its pitch; nothing hangs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyNote, { minLength: 1, maxLength: 30 }),
        fc.option(fc.integer({ min: 0, max: 2000 })),
        async (notes, silenceAt) => {
          const stage = midiStage();
          const inTime = [...notes].sort((a, b) => a.at - b.at);
          for (let time = 0; time < 3500; time += 10) {
            while (inTime.length > 0 && inTime[0].at <= time) {
              const { lead, length, pitch, instrument } = inTime.shift() as (typeof notes)[number];
              stage.player.play(note((time + lead) / 1000, length / 1000, pitch, instrument));
            }
            if (silenceAt !== null && time === Math.floor(silenceAt / 10) * 10)
              stage.player.silence();
            await stage.pass(0.01);
          }
          await stage.pass(1);
          expect(stage.sounding()).toBe(0);
          const sounding = new Set<string>();
          const inOrder = stage.port.received
            .map((message, order) => ({ ...message, order }))
            .filter(({ data }) => data[0] < 0xa0)
            .sort((a, b) => a.time - b.time || a.order - b.order);
          for (const { data } of inOrder) {
            const key = `${data[0] & 15}:${data[1]}`;
            if ((data[0] & 0xf0) === 0x90) {
              expect(sounding.has(key)).toBe(false);
              sounding.add(key);
            } else {
              sounding.delete(key); // one more after a silence does no harm
            }
          }
          expect(sounding.size).toBe(0);
        },
      ),
      // A note shorter than the shortest, right before one whose end was sent ahead.
      { numRuns: 300, examples: [[[shortNote(841, 12), shortNote(851, 0)], null]] },
    );
  });
});
