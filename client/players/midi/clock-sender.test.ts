import { describe, expect, it } from "vitest";
import { Output, WebMidi } from "webmidi";
import type { Milliseconds } from "#base/brand.ts";
import { seconds } from "#base/brand.ts";
import { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import { Transport } from "#engine/play/transport.ts";
import { MetreMap } from "#music/metre.ts";
import { FakeMidiOutput } from "#players/testing/fake-midi.ts";
import { EPOCH, HandClock } from "#players/testing/midi-stage.ts";
import { ClockSender } from "./clock-sender.ts";

WebMidi.validation = false;

function build(latency = 0) {
  const clock = new HandClock(latency);
  const transport = new Transport(120);
  const metres = new MetreMap();
  const ports = ["a", "b"].map((id) => new FakeMidiOutput(id, clock.performanceNow));
  const outputs = ports.map(
    (port) => new Output(port as unknown as ConstructorParameters<typeof Output>[0]),
  );
  const settings = new PortSettingsBoard();
  const sender = new ClockSender({
    place: {
      get playing() {
        return transport.playing;
      },
      stepAt: (time) => transport.stepAt(time),
      timeOf: (step) => transport.timeOf(step),
      nextBar: (step) => metres.barLineFrom(Math.ceil(step)),
    },
    clock: clock.audio,
    settings,
    find: (name) => outputs.find((output) => output.name === name && output.state === "connected"),
  });
  clock.ticker(() => sender.pump(), 25 as Milliseconds);
  const said = (port: number) =>
    ports[port].received.filter(({ data }) => data[0] !== 0xf8).map(({ data }) => data[0]);
  return { clock, transport, ports, settings, sender, said };
}

describe("ClockSender", () => {
  it("sends to ports that want it alone, earlier where the machine sounds late", async () => {
    const { clock, transport, ports, settings } = build();
    settings.set("Synth b", { clockOut: true, latency: 50 });
    transport.start(seconds(0.5));
    await clock.pass(1);
    expect(ports[0].received).toEqual([]);
    expect(ports[1].received[0].data).toEqual([0xfa]);
    expect(ports[1].received[0].time).toBeCloseTo(EPOCH + 450, 1);
    expect(ports[1].received[2].time).toBeCloseTo(EPOCH + 450 + 1000 / 48, 1);
    for (const { time, sentAt } of ports[1].received) {
      expect(time - sentAt).toBeLessThanOrEqual(200 + 1e-6);
    }
  });

  it("is in time after a stall wherever the loudspeaker's own delay leaves time, and late no longer than it must be", async () => {
    const { clock, transport, ports, settings, sender } = build(40);
    settings.set("Synth a", { clockOut: true });
    transport.start(seconds(0.1));
    await clock.pass(1);
    clock.stall(0.25);
    sender.pump();
    const ticks = ports[0].received.filter(({ data }) => data[0] === 0xf8);
    for (const [index, { time, sentAt }] of ticks.entries())
      expect(time).toBeCloseTo(Math.max(EPOCH + 140 + (index * 1000) / 48, sentAt), 3);
    expect(ticks.at(-1)!.sentAt).toBe(EPOCH + 1250);
  });

  it("stops where it is switched off, and starts at a bar line where it is switched on or comes back", async () => {
    const { clock, transport, ports, settings, sender, said } = build();
    settings.set("Synth a", { clockOut: true });
    transport.start(seconds(0.1));
    await clock.pass(0.5);
    settings.set("Synth a", { clockOut: false });
    await clock.pass(0.5);
    expect(said(0)).toEqual([0xfa, 0xfc]);
    settings.set("Synth a", { clockOut: true });
    await clock.pass(1.5);
    expect(said(0)).toEqual([0xfa, 0xfc, 0xf2, 0xfb]);
    ports[0].unplug();
    await clock.pass(0.2);
    ports[0].plugIn();
    await clock.pass(2.5);
    expect(said(0).slice(-2)).toEqual([0xf2, 0xfb]);
    sender.stop();
    expect(said(0).at(-1)).toBe(0xfc);
  });
});
