import { describe, expect, it } from "vitest";
import { MetreMap, parseMetre } from "#music/metre.ts";
import { STEPS_PER_WHOLE } from "#music/units.ts";
import { RollReach, reachFor } from "./roll-reach.ts";

const place = (step: number, ahead: number) => ({
  step,
  committedStep: step + 8,
  plannedStep: step + ahead,
});

const COMMON = new MetreMap();

describe("reachFor", () => {
  it.each([20, 60, 100, 150, 300, 1000])("lets a plan of %d steps fill its room", (ahead) => {
    const { wholes, playhead } = reachFor(ahead, 12);
    const room = (1 - playhead) * wholes * STEPS_PER_WHOLE;
    if (wholes < 12) expect(room).toBeGreaterThanOrEqual(ahead);
    // Beyond the fewest, no more than one whole note's share stays empty.
    if (wholes > 4) expect(room - ahead).toBeLessThan(STEPS_PER_WHOLE);
  });
});

describe("RollReach", () => {
  it("keeps its scale while the plan is taken back and composed again", () => {
    const reach = new RollReach();
    const before = reach.at(place(64, 70), COMMON, 12);
    for (let step = 65; step < 160; step++) {
      expect(reach.at(place(step, step % 40 < 10 ? 8 : 70), COMMON, 12)).toEqual(before);
    }
  });

  it("grows and shrinks at bar lines alone, and shrinks after two short bars", () => {
    const reach = new RollReach();
    const widest: number[] = [];
    for (let step = 0; step < 12 * STEPS_PER_WHOLE; step++) {
      widest.push(reach.at(place(step, step >= 40 && step < 120 ? 140 : 50), COMMON, 12).wholes);
    }
    const changes = widest.flatMap((wholes, step) =>
      step > STEPS_PER_WHOLE && wholes !== widest[step - 1] ? [step] : [],
    );
    expect(changes).toEqual([64, 160]);
    expect(Math.max(...widest)).toBe(11);
    expect(widest.at(-1)).toBe(4);
  });

  it("shows bars to come where the chart is looked at, and never more than fit", () => {
    const reach = new RollReach();
    const { wholes, playhead } = reach.at(place(64, 70), COMMON, 12, true);
    // A bar beyond the usual plan of two, and no room that stays empty beyond that.
    expect((1 - playhead) * wholes).toBeGreaterThan(2.5);
    expect((1 - playhead) * wholes).toBeLessThan(3.5);
    expect(reach.at(place(65, 70), COMMON, 4, true).wholes).toBe(4);
  });

  it("knows the bar lines of every metre", () => {
    const reach = new RollReach();
    const waltz = MetreMap.of(parseMetre("3/4"));
    const widest = Array.from({ length: 300 }, (_, step) =>
      reach.at(place(step, step >= 40 && step < 100 ? 140 : 50), waltz, 12),
    );
    const changes = widest.flatMap(({ wholes }, step) =>
      step > 24 && wholes !== widest[step - 1].wholes ? [step] : [],
    );
    expect(changes).toEqual([48, 144]);
  });

  it("fits anew when the roll gets another width", () => {
    const reach = new RollReach();
    expect(reach.at(place(300, 200), COMMON, 12).wholes).toBe(12);
    expect(reach.at(place(301, 200), COMMON, 4).wholes).toBe(4);
  });
});
