import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { RoutingPlayer } from "./routing-player.ts";
import { soundingAt } from "./testing/fake-midi.ts";
import { midiStage, routeTo } from "./testing/midi-stage.ts";
import { playerContract } from "./testing/player-contract.ts";
import { SilentPlayer } from "./testing/silent-player.ts";

function routingStage() {
  const midi = midiStage();
  const silent = new SilentPlayer(midi.clock.now);
  const player = new RoutingPlayer(silent, () => midi.player);
  const onPort = () => soundingAt(midi.port.received, midi.clock.performanceNow());
  return {
    ...midi,
    ...{ midi, silent, player, onPort },
    sounding: () => silent.sounding().length + onPort().size,
    strike: async () => player.dispose(),
  };
}

playerContract("RoutingPlayer, half on MIDI,", async () => {
  const stage = routingStage();
  for (let instrument = 1; instrument < 12; instrument += 2) {
    stage.player.setRoute(instrument, routeTo(instrument));
  }
  return stage;
});

const note = (start: number, length: number, instrument = 3) => {
  return { instrument, pitch: 60, velocity: 90, start: seconds(start), length: seconds(length) };
};

describe("RoutingPlayer", () => {
  it("changes a route in the middle of a note: it ends there, the next one sounds here", async () => {
    const stage = routingStage();
    stage.player.play(note(0, 10));
    await stage.pass(0.2);
    expect(stage.silent.sounding()).toHaveLength(1);
    stage.player.setRoute(3, routeTo(3, { channel: 2 }));
    expect(stage.silent.sounding()).toHaveLength(0);
    stage.player.play(note(0.3, 10));
    await stage.pass(0.2);
    expect([...stage.onPort()]).toEqual(["2:60"]);
    stage.player.setRoute(3, { kind: "voice" });
    await stage.pass(0.05);
    expect(stage.onPort().size).toBe(0);
  });

  it("leaves the others alone, on the same channel too", async () => {
    const stage = routingStage();
    for (const instrument of [3, 4]) {
      stage.player.setRoute(instrument, routeTo(instrument, { channel: 2 }));
    }
    stage.player.play(note(0, 10, 3));
    stage.player.play({ ...note(0, 10, 4), pitch: 64 });
    await stage.pass(0.2);
    stage.player.setRoute(3, { kind: "voice" });
    await stage.pass(0.05);
    expect([...stage.onPort()]).toEqual(["2:64"]);
  });

  it("gives a muted instrument no notes on a port, and ends what sounds", async () => {
    const stage = routingStage();
    stage.player.setRoute(3, routeTo(3, { channel: 2 }));
    stage.player.play(note(0, 10));
    await stage.pass(0.2);
    stage.player.setAudible(3, false);
    stage.player.play({ ...note(0.3, 10), pitch: 70 });
    await stage.pass(0.5);
    expect(stage.onPort().size).toBe(0);
    stage.player.setAudible(3, true);
    stage.player.play(note(0.8, 10));
    await stage.pass(0.3);
    expect(stage.onPort().size).toBe(1);
  });

  it("plays voice and port where both are wanted, and ends both", async () => {
    const stage = routingStage();
    stage.player.setRoute(3, routeTo(3, { voiceToo: true }));
    stage.player.play(note(0, 10));
    await stage.pass(0.1);
    expect([stage.silent.sounding().length, stage.onPort().size]).toEqual([1, 1]);
    expect(stage.player.portLevel(3)).toBeGreaterThan(0.4);
    stage.player.setRoute(3, { kind: "voice" });
    expect([stage.silent.sounding().length, stage.player.portLevel(3)]).toEqual([0, 0]);
    await stage.pass(0.05);
    expect(stage.onPort().size).toBe(0);
  });

  it("carries level and pan to the port, whichever comes first, route or mix", async () => {
    const stage = routingStage();
    stage.midi.port.received = [];
    stage.player.setMix(3, { level: 0.4, pan: 0 });
    stage.player.setRoute(3, routeTo(3));
    stage.player.setMix(3, { level: 0.4, pan: 0.5 });
    const told = stage.midi.port.received.map(({ data }) => data);
    expect(told).toContainEqual([0xb3, 7, 50]);
    expect(told.at(-1)).toEqual([0xb3, 10, 96]);
  });

  it("is silent for a port that is not there, and takes up one that came back", async () => {
    const stage = routingStage();
    stage.player.setRoute(3, routeTo(3));
    stage.midi.port.unplug();
    stage.player.play(note(0, 1));
    await stage.pass(0.5);
    stage.midi.port.plugIn();
    stage.player.play(note(0.6, 1));
    await stage.pass(0.2);
    expect(stage.onPort().size).toBe(1);
    expect(stage.failures).toHaveLength(1);
  });
});
