/** Listening through a microphone, simulated: a room with a loudspeaker, a machine that is late, noise, and a microphone. */
import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { Random } from "#base/random.ts";
import { remark } from "#base/remark.ts";
import { heardLatency } from "./heard-latency.ts";
import { Listening, type ListeningState, type TestSound } from "./listening.ts";

const RATE = 16_000;
const BLOCK = 512;

/** A room. Seconds, and amplitudes. */
interface Room {
  /** The page's clicks until they are heard. */
  readonly air?: number;
  readonly late?: number;
  readonly latency?: number;
  readonly loud?: number;
  readonly voice?: number;
  readonly noise?: number;
  readonly seed?: number;
  readonly mute?: boolean;
  readonly keys?: readonly number[];
  /** Keys that sound. */
  readonly sounding?: readonly number[];
}

function listen(room: Room) {
  const { air = 0.083, late = 0.037, latency = 0, loud = 0.2, voice = 0.2 } = room;
  const { noise = 0.001, seed = 1, mute = false, keys, sounding = [] } = room;
  const random = new Random(seed);
  const sounds: { at: number; gain: number; hertz: number }[] = [];
  const played: [place: string, sound: TestSound][] = [];
  const listening = new Listening({
    play: (place, sound, at) => {
      played.push([place, sound]);
      const isSilent = typeof sound === "number" && !sounding.includes(sound);
      const gain = place === "voice" ? voice : isSilent ? 0 : loud;
      const delay = place === "voice" ? air : air + late - latency / 1000;
      sounds.push({ at: at + delay, gain, hertz: sound === "click" ? 2500 : 600 });
    },
    latency: () => latency,
    keys: () => keys,
  });
  const states: ListeningState[] = [];
  listening.changed.on((state) => states.push(state));
  const begin = 5;
  let frame = Math.ceil((begin * RATE) / BLOCK) * BLOCK;
  listening.start(seconds(begin));
  const isOver = () => ["found", "failed"].includes(listening.state.phase);
  for (; !isOver() && frame < 100 * RATE; frame += BLOCK) {
    const near = sounds.filter(({ at }) => at > frame / RATE - 0.6);
    const samples = Float32Array.from({ length: BLOCK }, (_, index) => {
      const now = (frame + index) / RATE;
      let sum = noise * (random.next() + random.next() + random.next() - 1.5);
      for (const { at, gain, hertz } of near)
        if (now >= at)
          sum += gain * Math.exp((at - now) / 0.06) * Math.sin(hertz * 6.2832 * (now - at) + 1);
      return sum;
    });
    if (!mute) listening.hear({ samples, rate: RATE, at: frame / RATE });
    listening.tick(seconds((frame + BLOCK) / RATE));
  }
  return { state: listening.state, states, played, took: frame / RATE - begin };
}

describe("listening to a machine", () => {
  it("finds how late it is to the millisecond, in twenty seconds, whatever loudspeaker and air add", () => {
    for (const [air, late, noise] of [
      [0.083, 0.037, 0.001],
      [0.21, 0.004, 0.01],
      [0.12, 0.15, 0.02],
      [0.15, -0.06, 0.001],
    ]) {
      const { state, took } = listen({ air, late, noise, seed: Math.round(1e4 * air) });
      expect(state).toMatchObject({ phase: "found", keys: undefined });
      if (state.phase !== "found") return;
      expect(state.louder).toBeCloseTo(0);
      expect(Math.abs(state.latency - 1000 * late)).toBeLessThanOrEqual(2);
      expect(state.spread).toBeLessThanOrEqual(2);
      expect(took).toBeLessThan(20);
    }
  });

  it("takes what is set already for known, and tells how loud it is", () => {
    expect(listen({ late: 0.05, latency: 40, loud: 0.4 }).state).toMatchObject({
      ...{ phase: "found", latency: 50, louder: 6 },
    });
  });

  it("finds the keys of a drum machine that sound, and asks those twice that did not", () => {
    const keys = [36, 38, 42, 46, 49];
    const { state, played } = listen({ keys, sounding: [36, 42, 49] });
    expect(state).toMatchObject({ keys: { tried: keys, silent: [38, 46] } });
    const tried = played.map(([, sound]) => sound).filter((sound) => typeof sound === "number");
    expect(tried).toEqual([...keys, 38, 46]);
  });

  it("says which was not heard, the page or the port, and what cannot be made good", () => {
    expect(listen({ voice: 0 }).state).toEqual({ phase: "failed", why: "voice" });
    expect(listen({ mute: true }).state).toEqual({ phase: "failed", why: "voice" });
    expect(listen({ loud: 0 }).state).toEqual({ phase: "failed", why: "port" });
    expect(listen({ late: 0.3 }).state).toEqual({ phase: "failed", why: "range" });
  });

  it("counts down, and ends where it is given up or refused", () => {
    const { states } = listen({});
    const left = states.flatMap((state) => (state.phase === "port" ? [state.left] : []));
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    const listening = new Listening({
      play: () => expect.unreachable("nothing is played"),
      latency: () => 0,
      keys: () => undefined,
    });
    listening.ask();
    expect(listening.state.phase).toBe("asking");
    const message = remark("microphone-missing", {});
    listening.refuse(message);
    expect(listening.state).toEqual({ phase: "refused", message });
    listening.start(seconds(1));
    listening.stop();
    listening.tick(seconds(3));
    expect(listening.state.phase).toBe("idle");
  });
});

describe("a delay that is heard", () => {
  it("is the one on which most sounds agree, in a room with other sounds", () => {
    const played = [1, 1.62, 2.37, 3.05, 3.86];
    const random = new Random(3);
    const others = Array.from({ length: 30 }, () => 5 * random.next());
    const own = played.slice(1).map((at, index) => at + 0.2 + index / 1e4);
    const heard = heardLatency(played, [...own, ...others], [0, 0.5]);
    expect(heard?.late).toBeCloseTo(0.2, 3);
    expect(heard?.heard).toHaveLength(4);
    expect(heardLatency(played, own.slice(2), [0, 0.5])).toBeUndefined();
  });
});
