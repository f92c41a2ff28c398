import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Note } from "#music/note.ts";
import { PAST_STEPS, Plan } from "./plan.ts";

const noteAt = (onset: number, duration = 4): Note => ({
  instrument: 0,
  pitch: 60,
  velocity: 90,
  onset,
  duration,
});
const onsets = (notes: readonly Note[]) => notes.map(({ onset }) => onset);

function planOf(...at: readonly number[]): Plan {
  const plan = new Plan();
  plan.add(at.map((onset) => noteAt(onset)));
  return plan;
}

describe("Plan", () => {
  it("is complete up to its newest onset, and hands each note out once", () => {
    const plan = planOf(0, 8, 8, 16);
    expect(plan.composedUntil).toBe(16);
    expect(onsets(plan.take(9))).toEqual([0, 8, 8]);
    expect(onsets(plan.take(9))).toEqual([]);
    expect(plan.hasNext).toBe(true);
    expect(onsets(plan.take(100))).toEqual([16]);
    expect(plan.hasNext).toBe(false);
    expect(onsets(plan.notes)).toEqual([0, 8, 8, 16]);
  });

  it("drops what is planned from a step on, but nothing that was handed out", () => {
    const plan = planOf(0, 8, 16, 24);
    plan.take(17);
    plan.dropFrom(4);
    expect(onsets(plan.notes)).toEqual([0, 8, 16]);
    expect(plan.composedUntil).toBe(16);
    plan.dropFrom(100);
    expect(plan.composedUntil).toBe(16);
    const fresh = planOf(0, 8, 16, 24);
    fresh.dropFrom(9);
    expect([onsets(fresh.notes), fresh.composedUntil]).toEqual([[0, 8], 8]);
    fresh.dropFrom(0);
    expect([onsets(fresh.notes), fresh.composedUntil, fresh.hasNext]).toEqual([[], 0, false]);
  });

  it("hands out again what a stop cut short, and never what was not reached", () => {
    const plan = planOf(0, 8, 16, 24);
    plan.take(17);
    plan.rewind(6);
    expect(onsets(plan.take(17))).toEqual([8, 16]);
    plan.rewind(20);
    expect(onsets(plan.take(100))).toEqual([24]);
    plan.rewind(100);
    expect(plan.hasNext).toBe(false);
  });

  it("forgets what was played long ago, in batches, and goes on where it was", () => {
    const plan = new Plan();
    plan.add(Array.from({ length: 1000 }, (_, index) => noteAt(index * 8)));
    plan.take(6001);
    plan.forgetBefore(6000);
    expect(plan.notes[0].onset + plan.notes[0].duration).toBeGreaterThanOrEqual(6000 - PAST_STEPS);
    expect(plan.notes.length).toBeLessThan(1000);
    expect(onsets(plan.take(6017))).toEqual([6008, 6016]);
    plan.clear();
    expect([plan.notes.length, plan.composedUntil, plan.hasNext]).toEqual([0, 0, false]);
  });

  it("whatever happens, hands out every note in order, and none that was dropped before", () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant("add"), steps: fc.integer({ min: 0, max: 12 }) }),
      fc.record({ kind: fc.constant("take"), steps: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ kind: fc.constant("drop"), steps: fc.integer({ min: 0, max: 30 }) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const plan = new Plan();
        const handed: number[] = [];
        let taken = 0;
        for (const { kind, steps } of acts) {
          if (kind === "add") plan.add([noteAt(plan.composedUntil + steps)]);
          else if (kind === "take") {
            taken += steps;
            handed.push(...onsets(plan.take(taken)));
          } else plan.dropFrom(taken + steps);
        }
        expect(handed).toEqual([...handed].sort((a, b) => a - b));
        expect(onsets(plan.notes).slice(0, handed.length)).toEqual(handed);
      }),
    );
  });
});
