import { describe, expect, it } from "vitest";
import { STEPS_PER_BAR } from "#music/units.ts";
import { RollReach, reachFor } from "./roll-reach.ts";

const place = (step: number, ahead: number) => ({
  step,
  committedStep: step + 8,
  plannedStep: step + ahead,
});

describe("reachFor", () => {
  it.each([20, 60, 100, 150, 300, 1000])("lets a plan of %d steps fill its room", (ahead) => {
    const { bars, playhead } = reachFor(ahead, 12);
    const room = (1 - playhead) * bars * STEPS_PER_BAR;
    if (bars < 12) expect(room).toBeGreaterThanOrEqual(ahead);
    // Beyond the fewest bars, no more than one bar's share stays empty.
    if (bars > 4) expect(room - ahead).toBeLessThan(STEPS_PER_BAR);
  });
});

describe("RollReach", () => {
  it("keeps its scale while the plan is taken back and composed again", () => {
    const reach = new RollReach();
    const before = reach.at(place(64, 70), 12);
    for (let step = 65; step < 160; step++) {
      expect(reach.at(place(step, step % 40 < 10 ? 8 : 70), 12)).toEqual(before);
    }
  });

  it("grows and shrinks at bar lines alone, and shrinks after two short bars", () => {
    const reach = new RollReach();
    const widest: number[] = [];
    for (let step = 0; step < 12 * STEPS_PER_BAR; step++) {
      widest.push(reach.at(place(step, step >= 40 && step < 120 ? 140 : 50), 12).bars);
    }
    const changes = widest.flatMap((bars, step) =>
      step > STEPS_PER_BAR && bars !== widest[step - 1] ? [step] : [],
    );
    expect(changes).toEqual([64, 160]);
    expect(Math.max(...widest)).toBe(11);
    expect(widest.at(-1)).toBe(4);
  });

  it("fits anew when the roll gets another width", () => {
    const reach = new RollReach();
    expect(reach.at(place(300, 200), 12).bars).toBe(12);
    expect(reach.at(place(301, 200), 4).bars).toBe(4);
  });
});
