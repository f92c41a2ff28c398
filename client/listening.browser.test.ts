/** Listening in real Chromium: what the page lets out comes back through the worklet, and a machine on a fake port that is late. */
import { describe, expect, it } from "vitest";
import { Output, WebMidi } from "webmidi";
import { type Seconds, seconds } from "#base/brand.ts";
import { PortSettingsBoard } from "#engine/jam/port-settings.ts";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { AudioClock } from "#players/audio-clock.ts";
import { Microphone } from "#players/microphone.ts";
import { MidiPlayer } from "#players/midi/midi-player.ts";
import { RoutingPlayer } from "#players/routing-player.ts";
import { FakeMidiOutput } from "#players/testing/fake-midi.ts";
import { routeTo } from "#players/testing/midi-stage.ts";
import { SilentPlayer } from "#players/testing/silent-player.ts";
import { ClickSounds } from "#sound/click-sounds.ts";
import { joinListening } from "./listening.ts";

const FLUTE = 8;
/** Milliseconds after which the machine sounds. */
const LATE = 37;

WebMidi.validation = false;

describe("a microphone in Chromium", () => {
  it("finds within 2 ms how late a machine sounds, through worklet and port", async () => {
    const context = new AudioContext();
    const room = context.createGain();
    // A stream has buffers, which a busy machine lets run dry: what is heard comes without one.
    context.createMediaStreamSource = () => room as unknown as MediaStreamAudioSourceNode;
    const clock = new AudioClock(context);
    const sound = (at: number) => {
      const tone = new ClickSounds(context, room);
      tone.click({ time: at as Seconds, level: 0.5, first: false });
    };
    class Machine extends FakeMidiOutput {
      override send(data: Iterable<number>, time = performance.now()): void {
        super.send(data, time);
        const [status, , velocity] = data;
        if ((status & 0xf0) !== 0x90 || velocity === 0) return;
        sound((time + LATE - clock.toMilliseconds(seconds(0))) / 1000);
      }
    }
    const port = new Machine("a");
    port.connection = "open";
    const output = new Output(port as unknown as ConstructorParameters<typeof Output>[0]);
    const routing = new RoutingPlayer(
      new SilentPlayer(() => clock.now),
      () =>
        new MidiPlayer({
          ...{ port: port.name, clock, find: () => output },
          latency: () => 0,
          onFailure: (failure) => expect.unreachable(failure.message),
        }),
    );
    const { session } = fakeJam();
    const route = routeTo(FLUTE);
    session.setStrip(FLUTE, { route });
    routing.setRoute(FLUTE, route);
    const { listening, surface } = joinListening({
      ...{ session, routing, clock },
      voices: { play: ({ start }) => sound(start), clicks: new ClickSounds(context, room) },
      microphone: new Microphone({
        context,
        devices: { getUserMedia: async () => new MediaStream() },
        isSecureContext: true,
      }),
      portSettings: new PortSettingsBoard(),
      unlock: () => context.resume(),
    });
    const timer = setInterval(() => {
      routing.pump();
      listening.tick(clock.now);
    }, 25);
    try {
      surface.start(FLUTE);
      await expect
        .poll(() => surface.state.phase, { timeout: 60_000, interval: 200 })
        .toMatch(/found|failed|refused/);
      const { state } = surface;
      expect(state).toMatchObject({ phase: "found", keys: undefined });
      if (state.phase !== "found") return;
      expect(Math.abs(state.latency - LATE)).toBeLessThanOrEqual(2);
      expect(Math.abs(state.louder ?? 99)).toBeLessThanOrEqual(1);
    } finally {
      clearInterval(timer);
      routing.dispose();
      await context.close();
    }
  });

  it("hears a stream, and no longer once it is closed", async () => {
    const context = new AudioContext();
    const tone = context.createConstantSource();
    const room = context.createMediaStreamDestination();
    tone.connect(room);
    tone.start();
    const devices = { getUserMedia: async () => room.stream };
    const microphone = new Microphone({ context, devices, isSecureContext: true });
    const levels: number[] = [];
    microphone.heard.on(({ samples, at, rate }) => {
      expect(at * rate).toBeGreaterThanOrEqual(0);
      levels.push(Math.max(...samples));
    });
    expect(await microphone.open()).toBe(true);
    await expect.poll(() => levels.at(-1), { timeout: 20_000 }).toBeGreaterThan(0.9);
    const early = microphone.open();
    microphone.close();
    expect(await early).toBe(false);
    expect(room.stream.getTracks().map(({ readyState }) => readyState)).toEqual(["ended"]);
    await context.close();
  });

  it("is refused in words where there is none, or none is allowed", async () => {
    const context = new AudioContext();
    const refused = (devices: MediaDevices | undefined, isSecureContext = true) =>
      new Microphone({ context, devices, isSecureContext }).open();
    await expect(refused(navigator.mediaDevices)).rejects.toThrow(/microphone-(forbidden|missing)/);
    await expect(refused(undefined)).rejects.toThrow("microphone-missing");
    await expect(refused(undefined, false)).rejects.toThrow("microphone-insecure");
    await context.close();
  });
});
