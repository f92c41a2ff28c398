import { describe, expect, it } from "vitest";
import { Input } from "webmidi";
import { seconds } from "#base/brand.ts";
import { EPOCH, HandClock } from "#players/testing/midi-stage.ts";
import { ClockListener } from "./clock-listener.ts";

function build() {
  const clock = new HandClock();
  const native = { type: "input", name: "Beatstep", onmidimessage: (_: unknown) => undefined };
  let input: Input | undefined = new Input(native as never);
  const listener = new ClockListener(clock.audio, (name) =>
    name === "Beatstep" ? input : undefined,
  );
  const played: boolean[] = [];
  listener.played.on((playing) => played.push(playing));
  const say = (...data: number[]) =>
    native.onmidimessage({ data: new Uint8Array(data), timeStamp: clock.performanceNow() });
  /** Ticks of 120 quarter notes a minute, rounded to milliseconds. */
  const tick = async (count: number) => {
    for (let sent = 0; sent < count; sent++) {
      say(0xf8);
      await clock.pass(sent % 6 === 5 ? 0.02 : 0.021);
      listener.pump();
    }
  };
  return { clock, listener, played, say, tick, unplug: () => (input = undefined) };
}

describe("ClockListener", () => {
  it("tells tempo and place of the chosen input on the audio clock", async () => {
    const { clock, listener, played, say, tick } = build();
    expect(listener.tempo(clock.now())).toBeUndefined();
    listener.choose("Beatstep");
    say(0xfa);
    await tick(97);
    expect(played).toEqual([true]);
    expect(listener.state).toEqual({ source: "Beatstep", tempo: 120, tempoOff: 0, locked: true });
    expect(listener.tempo(clock.now())).toBeCloseTo(120, 0);
    expect(listener.quarterAt(clock.now())).toBeCloseTo(97 / 24, 1);
    expect(listener.quarterAt(seconds(clock.now() + 1))).toBeCloseTo(97 / 24 + 2, 1);
    say(0xfc);
    expect([played.at(-1), listener.quarterAt(clock.now())]).toEqual([false, undefined]);
    say(0xf2, 16, 0);
    say(0xfb);
    await tick(25);
    expect(listener.quarterAt(clock.now())).toBeCloseTo(4 + 25 / 24, 1);
    expect(clock.performanceNow()).toBeGreaterThan(EPOCH);
  });

  it("hears nobody it did not choose, and forgets the clock that went", async () => {
    const { listener, tick, unplug } = build();
    await tick(60);
    expect(listener.state.tempo).toBeUndefined();
    listener.choose("Beatstep");
    await tick(60);
    expect(listener.state.locked).toBe(true);
    unplug();
    listener.pump();
    expect(listener.state).toEqual({
      source: "Beatstep",
      tempo: undefined,
      tempoOff: 0,
      locked: false,
    });
  });
});
