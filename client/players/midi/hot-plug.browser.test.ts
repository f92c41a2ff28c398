/** Ports as a page meets them: through the real webmidi, in a browser, plugged out and in while something sounds. */
import { afterEach, describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { midiRoute } from "#engine/jam/route.ts";
import { RoutingPlayer } from "#players/routing-player.ts";
import {
  allowing,
  FakeMidiAccess,
  FakeMidiInput,
  FakeMidiOutput,
  soundingAt,
} from "#players/testing/fake-midi.ts";
import { HandClock } from "#players/testing/midi-stage.ts";
import { SilentPlayer } from "#players/testing/silent-player.ts";
import { ClockListener } from "./clock-listener.ts";
import { MidiAccess } from "./midi-access.ts";
import { MidiPlayer } from "./midi-player.ts";

const open: MidiAccess[] = [];
afterEach(async () => {
  for (const access of open.splice(0)) await access.dispose();
});

async function page() {
  const clock = new HandClock();
  const port = new FakeMidiOutput("a", clock.performanceNow);
  const master = new FakeMidiInput("m");
  const fake = new FakeMidiAccess(port, master);
  const access = new MidiAccess(allowing(fake));
  open.push(access);
  const failures: string[] = [];
  const routing = new RoutingPlayer(
    new SilentPlayer(clock.now),
    (name) =>
      new MidiPlayer({
        port: name,
        find: () => access.output(name),
        clock: clock.audio,
        latency: () => 0,
        onFailure: ({ remark }) => failures.push(remark.code),
      }),
  );
  access.moved.on((name) => routing.refresh(name));
  clock.ticker(() => routing.pump(), 25 as never);
  const said = () => port.received.splice(0).map(({ data }) => data);
  const sounding = () => [...soundingAt(port.received, clock.performanceNow())];
  return { clock, port, master, fake, access, failures, routing, said, sounding };
}

const note = (start: number) => ({
  ...{ instrument: 3, pitch: 60, velocity: 90 },
  start: seconds(start),
  length: seconds(10),
});

describe("a port through webmidi", () => {
  it("is played by a route that was kept, once MIDI is allowed: silence and set-up first", async () => {
    const { clock, access, routing, said } = await page();
    routing.setRoute(3, midiRoute(3, "Synth a"));
    await clock.pass(0.1);
    expect(said()).toEqual([]);
    await access.requestIfAllowed();
    await clock.pass(0.03);
    const first = said();
    expect(first.slice(0, 3)).toEqual([
      [0xb0, 64, 0],
      [0xb0, 123, 0],
      [0xb0, 120, 0],
    ]);
    expect(first.slice(48)).toEqual([
      [0xc3, 40],
      [0xb3, 7, 100],
      [0xb3, 10, 64],
    ]);
  });

  it("holds no note after it was gone, whether it went for long or came back at once", async () => {
    const { clock, port, fake, access, routing, failures, sounding } = await page();
    routing.setRoute(3, midiRoute(3, "Synth a"));
    await access.request();
    routing.play(note(0.1));
    await clock.pass(0.2);
    expect(sounding()).toEqual(["3:60"]);
    port.unplug();
    fake.outputs.delete("a");
    await clock.pass(0.5);
    expect(failures).toEqual(["midi-port-lost"]);
    fake.outputs.set("a", port);
    port.plugIn();
    await clock.pass(0.05);
    expect(sounding()).toEqual([]);
    routing.play(note(0.8));
    await clock.pass(0.2);
    expect(sounding()).toEqual(["3:60"]);
    port.unplug();
    port.plugIn(); // between two looks
    await clock.pass(0.05);
    expect(sounding()).toEqual([]);
  });

  it("is heard as a clock where it is an input", async () => {
    const { clock, access, master } = await page();
    await access.request();
    expect(access.state.inputs).toEqual([{ name: "Master m" }]);
    const listener = new ClockListener(clock.audio, (name) => access.input(name));
    listener.choose("Master m");
    master.hear([0xfa], clock.performanceNow());
    for (let tick = 0; tick < 96; tick++) {
      master.hear([0xf8], clock.performanceNow());
      await clock.pass(0.02);
    }
    listener.pump();
    expect(listener.state).toEqual({ source: "Master m", tempo: 125, tempoOff: 0, locked: true });
    expect(listener.quarterAt(clock.now())).toBeCloseTo(4, 1);
  });
});
