import { describe, expect, it } from "vitest";
import { fakeJam } from "#engine/testing/fake-jam.ts";
import { BANKS, type BankSlots, Banks } from "./banks.ts";
import { keptPerformance } from "./kept-performance.ts";
import { withControls, withStrip } from "./performance.ts";

describe("Banks", () => {
  it("keep eight performances, tell of every change, and come back from a store as they were", () => {
    const first = fakeJam().session.performance;
    const banks = new Banks();
    const told: BankSlots[] = [];
    banks.changed.on((slots) => told.push(slots));
    const kept = withStrip(
      withControls(first, { lead: 4, tempo: 77, key: { tonic: 3, scale: "blues" }, grid: "1/16" }),
      2,
      { muted: true, pan: -0.4, limits: { polyphony: 1 } },
    );
    banks.keep(7, kept);
    banks.keep(0, first);
    banks.keep(0, undefined);
    expect(told).toHaveLength(3);
    expect(banks.state).toEqual([...new Array(BANKS - 1).fill(undefined), kept]);
    expect(() => banks.keep(8, kept)).toThrow("bank 8");
    const text = JSON.parse(JSON.stringify(banks.state)) as unknown[];
    const again = new Banks();
    again.restore(text.map((slot) => (slot === null ? undefined : keptPerformance(slot, first))));
    expect(again.state).toEqual(banks.state);
  });
});
