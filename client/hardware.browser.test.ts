/** Keyboards and controllers as a page meets them: fake ports through the real webmidi, joined to a jam as the page joins them. */
import { afterEach, describe, expect, it } from "vitest";
import { Emitter } from "#base/emitter.ts";
import { Failure } from "#base/failure.ts";
import { remark } from "#base/remark.ts";
import type { HeardSound } from "#engine/hardware/heard-sound.ts";
import { Banks } from "#engine/jam/banks.ts";
import { parseMachine } from "#engine/jam/machine.ts";
import { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { MidiAccess } from "#players/midi/midi-access.ts";
import { MidiPlayer } from "#players/midi/midi-player.ts";
import { RoutingPlayer } from "#players/routing-player.ts";
import {
  allowing,
  FakeMidiAccess,
  FakeMidiInput,
  FakeMidiOutput,
} from "#players/testing/fake-midi.ts";
import { HandClock, routeTo } from "#players/testing/midi-stage.ts";
import { SilentPlayer } from "#players/testing/silent-player.ts";
import { joinHardware } from "./hardware.ts";

const open: MidiAccess[] = [];
afterEach(async () => {
  for (const access of open.splice(0)) await access.dispose();
});

async function page() {
  const clock = new HandClock();
  const keys = new FakeMidiInput("keys");
  // One device, so its input and its output have the same name.
  const knobs = Object.assign(new FakeMidiInput("knobs"), { name: "Knobs" });
  const rings = Object.assign(new FakeMidiOutput("rings", clock.performanceNow), { name: "Knobs" });
  const synth = new FakeMidiOutput("a", clock.performanceNow);
  const midi = new MidiAccess(allowing(new FakeMidiAccess(synth, rings, keys, knobs)));
  open.push(midi);
  const jam = fakeJam();
  const voices = new SilentPlayer(clock.now);
  const routing = new RoutingPlayer(
    voices,
    (port) =>
      new MidiPlayer({
        port,
        find: () => midi.output(port),
        clock: clock.audio,
        latency: () => 0,
        onFailure: () => undefined,
      }),
  );
  const stored = new Map<string, unknown>();
  const hardware = joinHardware({
    ...{ session: jam.session, midi, routing, clock: clock.audio },
    voices: Object.assign(voices, { clicks: { click: () => undefined, silence: () => undefined } }),
    microphone: {
      heard: new Emitter<HeardSound>(),
      open: async () => {
        throw new Failure("unavailable", remark("microphone-forbidden", {}));
      },
      close: () => undefined,
    },
    machines: {
      names: async () => [{ id: "k", name: "Acme Knobs", drums: false }],
      machine: async () => parseMachine({ controllers: [{ name: "Cutoff", controller: 20 }] }),
    },
    banks: new Banks(),
    panic: () => jam.session.stop(),
    portSettings: new PortSettingsBoard(),
    unlock: async () => undefined,
    kept: (name) => ({ read: () => undefined, write: (value) => stored.set(name, value) }),
  });
  await midi.request();
  jam.loaded();
  jam.run(1);
  jam.session.setControls({ hand: "Violin" });
  const ringsHeard = () => {
    hardware.tick(clock.now());
    return rings.received.splice(0).map(({ data }) => data);
  };
  return { ...jam, clock, keys, knobs, synth, routing, hardware, stored, voices, ringsHeard };
}

describe("hardware, joined to a jam", () => {
  it("plays along at once, and lets go when the keyboard is unplugged", async () => {
    const { keys, player, session } = await page();
    keys.hear([0x90, 64, 90], performance.now());
    expect(player.played.at(-1)).toMatchObject({ instrument: 3, pitch: 64, velocity: 90 });
    const released: number[] = [];
    session.keys.release = ({ pitch }) => released.push(pitch);
    keys.unplug();
    await expect.poll(() => released).toEqual([64]);
    keys.plugIn();
    await expect
      .poll(() => {
        keys.hear([0x90, 67, 90], performance.now());
        return player.played.at(-1)?.pitch;
      })
      .toBe(67);
  });

  it("bends what is held, on the port that it is routed to, too", async () => {
    const { keys, routing, synth } = await page();
    routing.setRoute(3, routeTo(3));
    synth.received.length = 0;
    keys.hear([0x90, 64, 90], performance.now());
    keys.hear([0xe0, 0, 96], performance.now());
    keys.hear([0xb0, 1, 64], performance.now());
    const sent = synth.received.map(({ data }) => data);
    expect(sent).toContainEqual([0xe3, 0, 96]);
    expect(sent).toContainEqual([0xb3, 1, 64]);
  });

  it("learns a knob, moves what it was learned for, shows where it stands, and is kept", async () => {
    const { knobs, session, hardware, ringsHeard, stored, player } = await page();
    const { learning } = hardware.surface;
    learning.start();
    learning.choose("strip:3:level");
    knobs.hear([0xb0, 20, 64], performance.now());
    learning.end();
    expect(stored.get("mappings")).toMatchObject([{ device: "Knobs", target: "strip:3:level" }]);
    expect(ringsHeard()).toEqual([[0xb0, 20, 102]]);
    const { controlNames, mappings } = hardware.surface;
    await expect.poll(() => controlNames.of("Knobs", mappings.state[0].source)).toBe("Cutoff");
    for (const value of [70, 127]) knobs.hear([0xb0, 20, value], performance.now());
    expect(session.state.strips[3].level).toBe(1);
    expect(ringsHeard()).toEqual([]);
    session.setStrip(3, { level: 0 });
    expect(ringsHeard()).toEqual([[0xb0, 20, 0]]);
    const played = player.played.length;
    knobs.hear([0x90, 20, 100], performance.now());
    expect(player.played).toHaveLength(played + 1); // what was not learned is a key
  });

  it("says why there is no microphone, and is asked again", async () => {
    const { hardware } = await page();
    const { listening } = hardware.surface;
    for (let time = 0; time < 2; time++) {
      listening.start(3);
      expect(listening.state.phase).toBe("asking");
      await expect
        .poll(() => listening.state)
        .toEqual({ phase: "refused", message: remark("microphone-forbidden", {}) });
    }
  });

  it("gives scenes by program, once they are known", async () => {
    const { knobs, hardware } = await page();
    const played: string[] = [];
    hardware.addScenes(
      [
        { id: "ballad", name: "Ballad" },
        { id: "swing", name: "Swing" },
      ],
      (id) => played.push(id),
    );
    const { learning, targets } = hardware.surface;
    expect(targets.get("scene:swing")?.name).toBe("scene Swing");
    learning.start();
    learning.choose("scenes");
    knobs.hear([0xc0, 0], 0);
    learning.end();
    for (const program of [1, 0, 5]) knobs.hear([0xc0, program], 0);
    expect(played).toEqual(["swing", "ballad"]);
  });

  it("finds a port's latency from taps on a pad", async () => {
    const { session, keys, hardware, clock, voices, synth, routing, player } = await page();
    session.setStrip(3, { route: routeTo(3) });
    routing.setRoute(3, routeTo(3));
    const before = player.played.length;
    hardware.surface.calibration.start(3);
    await Promise.resolve();
    const heard = new Set<unknown>();
    for (let i = 0; i < 1200 && hardware.surface.calibration.state.phase !== "found"; i++) {
      hardware.tick(clock.now());
      routing.pump();
      for (const note of voices.received) {
        const at = clock.audio.toMilliseconds(note.start);
        if (heard.has(note) || at > clock.performanceNow()) continue;
        heard.add(note);
        keys.hear([0x90, 40, 100], at - 20);
      }
      for (const message of synth.received) {
        if (heard.has(message) || (message.data[0] & 0xf0) !== 0x90) continue;
        if (message.time > clock.performanceNow()) continue;
        heard.add(message);
        keys.hear([0x90, 40, 100], message.time + 40 - 20);
      }
      await clock.pass(0.025);
    }
    expect(hardware.surface.calibration.state).toMatchObject({ phase: "found", latency: 40 });
    expect(player.played).toHaveLength(before);
  });

  it("moves a machine's controller with the music, and sends nothing twice", async () => {
    const { session, routing, synth, run, hardware, clock } = await page();
    const drives = [
      { driver: "energy", controller: 74, fine: undefined, lowest: 20, highest: 120 },
    ] as const;
    session.setStrip(3, { route: routeTo(3, { drives }) });
    routing.setRoute(3, routeTo(3, { drives }));
    await session.play();
    const moves: number[] = [];
    synth.received.length = 0;
    for (let i = 0; i < 60; i++) {
      run(0.12);
      hardware.tick(clock.now());
      for (const { data } of synth.received.splice(0))
        if (data[0] === 0xb3 && data[1] === 74) moves.push(data[2]);
    }
    expect(moves.length).toBeGreaterThan(0);
    for (let i = 1; i < moves.length; i++) expect(moves[i]).not.toBe(moves[i - 1]);
    expect(Math.min(...moves)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...moves)).toBeLessThanOrEqual(120);
  });
});
