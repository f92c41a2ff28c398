/** Calibrating by taps, simulated: a player who is early, wavers and slips, on a machine that is late. */
import { describe, expect, it } from "vitest";
import { type Seconds, seconds } from "#base/brand.ts";
import { threefryWord } from "#base/random.ts";
import { Calibration, type ClickPlace } from "./calibration.ts";
import { tappedLatency } from "./tapped-latency.ts";

/** A number of a bell with this deviation, by chance. */
function wavering(seed: number, index: number, deviation: number): number {
  const uniform = (lane: number) => (threefryWord(seed, 0, index, lane) + 1) / 2 ** 32;
  return deviation * Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(1));
}

/** Lets somebody tap through a calibration. @param tapOf milliseconds from a click's sound to the tap */
function calibrate(
  late: number,
  tapOf: (click: number, place: ClickPlace) => number | undefined,
  latency = 0,
) {
  const clicks: { place: ClickPlace; at: Seconds }[] = [];
  const due: number[] = [];
  const calibration = new Calibration({
    click: (place, at) => {
      const sounds = 1000 * at + (place === "port" ? late - latency : 0);
      const tap = tapOf(clicks.length, place);
      if (tap !== undefined) due.push(sounds + tap);
      clicks.push({ place, at });
    },
    toMilliseconds: (at) => 1000 * at,
    latency: () => latency,
  });
  let now = 3;
  calibration.start(seconds(now));
  for (; calibration.isOn && now < 60; now += 0.025) {
    for (const tap of due.filter((time) => time <= 1000 * now)) {
      due.splice(due.indexOf(tap), 1);
      calibration.tap(tap);
    }
    calibration.tick(seconds(now));
  }
  return { state: calibration.state, clicks, length: now - 3 };
}

describe("calibrating by taps", () => {
  it("finds a machine's latency whatever the hand's own is, within 8 ms in nine of ten", () => {
    let close = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const late = (seed * 17) % 150;
      const { state } = calibrate(late, (click) => -45 + wavering(seed, click, 12));
      if (state.phase === "found" && Math.abs(state.latency - late) <= 8) close++;
    }
    expect(close).toBeGreaterThanOrEqual(36);
  });

  it("forgives slips and taps that are left out", () => {
    const { state } = calibrate(30, (click) => {
      if (click % 7 === 3) return undefined;
      return click % 6 === 1 ? 190 : -20;
    });
    expect(state).toMatchObject({ phase: "found", latency: 30 });
  });

  it("takes what is set already for known, and machines that are early", () => {
    expect(calibrate(80, () => 5, 60).state).toMatchObject({ phase: "found", latency: 80 });
    expect(calibrate(-35, () => 5).state).toMatchObject({ phase: "found", latency: -35 });
  });

  it("takes twenty seconds and plays twenty clicks on each", () => {
    const { clicks, length } = calibrate(10, () => 0);
    expect(clicks.filter(({ place }) => place === "voice")).toHaveLength(20);
    expect(clicks).toHaveLength(40);
    for (let i = 1; i < 20; i++) expect(clicks[i].at - clicks[i - 1].at).toBeCloseTo(0.5, 9);
    expect(length).toBeLessThan(23);
  });

  it("offers nothing where taps do not agree, or nobody taps", () => {
    expect(calibrate(10, () => undefined).state).toEqual({ phase: "failed", why: "taps" });
    expect(calibrate(10, (click) => (click < 5 ? 0 : undefined)).state.phase).toBe("failed");
    expect(tappedLatency([0, 500, 1000], [10, 510, 1010], 500)).toBeUndefined();
  });

  it("offers nothing that cannot be made good", () => {
    expect(calibrate(230, () => 0, 0).state).toEqual({ phase: "failed", why: "range" });
  });
});
