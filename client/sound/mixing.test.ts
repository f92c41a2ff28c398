import { describe, expect, it } from "vitest";
import { ROOM_TAIL, roomImpulse } from "./impulse.ts";
import { LIMITER_CEILING, LIMITER_KNEE, LIMITER_RANGE, limit, limiterCurve } from "./limiter.ts";
import { decibels } from "./testing/spectrum.ts";

describe("the limiter", () => {
  it("leaves alone what is below the knee and never reaches 1", () => {
    for (let amplitude = -8; amplitude <= 8; amplitude += 0.01) {
      const limited = limit(amplitude);
      expect(Math.abs(limited)).toBeLessThanOrEqual(LIMITER_CEILING);
      if (Math.abs(amplitude) <= LIMITER_KNEE) expect(limited).toBe(amplitude);
      expect(limited).toBeCloseTo(-limit(-amplitude), 12);
      expect(limit(amplitude + 0.01)).toBeGreaterThanOrEqual(limited);
    }
  });

  it("has its curve's zero in the middle, so silence stays silent", () => {
    const curve = limiterCurve();
    expect(curve.length % 2).toBe(1);
    expect(curve[(curve.length - 1) / 2]).toBe(0);
    expect(curve[curve.length - 1]).toBeCloseTo(limit(LIMITER_RANGE), 6);
  });
});

describe("the room", () => {
  const [left, right] = roomImpulse(44_100);

  it("is the same every time, of unit energy, different left and right", () => {
    const [again] = roomImpulse(44_100);
    expect(again.every((sample, frame) => sample === left[frame])).toBe(true);
    for (const channel of [left, right]) {
      const energy = channel.reduce((sum, sample) => sum + sample * sample, 0);
      expect(energy).toBeCloseTo(1, 5);
    }
    const common = left.reduce((sum, sample, frame) => sum + sample * right[frame], 0);
    expect(Math.abs(common)).toBeLessThan(0.5);
  });

  it("begins after the predelay, decays all the way and ends in silence", () => {
    expect(left.length).toBe(Math.round(ROOM_TAIL * 44_100));
    expect(left.subarray(0, 700).every((sample) => sample === 0)).toBe(true);
    const windows = [0.1, 0.5, 1, 1.5, 2].map((time) =>
      decibels(left.subarray(time * 44_100, (time + 0.1) * 44_100)),
    );
    for (let index = 1; index < windows.length; index++) {
      expect(windows[index]).toBeLessThan(windows[index - 1] - 8);
    }
    expect(Math.abs(left[left.length - 1])).toBeLessThan(1e-6);
  });
});
