import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { DRUMS } from "#music/instrument.ts";
import { playerContract } from "#players/testing/player-contract.ts";
import { Recorder } from "#players/testing/recorder.ts";
import { parseKit } from "#sound/kit.ts";
import { centsOff, decibels, onset, peak } from "#sound/testing/spectrum.ts";
import { TonePlayer } from "./tone-player.ts";

const folder = "/presets/kits/general";
const fetchBytes = async (file: string) => (await fetch(`${folder}/${file}`)).arrayBuffer();
const kit = parseKit(await (await fetch(`${folder}/kit.json`)).text());

async function liveStage() {
  const player = new TonePlayer(kit, fetchBytes);
  await player.unlock();
  const now = () => player.now;
  const pass = async (duration: number) => {
    const wait = (delay: number) => new Promise((later) => setTimeout(later, delay));
    if (player.context.state === "closed") await wait(duration * 1000);
    const until = now() + duration;
    while (player.context.state !== "closed" && now() < until) await wait(5);
  };
  const sounding = () => (player.context.state === "closed" ? 0 : player.band.voiceCount());
  return { player, now, pass, sounding, strike: async () => player.dispose() };
}

playerContract("TonePlayer", liveStage);

describe("TonePlayer", () => {
  it("starts notes within 5 ms of their time, sampled and in tune, and meters them", async () => {
    const { player, now, pass, strike } = await liveStage();
    await Promise.all([player.load(8), player.load(DRUMS)]);
    const recorder = await Recorder.start(player.context, player.band.output);
    await pass(0.1);
    const start = now() + 0.4;
    for (const beat of [0, 1, 2, 3]) {
      const timing = { start: seconds(start + beat * 0.3), length: seconds(0.1) };
      player.play({ instrument: DRUMS, pitch: 37, velocity: 100, ...timing });
    }
    const flute = { instrument: 8, pitch: 76, velocity: 90 };
    player.play({ ...flute, start: seconds(start + 1.5), length: seconds(2) });
    player.level(8); // the meter listens from its first question on
    await pass(2.6);
    expect(player.level(8)).toBeGreaterThan(0.01);
    await pass(1.4);
    for (const beat of [0, 1, 2, 3]) {
      const from = start + beat * 0.3 - 0.05;
      const heard = recorder.between(from, from + 0.2);
      const at = onset(heard, peak(heard) / 4) / player.context.sampleRate - 0.05;
      expect(Math.abs(at)).toBeLessThan(0.005);
    }
    const tone = recorder.between(start + 1.4, start + 3.4);
    expect(Math.abs(centsOff(tone, player.context.sampleRate, 76))).toBeLessThan(10);
    recorder.stop();
    await strike();
  });

  it("is silent within a third of a second of silence(), room and all", async () => {
    const { player, now, pass, strike } = await liveStage();
    const recorder = await Recorder.start(player.context, player.band.output);
    for (let pitch = 40; pitch < 90; pitch += 3) {
      const timing = { start: seconds(now() + 0.05), length: seconds(20) };
      player.play({ instrument: 10, pitch, velocity: 110, ...timing });
    }
    await pass(0.6);
    player.silence();
    const stopped = now();
    await pass(1);
    expect(decibels(recorder.between(stopped - 0.2, stopped))).toBeGreaterThan(-40);
    expect(decibels(recorder.between(stopped + 0.35, stopped + 0.9))).toBeLessThan(-90);
    recorder.stop();
    await strike();
  });

  it("goes on at the next gesture after the system has suspended it (audio-context-suspended)", async () => {
    const { player, strike } = await liveStage();
    const told: (string | undefined)[] = [];
    player.watch.watch({ gestures: window, page: document }, (remark) => told.push(remark?.code));
    await player.context.suspend();
    await expect.poll(() => told.at(-1)).toBe("sound-taken-away");
    const stopped = player.now;
    dispatchEvent(new Event("pointerdown"));
    await expect.poll(() => player.now).toBeGreaterThan(stopped);
    await expect.poll(() => told.at(-1)).toBeUndefined();
    await strike();
  });

  it("maps audio time to performance time, a second to a second", async () => {
    const { player, pass, strike } = await liveStage();
    await pass(0.2);
    const [one, two] = [10, 11].map((time) => player.clock.toMilliseconds(seconds(time)));
    expect(Number.isFinite(one)).toBe(true);
    // No stamp lies between the two, or the median of the stamps has moved by it.
    expect(Math.round((two - one) / 100)).toBe(10);
    await strike();
  });
});
