import { describe, expect, it } from "vitest";
import { seconds } from "#base/brand.ts";
import { Random } from "#base/random.ts";
import { AudioClock } from "./audio-clock.ts";

const at = (time: number) => seconds(time);

describe("AudioClock", () => {
  it("maps through the output's timestamp", () => {
    const stamp = { contextTime: 10, performanceTime: 2000 };
    const context = { currentTime: 10.05, state: "running", getOutputTimestamp: () => stamp };
    const clock = new AudioClock(context, () => 2003);
    expect(clock.toMilliseconds(at(10.5))).toBeCloseTo(2500, 6);
    expect(clock.now).toBe(10.05);
  });

  it("is not thrown off by single late stamps, and glides where the output has lost time for good", () => {
    let [contextTime, now, lost] = [1, 0, 0];
    const context = {
      currentTime: 0,
      state: "running",
      getOutputTimestamp: () => ({
        contextTime,
        performanceTime: 1000 + contextTime * 1000 + lost,
      }),
    };
    const clock = new AudioClock(context, () => now);
    const step = (late: number) => {
      contextTime += 0.025;
      now += 25;
      lost = late;
      return clock.toMilliseconds(at(2));
    };
    for (let tick = 0; tick < 30; tick++) step(0);
    expect(step(8)).toBeCloseTo(3000, 6);
    expect(step(5)).toBeCloseTo(3000, 6);
    // Measured in Chromium on a busy machine: 20 ms at once.
    const mapped = Array.from({ length: 200 }, () => step(20));
    expect(mapped.at(-1)).toBeCloseTo(3020, 6);
    const moves = mapped.slice(1).map((told, index) => told - mapped[index]);
    expect(Math.max(...moves)).toBeLessThan(0.251); // of 25
    expect(mapped.findIndex((told) => told > 3019.9)).toBeLessThan(100); // 2.5 s
    for (let tick = 0; tick < 30; tick++) step(2000);
    expect(step(2000)).toBeCloseTo(5000, 6); // the machine slept
  });

  it("spreads by less than 2 ms where a tenth of the stamps is late by up to 10", () => {
    const noise = new Random(5);
    let contextTime = 1;
    let performanceTime = 0;
    const context = {
      currentTime: 0,
      state: "running",
      getOutputTimestamp: () => ({ contextTime, performanceTime }),
    };
    const clock = new AudioClock(context, () => 0);
    const mapped: number[] = [];
    for (let tick = 0; tick < 200; tick++) {
      contextTime += 0.025;
      const late = noise.integer(10) === 0 ? noise.integer(10) : noise.integer(1000) / 1000;
      performanceTime = 1000 + contextTime * 1000 + late;
      mapped.push(clock.toMilliseconds(at(10)));
    }
    const settled = mapped.slice(21);
    expect(Math.max(...settled) - Math.min(...settled)).toBeLessThan(2);
  });

  it.each([
    ["before the first output", "running", { contextTime: 0, performanceTime: 0 }],
    [
      "while suspended, when the last stamp is old",
      "suspended",
      { contextTime: 1, performanceTime: 9 },
    ],
  ])("falls back %s", (_, state, stamp) => {
    const times = { currentTime: 4, baseLatency: 0.01, outputLatency: 0.03 };
    const clock = new AudioClock({ ...times, state, getOutputTimestamp: () => stamp }, () => 700);
    expect(clock.toMilliseconds(at(4.1))).toBeCloseTo(700 + 100 + 40, 6);
  });

  it("does without getOutputTimestamp", () => {
    const clock = new AudioClock({ currentTime: 4, state: "running" }, () => 700);
    expect(clock.toMilliseconds(at(4.1))).toBeCloseTo(800, 6);
  });
});
