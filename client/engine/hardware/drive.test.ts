import { describe, expect, it } from "vitest";
import { keptRoute } from "#engine/jam/kept-route.ts";
import { midiRoute } from "#engine/jam/route.ts";
import { type Charted, type Drive, driveMessages, driverAt } from "./drive.ts";

const DRIVE: Drive = {
  driver: "energy",
  controller: 74,
  fine: undefined,
  lowest: 20,
  highest: 120,
};

/** Energies of bars; sections of four. */
const chartOf = (energies: readonly (number | undefined)[]): Charted => ({
  bar: (index) => ({ energy: energies[index], density: 7 }),
  sectionAt: (index) => ({ first: index - (index % 4), bars: 4 }),
});

describe("a driven controller", () => {
  it("goes from bar to bar without a jump, and keeps within its ends", () => {
    const chart = chartOf([0, 7, 7, undefined, 2]);
    let before = driverAt("energy", chart, 0, 0);
    for (let at = 0; at < 4; at += 1 / 64) {
      const share = driverAt("energy", chart, Math.floor(at), at % 1);
      expect(Math.abs(share - before)).toBeLessThanOrEqual(1 / 64 + 1e-9);
      const [[controller, value]] = driveMessages(DRIVE, share);
      expect(controller).toBe(74);
      expect(value).toBeGreaterThanOrEqual(20);
      expect(value).toBeLessThanOrEqual(120);
      before = share;
    }
    expect(driverAt("energy", chart, 3, 0)).toBe(0.5);
  });

  it("follows a section's course, and goes backwards where it is told so", () => {
    const chart = chartOf([]);
    const shares = [0, 1, 2, 3].map((bar) => driverAt("section", chart, bar, 0.5));
    expect(shares).toEqual([0.125, 0.375, 0.625, 0.875]);
    expect(driverAt("density", chart, 0, 0.3)).toBe(1);
    const back = { ...DRIVE, lowest: 127, highest: 0 };
    expect(driveMessages(back, 1)).toEqual([[74, 0]]);
    expect(driveMessages({ ...DRIVE, fine: 106, lowest: 0, highest: 127 }, 0.5)).toEqual([
      [74, 63],
      [106, 64],
    ]);
  });

  it("comes back with its route, and not where it is broken", () => {
    const route = midiRoute(3, "Synth", { drives: [DRIVE, { ...DRIVE, fine: 106 }] });
    expect(keptRoute(JSON.parse(JSON.stringify(route)), 3)).toEqual(route);
    const broken = {
      ...route,
      drives: [{ driver: "tempo", controller: 3 }, 7, { driver: "energy" }],
    };
    expect(keptRoute(broken, 3)).toMatchObject({ drives: [] });
    expect(keptRoute({ ...route, drives: undefined }, 3)).toMatchObject({ drives: [] });
  });
});
